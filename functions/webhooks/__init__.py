"""Calls systems outside."""
