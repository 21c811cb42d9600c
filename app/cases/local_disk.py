"""Whether a folder is on a disk of this machine. On a network drive locks and fsync may say yes and mean nothing."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

# statfs(2), f_type: file systems that live on other machines.
_NETWORK_TYPES = {
    0x6969: "NFS",
    0x517B: "SMB",
    0xFF534D42: "CIFS",
    0xFE534D42: "SMB",
    0x5346414F: "AFS",
    0x6B414653: "AFS",
    0x73757245: "Coda",
    0x564C: "NCP",
    0x01021997: "9P",
    0x00C36400: "Ceph",
    0x0BD00BD0: "Lustre",
    0x47504653: "GPFS",
    0x19830326: "BeeGFS",
    0x7461636F: "OCFS2",
    0x01161970: "GFS2",
}
_C_LIBRARY = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_FUSE = 0x65735546
_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK_FUSE = ("sshfs", "rclone", "s3fs", "gcsfuse", "davfs", "smbnetfs", "curlftpfs", "glusterfs", "goofys", "gvfsd")


def network_name(folder: Path) -> str:
    """The kind of network drive that an existing folder is on ("NFS"); empty on a local disk. Raises OSError."""
    if sys.platform == "win32":
        drive_remote = 4
        root = os.path.splitdrive(folder.resolve())[0]
        remote = root.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(root + "\\") == drive_remote
        return "network share" if remote else ""
    if sys.platform != "linux":
        return ""
    kind = _file_system_type(folder)
    return _fuse_name(folder) if kind == _FUSE else _NETWORK_TYPES.get(kind, "")


def _file_system_type(folder: Path) -> int:
    """f_type, the first member of struct statfs."""
    found = (ctypes.c_long * 64)()
    if _C_LIBRARY.statfs(os.fsencode(folder), found) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(folder))
    return found[0] & 0xFFFFFFFF


def _fuse_name(folder: Path) -> str:
    """proc(5), mountinfo: a FUSE file system is named there, and may be a local one (NTFS, exFAT)."""
    device = os.stat(folder).st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in _MOUNTS.read_text(errors="replace").splitlines():
        mount, _, kind = line.partition(" - ")
        words = kind.split()
        if mount.split()[2] == wanted and words and any(name in words[0] for name in _NETWORK_FUSE):
            return words[0].removeprefix("fuse.")
    return ""
