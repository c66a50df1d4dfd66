"""Asks requesters how it went."""
