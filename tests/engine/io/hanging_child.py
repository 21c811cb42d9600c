"""A decoder that never answers."""

import sys
import time

sys.stdout.write("GENU-DECODE-1\n")
sys.stdout.flush()
time.sleep(60)
