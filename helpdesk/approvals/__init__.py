"""Approvals: asking colleagues and people outside for a yes, by mail and by page."""
