"""Rules that admins write: what shall happen by itself when something happens to a ticket, or when time passes."""
