"""Questions that customers ask one another, and their answers."""
