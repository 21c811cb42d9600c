"""Widgets and words that every page is put together from."""
