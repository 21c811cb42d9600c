"""Cases: what is known of a knee so far, and where it is kept. No Qt, no torch."""
