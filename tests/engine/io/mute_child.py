"""A decoder that never becomes ready."""

import time

time.sleep(60)
