"""What customers see: their requests, categories, surveys, and the API reference."""
