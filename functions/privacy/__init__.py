"""What becomes of people's data, apart from what anybody waits for."""
