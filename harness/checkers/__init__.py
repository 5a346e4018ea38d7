"""Checkers: what must hold in every flight, one invariant a file, registered by name.

A checker is a pure function from a finished flight to findings. It sees nothing but the
journal, so it can be run again on any journal, and it knows no pilot by name.
"""

from __future__ import annotations

from harness.checkers._registry import Checker
from harness.checkers._registry import checker
from harness.checkers._registry import checker_names
from harness.checkers._registry import find_checker
from harness.checkers._registry import inspect
from harness.checkers._registry import known_checkers

__all__ = [
    "Checker",
    "checker",
    "checker_names",
    "find_checker",
    "inspect",
    "known_checkers",
]
