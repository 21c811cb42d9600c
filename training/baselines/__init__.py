"""Other people's ways from two films to bones, written here to be trained on the same cases; never shipped."""
