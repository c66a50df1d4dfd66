"""What the stores and the functions share: the table, settings, signing, problems, HTTP, logs."""
