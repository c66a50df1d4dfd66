"""All settings at once: every version of each, one file of all of them, and back."""
