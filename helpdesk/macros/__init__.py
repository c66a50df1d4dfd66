"""Macros: an answer and changes of a ticket, done by one call."""
