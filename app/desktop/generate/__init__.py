"""The Generate step: a model, how it is run, and the knee as it forms."""
