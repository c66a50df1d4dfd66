"""Organizations whose people sign in at the portal where they sign in anyway: OpenID Connect, one provider an organization."""
