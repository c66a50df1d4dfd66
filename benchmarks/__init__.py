"""What the desk costs: calls, capacity units, imports, CPU and throughput. Prints figures, asserts nothing."""
