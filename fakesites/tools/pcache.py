"""pcache: a copy command with a cache in front of it.

Models ``pcache [options] COPY_COMMAND [its options] SOURCE TARGET``: a file that is kept is linked
to the target, another one is fetched by the command and kept. Exit codes are the command's, and 1
for a call that makes no sense. Of the options -s (folder), -x (bytes of the whole cache), -r
(tries) and -f (fetch whatever is kept) are heeded, -v, -q, -t, -g and -l taken and ignored.
Read from pcache 4 (ATLAS local site mover, pcache.py, its usage text).
"""

from __future__ import annotations

from typing import Any
from typing import Generator

import simpy

from fakesites.running import Command
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._pcache import LIMIT
from fakesites.tools._pcache import PCACHE
from fakesites.units import parse_size

Work = Generator[simpy.Event, Any, int]
VALUED = ("-s", "-x", "-r", "-t", "-g", "-l")
FLAGS = ("-f", "-v", "-q")
USAGE = "Usage: pcache [flags] copy_prog [copy_flags] input output"


@tool("pcache")
def pcache(call: ToolCall) -> Work:
    """Copy one file, out of the cache if it is there; the exit code is the copy command's."""
    options, command = parse(call.argv[1:])
    source, target = command[-2:]
    folder, limit = options.get("-s", ""), parse_size(options.get("-x", LIMIT))
    if "-f" not in options and PCACHE.link(call, source, target, folder=folder):
        call.out(f"INFO cache hit {source}\n")
        return 0
    code = 1
    for _ in range(max(1, int(options.get("-r", "1")))):
        code = yield from _ran(call, command)
        if code == 0:
            PCACHE.keep(call, source, target, folder=folder, limit=limit)
            break
    return code


def parse(words: tuple[str, ...]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the options and the copy command in *words*. Raises UsageError."""
    options: dict[str, str] = {}
    rest = list(words)
    while rest and rest[0].startswith("-"):
        name = rest.pop(0)
        if name in VALUED and rest:
            options[name] = rest.pop(0)
        elif name in FLAGS:
            options[name] = ""
        else:
            raise UsageError(f"unknown option {name}\n{USAGE}")
    if len(rest) < 3:
        raise UsageError(USAGE)
    return options, tuple(rest)


def _ran(call: ToolCall, command: tuple[str, ...]) -> Work:
    child = call.node.spawn(Command(command, call.env, call.cwd, ppid=call.pid, owner=call.owner))
    ended = child.finished or (yield child.done)
    call.node.processes.collect(child.pid)
    call.out(ended.stdout)
    call.err(ended.stderr)
    code: int = ended.code
    return code
