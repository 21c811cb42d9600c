"""The Export step: bones to files."""
