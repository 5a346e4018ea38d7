"""Faults of the queue's definition that the server hands out (``queuedata.<field>``)."""
