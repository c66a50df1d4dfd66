"""The API of agents, supervisors and admins."""
