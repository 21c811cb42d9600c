"""What the pages that show a knee share: its loader, linked planes and 3-D, their arrangement and settings."""
