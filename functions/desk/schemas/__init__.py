"""What the agents' endpoints take and give, as JSON."""
