"""Figures about the desk, kept as its events come: a report reads its buckets and no tickets."""
