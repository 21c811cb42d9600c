"""Cases only on a disk of this computer."""

import os
import sys

import pytest

from app.cases import local_disk
from app.cases.store import CaseStore
from engine.domain import RefusedInput

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks as Linux does")


def _is(monkeypatch, kind):
    monkeypatch.setattr(local_disk, "_file_system_type", lambda folder: kind)


@pytest.mark.parametrize(
    ("kind", "name"),
    [(0x6969, "NFS"), (0xFF534D42, "CIFS"), (0xFE534D42, "SMB"), (0x01021997, "9P"), (0xC36400, "Ceph")],
)
def test_that_a_network_drive_is_refused_by_name(tmp_path, monkeypatch, kind, name):
    _is(monkeypatch, kind)
    with pytest.raises(RefusedInput, match=rf"is on a network drive \({name}\), where cases are not safe; choose one"):
        CaseStore(tmp_path)


@pytest.mark.parametrize("kind", [0xEF53, 0x58465342, 0x9123683E, 0x01021994, 0x2FC12FC1, 0x794C7630])
def test_that_ext4_xfs_btrfs_tmpfs_zfs_and_overlay_are_taken(tmp_path, monkeypatch, kind):
    _is(monkeypatch, kind)
    CaseStore(tmp_path).close()


@pytest.mark.parametrize(("kind", "name"), [("fuse.sshfs", "sshfs"), ("fuse.rclone", "rclone"), ("fuseblk", "")])
def test_that_fuse_is_refused_where_it_is_a_network(tmp_path, monkeypatch, kind, name):
    device = tmp_path.stat().st_dev
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 0:1 / /proc rw - proc proc rw\n"
        f"36 35 {os.major(device)}:{os.minor(device)} / /mnt rw,noatime shared:1 - {kind} x@y:/ rw\n"
    )
    monkeypatch.setattr(local_disk, "_MOUNTS", mounts)
    _is(monkeypatch, 0x65735546)
    assert local_disk.network_name(tmp_path) == name


def test_that_the_type_of_proc_and_of_this_folder_are_told(tmp_path):
    assert local_disk._file_system_type("/proc") == 0x9FA0
    assert local_disk.network_name(tmp_path) == ""
    with pytest.raises(FileNotFoundError):
        local_disk.network_name(tmp_path / "gone")
