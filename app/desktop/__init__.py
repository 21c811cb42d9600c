"""The desktop program: Qt lives in this package and nowhere else."""
