"""Small, pure things that every capability uses: time, ids, errors, pages, text."""
