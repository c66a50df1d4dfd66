"""Learning labels of texts (a ticket's category, its group) from solved tickets: small, calibrated, explained."""
