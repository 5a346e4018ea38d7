"""Faults of the worker node itself."""
