"""Faults of the PanDA server's answers."""
