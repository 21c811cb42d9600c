"""What one file may cost. A file that would need more is refused or its decoding child is ended."""

FILE_BYTES = 256 << 20
PIXELS = 64_000_000  # a stitched leg film of 3,500 x 12,000 fits
SHORTEST_EDGE = 32
INFLATED_BYTES = 2 * PIXELS + (1 << 20)  # deflated transfer syntax: 16-bit pixels and a header
CHILD_ADDRESS_SPACE = 2 << 30
CHILD_STARTING_SECONDS = 30.0  # until a child is ready; only then does the time of its films begin
CHILD_SECONDS = 10.0
CHILD_SECONDS_PER_SLICE = 0.1

MAGIC = b"GENU-DECODE-1\n"  # what a decoding child says first
