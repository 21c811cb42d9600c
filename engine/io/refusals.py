"""One shape for every refusal of a file: its name, the reason, what to do."""

from engine.domain import RefusedInput


def refused(name: str, reason: str, remedy: str) -> RefusedInput:
    """The error to raise for the file `name` (no folder): '<name> <reason>; <remedy>'."""
    return RefusedInput(f"{name} {reason}; {remedy}")
