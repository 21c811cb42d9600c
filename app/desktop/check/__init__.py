"""The Check step: side, view and scale, each settled by somebody."""
