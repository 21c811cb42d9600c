"""A decoder that aborts, as python-gdcm does on some files."""

import os
import resource
import sys

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
sys.stdout.write("GENU-DECODE-1\n")
sys.stdout.flush()
os.abort()
