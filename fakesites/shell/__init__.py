"""The shell of a worker node: what ``/bin/bash -c LINE`` and small scripts do there.

Pilots hand lines of shell to their nodes all the time. Most are a simple command; some are lists
and pipelines. Each is parsed once, kept, and evaluated in virtual time without a process. What
is outside the subset (see syntax.py) is refused: a ``shell.refused`` event, a message, status 2.
"""

from __future__ import annotations

from fakesites.shell.evaluator import Shell
from fakesites.shell.parser import parse
from fakesites.shell.scripts import SHELLS
from fakesites.shell.scripts import shell_work
from fakesites.shell.syntax import Refused
from fakesites.shell.syntax import SyntaxProblem

__all__ = ["SHELLS", "Refused", "Shell", "SyntaxProblem", "parse", "shell_work"]
