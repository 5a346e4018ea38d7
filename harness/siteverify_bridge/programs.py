"""Programs that the site checks run, and that the tools of a simulated node do not have.

As much of each as the checks ask for: python3 runs the one script that tries what a pilot
imports, the others say that they are there.
"""

from __future__ import annotations

from typing import Mapping

from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import ToolFunction
from siteverify.checks.env_python import SCRIPT

PYTHON = "3.9.21"


def python3(call: ToolCall) -> int:
    """Say which version this is, or that all which a pilot imports is there."""
    words = call.argv[1:]
    if words in (("--version",), ("-V",)):
        call.out(f"Python {PYTHON}\n")
    elif words == ("-c", SCRIPT):
        call.out(f"python {PYTHON}\n")
    else:
        raise NotSpoken("other Python than the checks' own")
    return 0


def present(call: ToolCall) -> int:
    """Say that the program is there."""
    if call.argv[1:] != ("--version",):
        raise NotSpoken("other options than --version")
    call.out(f"{call.argv[0]} (simulated)\n")
    return 0


PROGRAMS: Mapping[str, ToolFunction] = {
    "lsof": present,
    "lspci": present,
    "python3": python3,
}
