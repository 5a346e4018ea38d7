"""The reference pilot inside the host."""
