"""Checklists: what is to be done each time, kept once and put on tickets as tasks."""
