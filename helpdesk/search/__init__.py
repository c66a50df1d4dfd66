"""Finding texts by their words, in Korean, Japanese and English: tickets, and whatever else a desk writes."""
