"""Drafts: what agents are writing, kept on the server."""
