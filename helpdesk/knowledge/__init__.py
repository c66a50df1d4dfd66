"""What the desk knows: articles, guides and solutions, in sections, in several languages, and who may read them."""
