"""A decoder on a busy machine: it takes a while to be ready, and then decodes."""

import time

from engine.io.decode_child import main

time.sleep(4.0)
main()
