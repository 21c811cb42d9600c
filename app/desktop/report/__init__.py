"""The PDF report of a case."""
