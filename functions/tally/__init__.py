"""Keeps the numbers of people and organizations."""
