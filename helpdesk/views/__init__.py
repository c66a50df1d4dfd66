"""Views: lists of tickets by conditions, with exact counts, and the feed of what changed."""
