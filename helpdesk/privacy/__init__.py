"""What becomes of what the desk knows of people."""
