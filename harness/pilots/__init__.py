"""Pilots: which one to fly, where its code comes from, how it is started.

    choice = parse_choice("pypi:3.7.0.36")        # or "core", or a folder that holds pilot.py
    installed = install(choice)                   # once; then from the cache
    command = command_for(installed, facts)       # its arguments, environment and folder

No code of a foreign pilot is part of this project: it is downloaded, or copied from a checkout,
into a cache of the user's.
"""

from __future__ import annotations

from harness.pilots.cache import Installed
from harness.pilots.cache import cache_folder
from harness.pilots.cache import install
from harness.pilots.cache import parse_choices
from harness.pilots.choice import HOST_LABEL
from harness.pilots.choice import PilotChoice
from harness.pilots.choice import parse_choice
from harness.pilots.launch import Command
from harness.pilots.launch import PilotFacts
from harness.pilots.launch import command_for
from harness.pilots.options import accepted
from harness.pilots.options import help_of
from harness.pilots.options import needs_help
from harness.pilots.options import store_help
from harness.pilots.plugins import applies

__all__ = [
    "HOST_LABEL",
    "Command",
    "Installed",
    "PilotChoice",
    "PilotFacts",
    "accepted",
    "applies",
    "cache_folder",
    "command_for",
    "help_of",
    "install",
    "needs_help",
    "parse_choice",
    "parse_choices",
    "store_help",
]
