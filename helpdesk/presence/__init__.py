"""Presence: who is looking at a ticket, and who is writing."""
