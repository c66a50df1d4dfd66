"""Takes in what customers send: by web and API (http), by e-mail (mail)."""
