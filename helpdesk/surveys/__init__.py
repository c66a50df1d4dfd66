"""Surveys: how it went, asked once after a ticket was solved."""
