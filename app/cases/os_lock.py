"""Locks that the operating system drops when their holder dies, however it dies."""

from __future__ import annotations

import os
import sys

_READERS = 64  # on Windows: so many can share a lock

if sys.platform == "win32":
    import msvcrt

    def try_lock(descriptor: int, *, shared: bool) -> bool:
        """Lock an open file until it is closed; False where another holds it. Windows has no shared lock in its C
        library: a sharer locks one byte of many, a sole holder all of them."""
        places = [(at, 1) for at in range(_READERS)] if shared else [(0, _READERS)]
        for at, count in places:
            os.lseek(descriptor, at, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, count)
            except OSError:
                continue
            return True
        return False

else:
    import fcntl

    def try_lock(descriptor: int, *, shared: bool) -> bool:
        """Lock an open file until it is closed; False where another holds it. Raises OSError where locks are lacking.

        flock(2) and not lockf(3): the latter knows one holder a process, and drops its lock when any descriptor of the
        file closes. A sole holder may call again with shared=True to let others in.
        """
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
