"""Lets rules act: on the bus's events, and by the clock."""
