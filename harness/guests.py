"""The host's end of a guest: its process, its wire and its place in time.

A guest is a child interpreter that runs a whole pilot in virtual time (see guest/). It is
resumed up to an instant before which nothing else happens, and hands control back when it
has nothing to do before then. No two parties ever run at once.
"""

from __future__ import annotations

import json
import math
import signal
import socket
import struct
import subprocess
import sys
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

import guest
from harness import interpreters
from simkernel import HarnessError

GUEST_FOLDER = Path(guest.__file__ or "").resolve().parent
HEADER = 4
ENCODE = json.JSONEncoder(separators=(",", ":")).encode
PATIENCE_S = 120.0
"""Real seconds that a guest may compute without a word before it is taken to be stuck."""

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Program:
    """What a guest runs: a script (argv[0]) or a *module*; *paths* come first on its sys.path."""

    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: str
    paths: tuple[str, ...]
    module: str = ""


@dataclass(frozen=True, slots=True)
class Walls:
    """How a guest is walled in: where its root really lies, and where it sees it.

    *shown* are folders (name, place) that it sees in its root, read-only, without a copy.
    """

    real: Path
    seen: str
    namespaces: bool
    shown: tuple[tuple[str, Path], ...] = ()


@dataclass(slots=True)
class GuestProcess:
    """One guest: *next* is the earliest time at which it has something to do."""

    name: str
    child: subprocess.Popen[bytes]
    wire: socket.socket
    next: float
    items: list[Message] = field(default_factory=list)
    over: bool = False
    _buffer: bytearray = field(default_factory=bytearray)

    def post(self, item: Message, *, now: float) -> None:
        """Have *item* delivered at *now*, which is not in the guest's past."""
        if not self.over:
            self.items.append(item)
            self.next = min(self.next, now)

    def resume(self, *, now: float, until: float, state: Message) -> None:
        """Let the guest run from *now*, up to but not including *until*.

        The *state* of its node is a table, which differs from the last one if the process table
        does, and the next free pid.
        """
        items, self.items = self.items, []
        self.send({"m": "run", "t": now, "until": until, "items": items, **state})

    def send(self, message: Message) -> None:
        """Send one message."""
        body = ENCODE(message).encode("utf-8", "surrogatepass")
        try:
            self.wire.sendall(len(body).to_bytes(HEADER, "big") + body)
        except OSError as error:
            raise HarnessError(f"the guest of {self.name} has gone: {error}") from error

    def receive(self) -> Message:
        """Return the guest's next message; raises HarnessError when it hangs or has gone."""
        length = int.from_bytes(self._take(HEADER), "big")
        message: Message = json.loads(self._take(length).decode("utf-8", "surrogatepass"))
        return message

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            try:
                chunk = self.wire.recv(1 << 16)
            except BlockingIOError:
                raise HarnessError(
                    f"the guest of {self.name} has computed for {PATIENCE_S:.0f} s of real time",
                    remedy="a call that blocks inside C code, or an endless loop; see its stderr",
                ) from None
            except OSError:
                chunk = b""
            if not chunk:
                raise HarnessError(f"the guest of {self.name} has died; see its stderr")
            self._buffer += chunk
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def end(self) -> None:
        """End the guest's process, whatever it is doing, and what it may have started."""
        self.over = True
        self.next = math.inf
        self.wire.close()
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGKILL)
        self.child.wait()


def start(
    program: Program,
    walls: Walls,
    *,
    name: str,
    python: str,
    seed: int,
    epoch: float,
    now: float,
    facts: dict[str, Any],
    stdout: Path,
) -> GuestProcess:
    """Start *program* as a guest at time *now*; its stdout and stderr go to the file *stdout*."""
    interpreter = interpreters.ask(python)
    greenlets = interpreters.greenlet_folder(python)
    ours, theirs = socket.socketpair()
    # The kernel's own time limit: a select before each of thousands of messages would cost more.
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(PATIENCE_S), 0))
    with theirs, stdout.open("ab") as output:
        child = subprocess.Popen(
            _command(walls, interpreter.path, theirs.fileno()),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[theirs.fileno()],
            env={"PYTHONHASHSEED": str(seed % 2**32), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            cwd=walls.real,
        )
    process = GuestProcess(name, child, ours, next=now)
    for text in (str(greenlets), f"{epoch!r} {now!r}"):
        ours.sendall(len(text.encode()).to_bytes(2, "big") + text.encode())
    process.send(
        {
            "seed": seed,
            "root": walls.seen,
            "argv": list(program.argv),
            "env": program.env,
            "cwd": program.cwd,
            "paths": list(program.paths),
            "module": program.module,
            "facts": facts,
        }
    )
    # The guest begins by running up to its first idle; it holds no grant yet.
    return process


def _command(walls: Walls, python: str, fd: int) -> list[str]:
    boot = [python, "-S", "-s", str(GUEST_FOLDER / "boot.py"), str(fd)]
    if not walls.namespaces:
        return boot
    wall = [sys.executable, "-I", "-S", str(GUEST_FOLDER / "fence" / "walls.py")]
    shown = [f"{name}={place}" for name, place in walls.shown]
    return [*wall, str(walls.real), walls.seen, *shown, "--", *boot]


def probe_walls(root: Path, seen: str) -> dict[str, Any]:
    """Return which walls this machine gives: namespaces, read_only, and why not."""
    command = [sys.executable, "-I", "-S", str(GUEST_FOLDER / "fence" / "walls.py"), "--probe"]
    ran = subprocess.run([*command, str(root), seen], capture_output=True, text=True, check=False)
    try:
        found: dict[str, Any] = json.loads(ran.stdout)
    except ValueError:
        found = {"namespaces": False, "read_only": False, "why": ran.stderr.strip()[-200:]}
    return found
