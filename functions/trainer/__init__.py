"""Trains the learned triage."""
