"""Scenario to world to flight to verdict: the floor that puts the others together.

Importing this package costs nothing: the command line and the pytest plugin are loaded far
more often than a flight is flown, so they reach for the heavy modules only when they need one.
"""
