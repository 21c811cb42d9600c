"""The Plan step: measurements."""
