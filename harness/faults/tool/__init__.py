"""Faults of the programs that a node has installed."""
