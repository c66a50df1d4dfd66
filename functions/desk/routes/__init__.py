"""The agents' endpoints, a module a subject."""
