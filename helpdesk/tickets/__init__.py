"""The ticket: one customer matter, from the first word to the last."""
