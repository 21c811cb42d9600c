"""The process that decodes untrusted files: `python -m engine.io.decode_child KIND BYTES SECONDS`.

KIND is film or slice; BYTES and SECONDS bound address space and, from MAGIC on, processor time. Standard output: MAGIC
once it is ready, then for each path a length (8 bytes, little endian), a JSON object of that length, and, unless it is
a refusal, the pixels it describes. Standard input: paths, separated by NUL. What goes wrong otherwise ends the process;
the parent knows from the missing record which file it was. The parent discards standard error: a traceback could name a
patient.
"""

from __future__ import annotations

import json
import os
import sys
import time
from math import ceil

from engine.domain import RefusedInput
from engine.io.limits import MAGIC


def main() -> None:
    """Serve the paths on standard input, then end."""
    kind, address_space, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    sys.modules["requests"] = None  # type: ignore[assignment]  # pydicom would load it for downloads (60 ms)
    from engine.io.decode_file import decode_file

    _limit_process(address_space, seconds)
    out = sys.stdout.buffer
    out.write(MAGIC)
    out.flush()
    for path in filter(None, sys.stdin.buffer.read().split(b"\0")):
        try:
            record, pixels = decode_file(os.fsdecode(path), kind)
        except RefusedInput as refusal:
            record, pixels = {"refused": str(refusal)}, None
        text = json.dumps(record).encode()
        out.write(len(text).to_bytes(8, "little") + text)
        out.write(b"" if pixels is None else pixels.tobytes())
        out.flush()


def _limit_process(address_space: int, seconds: int) -> None:
    """Bound memory, and processor time from now on; no core dumps, which would hold patients' pixels.

    Windows has no such limits; there the parent's clock alone holds.
    """
    if sys.platform == "win32":
        return
    import resource

    seconds += ceil(time.process_time())
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
