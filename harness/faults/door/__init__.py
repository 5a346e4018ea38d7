"""Faults of the doors of storage elements: what a transfer meets, whichever tool makes it."""
