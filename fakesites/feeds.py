"""Input that a process is given piece by piece, as it is written: the reading end of a pipe.

Models its capacity, and the two programs with which pilots talk: ``cat`` and a shell that reads
commands. Any other program that reads its input is started when that has ended; one that does not
starts at once. Not modelled: a program that reads a part of its input only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any
from typing import Callable
from typing import Generator

import simpy

from fakesites.shell import Refused
from fakesites.shell import Shell
from fakesites.shell import SyntaxProblem
from fakesites.shell import parse
from fakesites.shell.channels import Channels
from fakesites.shell.scripts import parsed_work
from simkernel.clock import Clock

if TYPE_CHECKING:
    from fakesites.node import Node
    from fakesites.node import Program
    from fakesites.processes import Process
    from fakesites.tools import ToolCall

Work = Generator[simpy.Event, Any, int]
CAPACITY = 65_536
"""Characters that nobody has read yet: beyond that a writer waits (pipe(7))."""

# fmt: off
READERS = frozenset((
    "apptainer", "awk", "cat", "cut", "egrep", "fgrep", "grep", "head", "md5sum", "openssl", "sed",
    "sha256sum", "singularity", "sort", "tail", "tee", "tr", "uniq", "wc", "xargs",
))
# fmt: on
READS = re.compile(rf"\b(?:read|mapfile|{'|'.join(sorted(READERS))})\b")
UNFINISHED = ("syntax error: unexpected end of file", "unexpected EOF while looking for")


class Feed:
    """What was written and nobody has read yet. *on_room* is called when it has been read."""

    def __init__(self, clock: Clock, *, on_room: Callable[[], None]) -> None:
        self._clock = clock
        self._on_room = on_room
        self._text = ""
        self._ended = False
        self._awaited: simpy.Event | None = None

    def push(self, text: str, *, end: bool) -> int:
        """Write what there is room for; return how much that is. *end* holds if it was all."""
        taken = text[: max(0, CAPACITY - len(self._text))]
        self._text += taken
        self._ended = self._ended or (end and len(taken) == len(text))
        if self._awaited is not None and (taken or self._ended):
            awaited, self._awaited = self._awaited, None
            awaited.succeed()
        return len(taken)

    def take(self) -> Generator[simpy.Event, Any, str]:
        """Wait for something, and return all there is; "" at the end."""
        while not self._text and not self._ended:
            self._awaited = self._clock.event()
            yield self._awaited
        taken, self._text = self._text, ""
        if len(taken) >= CAPACITY:
            self._on_room()
        return taken

    def rest(self) -> Generator[simpy.Event, Any, str]:
        """Wait for the end, and return everything."""
        pieces: list[str] = []
        while True:
            piece = yield from self.take()
            if not piece:
                return "".join(pieces)
            pieces.append(piece)


def fed_work(node: Node, program: Program, call: ToolCall, process: Process, feed: Feed) -> Work:
    """Return the work of *call*, whose input comes by *feed*."""
    words = [word for word in call.argv[1:] if not word.startswith("-") or word == "-"]
    if program.kind == "tool" and program.name == "cat" and set(words) <= {"-"}:
        return (yield from _cat(call, feed))
    if program.kind == "shell" and not words and "c" not in "".join(call.argv[1:]):
        return (yield from _commands(Shell(node, process, call), call, feed))
    if _reads(program, call, words):
        call.stdin = yield from feed.rest()
    return (yield from node.work(program, call, process=process))


def _reads(program: Program, call: ToolCall, words: list[str]) -> bool:
    if program.kind == "tool":
        return program.name in READERS and not (program.name == "cat" and "-" not in words)
    if program.kind == "shell":
        return READS.search(" ".join(call.argv[1:])) is not None
    return True


def _cat(call: ToolCall, feed: Feed) -> Work:
    while True:
        piece = yield from feed.take()
        if not piece:
            return 0
        call.out(piece)


def _commands(shell: Shell, call: ToolCall, feed: Feed) -> Work:
    """Run commands as they come, each when it is complete."""
    channels = Channels(call.out, call.err, "")
    return (yield from shell.contained(_one_by_one(shell, channels, feed), channels))


def _one_by_one(shell: Shell, channels: Channels, feed: Feed) -> Work:
    waiting, ended = "", False
    while not ended:
        piece = yield from feed.take()
        ended = not piece
        waiting += piece
        whole, newline, left = waiting.rpartition("\n")
        text = waiting if ended else whole + newline
        if not text or (_is_unfinished(text) and not ended):
            continue
        waiting = "" if ended else left
        yield from parsed_work(shell, text, channels, lambda work: work)
    return shell.status


def _is_unfinished(text: str) -> bool:
    try:
        parse(text)
    except SyntaxProblem as problem:
        return str(problem).startswith(UNFINISHED)
    except Refused:
        return False  # which is said when it is run
    return False
