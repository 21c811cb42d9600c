"""Help: the tour, and the list of keys."""
