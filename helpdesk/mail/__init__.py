"""Mail in and out: read, threaded and judged; written and sent once."""
