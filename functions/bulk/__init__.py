"""Works bulk actions off."""
