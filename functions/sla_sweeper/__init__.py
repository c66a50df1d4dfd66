"""Lets time do its work: warnings, breaches, surveys, closings."""
