"""Bulk actions: the same done to many tickets, with progress, and taken back."""
