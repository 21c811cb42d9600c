"""Reformatted planes through the CT."""
