"""Telling systems outside what happens to tickets."""
