"""The stacks: one, so that a deployment rolls forward and back as a whole."""
