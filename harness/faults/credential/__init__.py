"""Faults of the pilots' credential: the proxy file and the VOMS attributes in it."""
