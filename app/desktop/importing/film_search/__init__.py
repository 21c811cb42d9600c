"""Finding the knee films among whatever files and folders the planner drops. No Qt here."""
