"""People: those who ask (requesters) and those who answer (agents)."""
