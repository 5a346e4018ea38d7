"""A host that knows the few commands that the programs start."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import guests
from tests.guest.tiny_host import TinyHost

SHELLS = ("/bin/sh", "/bin/bash", "sh", "bash")
UNKNOWN = 127
LOOK_UP_S = 0.01
START_S = 1e-3
"""What takes time takes a little more of it than it asks for."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command comes to: how long it takes (seconds), its exit code and its output."""

    seconds: float = 0.0
    code: int = 0
    out: str = ""


class Host(TinyHost):
    """Knows true, false, sleep, echo and cat, and lines of them."""

    def __init__(self, root: Path, *, python: str) -> None:
        super().__init__(root)
        self.python = python

    def serve(self, guest: guests.GuestProcess) -> None:
        """Answer one message; a look-up of a name is answered that there is none."""
        seen = len(self.notes)
        super().serve(guest)
        for note in self.notes[seen:]:
            if note["what"] == "resolve":
                end = {"key": note["key"], "error": [-2, "Name or service not known"]}
                self.later.append((self.now + LOOK_UP_S, end))

    def ask_spawn(self, **args: Any) -> dict[str, Any]:
        """Start a command; what is no shell and no command of ours is not there."""
        argv, given = args["argv"], args["stdin"]
        if argv[0] in SHELLS:
            self.commands = {argv[2]: _as_row(run_line(argv[2], given))}
        else:
            if argv[0] not in KNOWN:
                return {"error": [2, "No such file or directory"]}
            self.commands = {" ".join(argv): _as_row(run(argv, given))}
        return super().ask_spawn(**args)


def _as_row(ran: Ran) -> tuple[float, int, str]:
    return ran.seconds and ran.seconds + START_S, ran.code, ran.out


def run_line(line: str, given: str) -> Ran:
    """Return what the commands of *line*, one after another, come to."""
    total = Ran()
    for part in line.split(";"):
        ran = run(shlex.split(part), given)
        total = Ran(total.seconds + ran.seconds, ran.code, total.out + ran.out)
    return total


def run(argv: list[str], given: str) -> Ran:
    """Return what the command *argv* comes to."""
    return KNOWN[argv[0]](argv[1:], given) if argv[0] in KNOWN else Ran(code=UNKNOWN)


KNOWN = {
    "true": lambda words, given: Ran(),
    "false": lambda words, given: Ran(code=1),
    "sleep": lambda words, given: Ran(seconds=float(words[0])),
    "echo": lambda words, given: Ran(out=" ".join(words) + "\n"),
    "cat": lambda words, given: Ran(out=given),
}
