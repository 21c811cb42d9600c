"""A film on the screen: pixels, window, tools, and what lies over it."""
