"""What a help desk is: its rules, its use cases and where they are stored. Runs in every Lambda."""
