"""The customers' portal: signing in by mail, and what a signed-in customer may see and do."""
