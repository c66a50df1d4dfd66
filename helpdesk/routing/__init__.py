"""Which group and which agent a ticket goes to, and why."""
