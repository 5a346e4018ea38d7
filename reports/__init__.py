"""Renderers, one a file: they take verdicts and journals as data and know no other floor.

A verdict is the plain mapping that ``verdict.json`` holds (see ``reports.verdict_json``).
"""
