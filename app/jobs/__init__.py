"""Jobs that both the command line and the desktop run: generators of Progress, no Qt."""
