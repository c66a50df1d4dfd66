"""Sends the mails that a ticket's events call for."""
