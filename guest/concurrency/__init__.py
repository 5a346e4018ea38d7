"""Threads, locks and processes-as-threads, on the hub's greenlets."""
