"""Sources of knees and the files that training reads."""
