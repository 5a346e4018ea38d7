"""The programs that a worker node of the simulated grid has installed.

One file a tool, or a family of tools. A tool is a function of a ToolCall that returns its exit
code: a plain function when it takes no virtual time, a generator that yields events of the
clock when it does. Every module of this package is imported, in sorted order, so that a new
file is a new tool. Not modelled: reading standard input while it is still being written.

How a tool ends by a signal: the node throws simpy.Interrupt into it, whose cause is the signal's
number, except for SIGKILL, which closes the generator. A tool may catch the first to tidy up or
to go on, may use ``finally`` for both, and may raise ``simpy.Interrupt(11)`` to die of a signal.
"""

from __future__ import annotations

import importlib
import pkgutil
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import Callable
from typing import Generator
from typing import TypeVar

from fakesites.running import Exit
from fakesites.running import Writer
from fakesites.running import signal_of
from simkernel.errors import HarnessError

if TYPE_CHECKING:
    from pathlib import Path

    import simpy

    from fakesites.node import Node


@dataclass(slots=True, eq=False)
class ToolCall:
    """One call of a tool: what it was given, where it runs, and where its output goes.

    *cwd* is a guest's path, *stdin* all of its standard input, *owner* whose process it is
    ("pilot-1"), *out* and *err* take text for the two output streams.
    """

    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: str
    stdin: str
    node: Node
    pid: int
    owner: str
    out: Writer
    err: Writer

    def path(self, name: str) -> str:
        """Return the guest's absolute path of *name*, seen from the working directory."""
        return posixpath.normpath(posixpath.join(self.cwd, name))

    def real(self, name: str) -> Path:
        """Return where *name* lives on the host; raises OutsideError beyond the node's files."""
        return self.node.files.real(self.path(name))

    def read(self, name: str) -> bytes:
        """Return the contents of a file of the node or of its system. Raises OSError."""
        return self.node.read(self.path(name).replace("/proc/self/", f"/proc/{self.pid}/"))


class UsageError(Exception):
    """The arguments make no sense; the tool says so on standard error and ends with *code*."""

    def __init__(self, text: str, *, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


class NotSpoken(Exception):
    """The arguments make sense, but this tool does not know them: journaled as shell.refused."""


__all__ = [
    "OPTIONAL",
    "QUIET",
    "TOOLS",
    "Exit",
    "NotSpoken",
    "ToolCall",
    "ToolFunction",
    "UsageError",
    "Work",
    "Writer",
    "signal_of",
    "tool",
]

Work = Generator["simpy.Event", Any, int]
ToolFunction = Callable[[ToolCall], "Work | int"]
Function = TypeVar("Function", bound=ToolFunction)

TOOLS: dict[str, ToolFunction] = {}
# Filters of text: their runs are not worth a line in the journal unless something went wrong.
QUIET: set[str] = set()
# Tools that not every node has: those whose specification names them, and those that a
# repository of software brings (fakesites.cvmfs).
OPTIONAL: set[str] = set()


def tool(
    *names: str, quiet: bool = False, optional: bool = False
) -> Callable[[Function], Function]:
    """Register the decorated function as the tool of each of these *names*."""

    def register(function: Function) -> Function:
        for name in names:
            if name in TOOLS:
                raise HarnessError(f"two tools are called {name!r}")
            TOOLS[name] = function
        QUIET.update(names if quiet else ())
        OPTIONAL.update(names if optional else ())
        return function

    return register


for _module in sorted(module.name for module in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{_module}")
