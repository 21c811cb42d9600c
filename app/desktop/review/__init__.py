"""The Review step: planes, 3-D, and the bones over the films."""
