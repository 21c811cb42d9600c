"""What a person starts: the command line today, the desktop later. Nothing below imports this."""
