"""Keeps the search's index."""
