"""Puts the events of the table's stream on the bus."""
