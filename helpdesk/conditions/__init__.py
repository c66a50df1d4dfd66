"""Which tickets are meant: one language of conditions for views, and for whatever else asks that of a ticket."""
