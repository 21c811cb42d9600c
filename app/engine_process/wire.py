"""Messages on a pipe. Large arrays and files pass without being held twice, and reading them lets other threads run.

Pickle, since both ends are this program; what comes from outside (films, models) never arrives as one. Values of the
domain are made anew by their constructors, so that they are checked and read-only on the other side too.
"""

from __future__ import annotations

import pickle
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import IO, Any

# The other end is gone, perhaps in the middle of a message.
GONE = (EOFError, OSError, pickle.UnpicklingError)


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, MappingProxyType):
            return dict, (dict(value),)
        if is_dataclass(value) and not isinstance(value, type):
            return type(value), tuple(getattr(value, field.name) for field in fields(value))
        return NotImplemented


def send(stream: IO[bytes], message: object) -> None:
    """Write a message. Raises OSError when nobody reads any more."""
    _Pickler(stream, protocol=5).dump(message)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next message. Raises one of GONE when there will be none."""
    return pickle.load(stream)  # noqa: S301  the other end is this program
