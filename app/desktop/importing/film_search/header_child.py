"""The process that reads the headers of many untrusted files: `python -m …film_search.header_child SECONDS`.

Standard input: paths, separated by NUL. Standard output: one JSON line for each, in their order: {"refused": sentence},
or what the header says of a film that may be decoded. Pixels are not touched here. A file that ends this process has no
line, which tells the parent which one it was. Standard error is discreet about names: the parent discards it.
"""

from __future__ import annotations

import json
import os
import resource
import stat
import sys

from engine.domain import RefusedInput
from engine.io.formats import picture_format
from engine.io.limits import CHILD_ADDRESS_SPACE, FILE_BYTES
from engine.io.refusals import refused

Line = dict[str, str]


def main() -> None:
    """Serve the paths on standard input, then end."""
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_ADDRESS_SPACE, CHILD_ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]), int(sys.argv[1])))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.modules["requests"] = None  # type: ignore[assignment]  # pydicom would load it for downloads (60 ms)
    for path in filter(None, sys.stdin.buffer.read().split(b"\0")):
        try:
            line = read_header(os.fsdecode(path))
        except RefusedInput as refusal:
            line = {"refused": str(refusal)}
        except Exception as fault:  # noqa: BLE001  # a damaged header; this process is there to meet them
            name = os.path.basename(os.fsdecode(path))
            line = {"refused": str(refused(name, f"is damaged ({type(fault).__name__})", "export it again"))}
        print(json.dumps(line), flush=True)


def read_header(path: str) -> Line:
    """What a file's first bytes say: its format, and of DICOM the modality, body part and study date.

    Raises RefusedInput for what is no film, and whatever pydicom meets in a damaged header.
    """
    name = os.path.basename(path)
    _check_file(path, name)
    with open(path, "rb") as file:
        start = file.read(132)
    if word := picture_format(start):
        return {"format": word}
    if start[128:132] != b"DICM":
        raise refused(name, "is neither a DICOM file nor a picture", "choose a radiograph: DICOM, PNG, TIFF or JPEG")
    return _dicom(path, name)


def _check_file(path: str, name: str) -> None:
    try:
        status = os.stat(path)
        readable = os.access(path, os.R_OK)
    except OSError as error:
        raise refused(name, f"cannot be read ({error.strerror})", "check the path and its permissions") from error
    if not stat.S_ISREG(status.st_mode):
        raise refused(name, "is not a file", "choose the film's own file")
    if not readable:
        raise refused(name, "cannot be read (permission is denied)", "ask its owner for permission, or copy it")
    if status.st_size == 0:
        raise refused(name, "is empty", "copy or export it again")
    if status.st_size > FILE_BYTES:
        raise refused(name, f"has more than {FILE_BYTES >> 20} MiB", "choose a single film")


def _dicom(path: str, name: str) -> Line:
    from pydicom import dcmread
    from pydicom.filereader import read_file_meta_info

    from engine.io.header import DEFLATED, read_facts
    from engine.io.kinds import check_kind

    if str(read_file_meta_info(path).get("TransferSyntaxUID", "")) == DEFLATED:
        return {"format": "DICOM"}  # inflating has a budget where films are decoded
    facts = read_facts(dcmread(path, stop_before_pixels=True), name)
    check_kind(facts, "film", name)
    wanted = ("Modality", "BodyPartExamined", "StudyDate")
    return {"format": "DICOM"} | {keyword: str(facts[keyword]) for keyword in wanted if keyword in facts}


if __name__ == "__main__":
    main()
