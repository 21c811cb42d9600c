"""The two ways a job may end early, told apart because the command line answers them differently."""


class RefusedInput(ValueError):
    """What the user gave cannot be used. One sentence: which file or value, why, and what to do. Exit status 2."""


class MachineFailure(RuntimeError):
    """The input was fine and this machine failed (disk, memory, driver). One sentence. Exit status 1."""


class DamagedModel(MachineFailure):
    """A model bundle is not what its manifest says."""
