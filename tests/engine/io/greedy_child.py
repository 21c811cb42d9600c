"""A decoder that wants more memory than the child's limit."""

import sys

from engine.io.decode_child import _limit_process

_limit_process(int(sys.argv[2]), int(sys.argv[3]))
sys.stdout.write("GENU-DECODE-1\n")
sys.stdout.flush()
hoard = bytearray(int(sys.argv[2]))
