"""Faults of the batch system: what it does to pilots."""
