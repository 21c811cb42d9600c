"""The Import step: films found, two of them chosen, a case made of them."""
