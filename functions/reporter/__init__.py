"""Keeps the figures of reports."""
