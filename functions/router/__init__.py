"""Gives new tickets a group and an agent."""
