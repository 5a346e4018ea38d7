"""Faults of the network: connections to one host that go wrong."""
