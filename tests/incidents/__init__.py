"""Incident replay: each bug of history planted into the core, in the scenario that shows it."""
