"""Training itself: batches, loss, optimiser, averages, checkpoints, log."""
