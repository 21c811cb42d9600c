"""The commands of `genu train`."""

from training.cli.program import add_train_command

__all__ = ["add_train_command"]
