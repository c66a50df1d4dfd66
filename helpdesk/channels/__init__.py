"""How people reach the desk without signing in: web form, API, and whatever comes later."""
