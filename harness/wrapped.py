"""Pilots behind a wrapper: what the batch system starts is a script, which starts the pilot.

The script is a process of the simulated node, run by its shell, and ``python3`` a program of that
node: told to run a pilot it becomes the guest. Signals of the batch system reach the script, and
the guest only what the script passes on; its exit code is that of the slot. Of other Python the
node knows what wrappers ask: the version. Not modelled: an interpreter of another version than
the one that guests run in, output of the pilot that the script would redirect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Generator
from typing import Mapping
from typing import Protocol

import simpy

from fakesites.machine import BATCH_PID
from fakesites.node import Node
from fakesites.processes import Process
from fakesites.running import Command
from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import ToolFunction
from harness.pilots.cache import CORE_PACKAGE
from harness.pilots.cache import Installed
from harness.pilots.cache import core_folder
from pilotcore.wrapper import NAMES

PROGRAM = "python3"
STAND_IN = b"#!/usr/bin/env python3\n"
AT_LEAST = re.compile(r"import sys; sys\.exit\(sys\.version_info < \((\d+), (\d+)\)\)")
# PanDAWMS/pilot-wrapper@264e2e6:runpilot2-wrapper.sh, check_python3
NUMBER = 'import sys; print("%i%02i" % (sys.version_info.major, sys.version_info.minor))'

Ended = Callable[[int, int], None]
Work = Generator[simpy.Event, Any, int]


class Launch(Protocol):
    """Makes the guest of a pilot out of a process of its node."""

    def __call__(
        self,
        argv: tuple[str, ...],
        env: Mapping[str, str],
        cwd: str,
        *,
        process: Process,
        ended: Ended,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Slot:
    """A pilot's slot on a *node*; *say* takes what the script writes, *ended* how it ends."""

    pilot: str
    node: Node
    launch: Launch
    say: Callable[[str], None]
    ended: Ended


def script_of(installed: Installed, name: str) -> Path:
    """Return the wrapper called *name*: the pilot's own, if it brings one, else the core's."""
    own = installed.root / CORE_PACKAGE / "wrapper" / NAMES[name]
    return own if own.is_file() else core_folder() / "wrapper" / NAMES[name]


def packages_of(argv: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return what *argv* runs, the same by another name, and its options.

    The other name is for the candidate: the code is the same, and still one can be told from
    the other.
    """
    if argv[0] == "-m":
        return argv[:2], ("-m", f"{argv[1]}.__main__"), argv[2:]
    folder, _, name = argv[0].rpartition("/")
    return argv[:1], (f"{folder}/./{name}",), argv[1:]


def variables(argv: tuple[str, ...], env: Mapping[str, str], *, draw: int) -> dict[str, str]:
    """Return the environment of the script: *env* with what it wants to know, if that does not."""
    stable, candidate, _ = packages_of(argv)
    wanted = {
        "PILOT_STABLE": " ".join(stable),
        "PILOT_CANDIDATE": " ".join(candidate),
        "PILOT_DRAW": str(draw),
    }
    return dict(sorted({**wanted, **env}.items()))


def start(
    slot: Slot, script: Path, *, argv: tuple[str, ...], env: Mapping[str, str], cwd: str
) -> int:
    """Start *script* with the options in *argv*; return its pid."""
    node = slot.node
    place = f"{cwd}/{script.name}"
    _put(node, place, script.read_bytes())
    if argv[0] != "-m":
        # Only guests see the pilot's folder (slots.py, furnish); scripts see that it is there.
        _put(node, argv[0], STAND_IN)
    node.conditions.programs[PROGRAM] = python(slot.launch, version=node.spec.python)
    running = node.spawn(
        Command(
            argv=(place, *packages_of(argv)[2]),
            env=dict(env),
            cwd=cwd,
            ppid=BATCH_PID,
            owner=slot.pilot,
            new_session=True,
            on_output=lambda _stream, text: slot.say(text),
        )
    )
    node.clock.process(_follow(slot, running.done))
    return running.pid


def _put(node: Node, path: str, data: bytes) -> None:
    target = node.files.real(path)
    if not target.exists():
        target.write_bytes(data)
        target.chmod(0o755)


def _follow(slot: Slot, done: simpy.Event) -> Generator[simpy.Event, Any, None]:
    end = yield done
    slot.ended(max(end.code, 0), end.signal)


def python(launch: Launch, *, version: str) -> ToolFunction:
    """Return the program python3 of a node, of this *version*."""

    def run(call: ToolCall) -> Work | int:
        words = call.argv[1:]
        if words[:1] in (("-V",), ("--version",)):
            call.out(f"Python {version}\n")
            return 0
        return _line(call, version) if words[:1] == ("-c",) else _pilot(call, launch)

    return run


def _line(call: ToolCall, version: str) -> int:
    text = call.argv[2] if len(call.argv) > 2 else ""
    major, minor = (int(each) for each in version.split(".")[:2])
    found = AT_LEAST.fullmatch(text)
    if found is not None:
        return int((major, minor) < (int(found[1]), int(found[2])))
    if text != NUMBER:
        raise NotSpoken(f"-c {text!r}")
    call.out(f"{major}{minor:02}\n")
    return 0


def _pilot(call: ToolCall, launch: Launch) -> Work:
    """Become the guest; what it gets of signals from now on it gets itself."""
    node = call.node
    yield node.clock.timeout(0)  # from then on the process is in the table
    done = node.clock.event()
    launch(
        call.argv[1:],
        call.env,
        call.cwd,
        process=node.processes[call.pid],
        ended=lambda code, number: _note(done, code, number),
    )
    code, number = yield done
    if number:
        raise simpy.Interrupt(number)
    return int(code)


def _note(done: simpy.Event, code: int, number: int) -> None:
    done.succeed((code, number))
