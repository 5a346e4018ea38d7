"""Measurements. No test asserts a time: figures live in bench/README.md with their commands."""
