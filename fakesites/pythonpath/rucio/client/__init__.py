"""The clients of Rucio on a simulated node; what they do not know raises, by name."""

from rucio.client.client import Client

__all__ = ["Client"]
