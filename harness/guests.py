"""The host's end of a guest: its process, its wire and its place in time.

A guest is a child interpreter that runs a whole pilot in virtual time (see guest/). It is
resumed up to an instant before which nothing else happens, and hands control back when it
has nothing to do before then. No two parties ever run at once.
"""

from __future__ import annotations

import json
import math
import shutil
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
from harness import hotpath
from harness import interpreters
from harness.kin import Copy
from harness.kin import Kin
from harness.kin import new_word
from simkernel import HarnessError

GUEST_FOLDER = Path(guest.__file__ or "").resolve().parent
RUNTIME = "guest"
"""Where a guest sees its own runtime, in its root: its path is in the pilot's tracebacks."""

HEADER = 4
FRAME_MAX = 1 << 30
ENCODE = json.JSONEncoder(separators=(",", ":")).encode
PATIENCE_S = 120.0
"""Real seconds that a guest may compute without a word before it is taken to be stuck."""

Message = dict[str, Any]


class Silent(HarnessError):
    """A guest has said nothing for longer than anybody's patience."""


class Gone(HarnessError):
    """The process of a guest has ended, though nobody ended it."""


@dataclass(frozen=True, slots=True)
class Program:
    """What a guest runs: a script (argv[0]) or a *module*; *paths* come first on its sys.path."""

    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: str
    paths: tuple[str, ...]
    module: str = ""

    def order(self) -> Message:
        """Return it as the guest is told of it."""
        return {
            "argv": list(self.argv),
            "env": self.env,
            "cwd": self.cwd,
            "paths": list(self.paths),
            "module": self.module,
        }


@dataclass(frozen=True, slots=True)
class Walls:
    """How a guest is walled in: where its root really lies, and where it sees it.

    *shown* are folders (name, place) that it sees in its root, read-only, without a copy. With
    *filters* the kernel refuses system calls of native code. *bwrap* makes the namespaces, if set.
    """

    real: Path
    seen: str
    namespaces: bool
    shown: tuple[tuple[str, Path], ...] = ()
    filters: bool = True
    bwrap: str = ""


@dataclass(slots=True)
class GuestProcess:
    """One guest, which is *due* to run at some time (seconds), unless it is *suspended*."""

    name: str
    child: subprocess.Popen[bytes] | Copy
    wire: socket.socket
    due: float
    items: list[Message] = field(default_factory=list)
    output: Path = Path()
    covered: bool = False
    patience_s: float = PATIENCE_S
    over: bool = False
    at: float = 0.0
    """Up to where it has run, in seconds."""
    suspended: bool = False
    kin: Kin | None = None
    has_copies: bool = False
    _handed: list[socket.socket] = field(default_factory=list)
    _buffer: bytearray = field(default_factory=bytearray)

    @property
    def next(self) -> float:
        """Return the earliest time at which it may do something."""
        return math.inf if self.suspended else self.due

    @next.setter
    def next(self, due: float) -> None:
        self.due = due

    def go_on(self, *, now: float) -> None:
        """Let it run again after it was suspended: what was due meanwhile is late."""
        if self.suspended:
            self.suspended = False
            self.due = max(self.due, now)

    def post(self, item: Message, *, now: float) -> None:
        """Have *item* delivered at *now*. Raises HarnessError if that is in the guest's past."""
        if now < self.at:
            raise HarnessError(
                f"conservative time is broken: {item.get('key')!r} comes to {self.name}"
                f" at {now!r} s, which is at {self.at!r} s already"
            )
        if not self.over:
            self.items.append(item)
            self.due = min(self.due, now)

    def resume(self, *, now: float, until: float, state: Message) -> None:
        """Let the guest run from *now*, up to but not including *until*.

        The *state* of its node is a table, which differs from the last one if the process table
        does, and the next free pid.
        """
        items, self.items = self.items, []
        self.send({"m": "run", "t": now, "until": until, "items": items, **state})

    def greet(self, *texts: str) -> None:
        """Send what the guest can read before it has JSON."""
        for text in texts:
            self.wire.sendall(len(text.encode()).to_bytes(2, "big") + text.encode())

    def send(self, message: Message) -> None:
        """Send one message."""
        body = ENCODE(message).encode("utf-8", "surrogatepass")
        try:
            self.wire.sendall(len(body).to_bytes(HEADER, "big") + body)
            while self._handed:
                with self._handed.pop(0) as descriptor:
                    socket.send_fds(self.wire, [b"\0"], [descriptor.fileno()])
        except OSError as error:
            raise Gone(f"the guest of {self.name} has gone: {error}") from error

    def receive(self) -> Message:
        """Return the guest's next message; raises HarnessError when it hangs or has gone."""
        length = int.from_bytes(self._take(HEADER), "big")
        if length > FRAME_MAX:
            raise HarnessError(f"the guest of {self.name} sends over {FRAME_MAX} bytes at once")
        try:
            message: Message = json.loads(self._take(length).decode("utf-8", "surrogatepass"))
        except ValueError:
            message = {}
        if not isinstance(message, dict) or not {"m", "t"} <= message.keys():
            raise HarnessError(f"the guest of {self.name} sends what is no message of the runtime")
        return message

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            try:
                chunk = self.wire.recv(1 << 16)
            except BlockingIOError:
                raise Silent(
                    f"the guest of {self.name} says nothing for {self.patience_s:.0f} s, our time",
                    remedy="a call that blocks inside C code, or an endless loop; see its stderr",
                ) from None
            except OSError:
                chunk = b""
            if not chunk:
                raise Gone(f"the guest of {self.name} has died; see its stderr")
            self._buffer += chunk
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def look(self, at: list[str]) -> Message:
        """Return what the guest shows of each of *at*: it waits for us, and goes on waiting."""
        self.send({"m": "look", "at": at})
        while True:
            message = self.receive()
            if message["m"] == "looked":
                seen: Message = message["seen"]
                return seen

    def where(self, patience_s: float) -> Message:
        """Return where the program stands, as it says when it was signalled in real time.

        An empty answer if it does not say within *patience_s* seconds of real time.
        """
        self.be_patient(patience_s)
        try:
            message = self.receive()
        except (HarnessError, ValueError):
            return {}
        return message if message.get("m") == "where" else {}

    def be_patient(self, seconds: float) -> None:
        """Wait for a message no longer than *seconds* of real time; for ever, if it is 0."""
        # The kernel's own limit: a select before each of thousands of messages would cost more.
        limit = struct.pack("ll", int(seconds), round(seconds % 1 * 1e6))
        self.wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)

    def end(self) -> None:
        """End the guest's process, whatever it is doing, and what it may have started."""
        self.over = True
        self.next = math.inf
        if self.kin is None:
            self.close()
        else:
            self.kin.left(self)

    def close(self) -> None:
        """Let go of the guest's process, and see that it ends."""
        if isinstance(self.child, Copy):
            self.wire.close()
            self.child.end()
            return
        if self.child.returncode is None:
            if self.child.poll() is None:
                self.child.send_signal(signal.SIGKILL)
            self.child.wait()
        # Not before: a guest that lives to see it would complain into the pilot's output.
        self.wire.close()

    # -- copies

    def fork(self, name: str, *, now: float) -> tuple[GuestProcess, int]:
        """Return a copy that this guest may make now, and the word for it.

        The other end of its wire goes to this guest with the next message.
        """
        assert self.kin is not None
        ours, theirs = socket.socketpair()
        self._handed.append(theirs)
        self.has_copies = True
        copy = GuestProcess(
            name,
            Copy(self.child.pid),
            ours,
            due=now,
            output=self.output,
            covered=self.covered,
            patience_s=self.patience_s,
            at=now,
            kin=self.kin,
        )
        copy.be_patient(copy.patience_s)
        self.kin.members.append(copy)
        return copy, self.kin.word

    def known_as(self, real: int) -> None:
        """Take the word of its parent that this copy is *real* to the kernel, if that is so."""
        if self.kin is None or not self.kin.seen or not isinstance(self.child, Copy):
            return
        self.child = self.kin.known(real) or self.child


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
    instruments: Message | None = None,
    patience_s: float | None = None,
) -> GuestProcess:
    """Start *program* as a guest at time *now*; its stdout and stderr go to the file *stdout*.

    *instruments* is what the flight wants of it besides flying (guest/instruments.py).
    """
    wanted = instruments or {}
    terminal = tuple(wanted.get("terminal", ()))
    interpreter = interpreters.ask(python)
    greenlets = interpreters.greenlet_folder(python)
    how, kept = hotpath.manner(python, wanted)
    ours, theirs = socket.socketpair()
    with theirs, stdout.open("ab") as output:
        child = subprocess.Popen(
            _command(walls, interpreter, theirs.fileno(), kept=(greenlets, *kept)),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            stdout=output,
            stderr=output,
            pass_fds=[theirs.fileno(), *terminal],
            env={"PYTHONHASHSEED": str(seed % 2**32), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            cwd=walls.real,
        )
    process = GuestProcess(
        name,
        child,
        ours,
        due=now,
        output=stdout,
        covered="coverage" in wanted,
        patience_s=0.0 if terminal else PATIENCE_S if patience_s is None else patience_s,
    )
    process.kin = Kin(new_word(), seen=not walls.namespaces, members=[process])
    process.be_patient(process.patience_s)
    process.greet(str(greenlets), f"{epoch!r} {now!r} {how} {''.join(map(str, kept))}")
    process.send(
        {
            "seed": seed,
            "root": walls.seen,
            **program.order(),
            "facts": facts,
            "filters": walls.filters,
            "word": process.kin.word,
            "instruments": wanted,
        }
    )
    # The guest begins by running up to its first idle; it holds no grant yet.
    return process


def _command(
    walls: Walls, interpreter: interpreters.Interpreter, fd: int, *, kept: tuple[Path, ...]
) -> list[str]:
    """Return the command that starts a guest; it sees its runtime in its root."""
    runtime = interpreters.compile_guest(interpreter)
    boot = [interpreter.path, "-S", "-s", f"{walls.seen}/{RUNTIME}/boot.py", str(fd)]
    wall = [sys.executable, "-I", "-S", str(GUEST_FOLDER / "fence" / "walls.py")]
    if not walls.namespaces:
        if not (walls.real / RUNTIME).exists():
            (walls.real / RUNTIME).symlink_to(runtime)
        return [*wall, "--here", "--", *boot] if walls.filters else boot
    # What bubblewrap starts begins inside with our own part of the walls.
    by = ["--bwrap", walls.bwrap, str(GUEST_FOLDER)] if walls.bwrap else []
    places = ((RUNTIME, runtime), *walls.shown)
    shown = [f"{name}={place}" for name, place in places]
    folders = [*by[2:], *shown, *map(str, kept)]
    return [*wall, *by[:2], str(walls.real), walls.seen, *folders, "--", *boot]


def clear(root: Path) -> None:
    """Take away what only guests had a use for in their *root*."""
    for name in (RUNTIME, "cvmfs", "pilot", "python"):
        if (root / name).is_symlink():
            (root / name).unlink()
        else:
            shutil.rmtree(root / name, ignore_errors=True)


def probe_walls(root: Path, seen: str, *, bwrap: str = "") -> dict[str, Any]:
    """Return which walls this machine gives, as guest/fence/probe.py finds them."""
    command = [sys.executable, "-I", "-S", str(GUEST_FOLDER / "fence" / "walls.py"), "--probe"]
    ran = subprocess.run(
        [*command, str(root), seen, bwrap], capture_output=True, text=True, check=False
    )
    try:
        found: dict[str, Any] = json.loads(ran.stdout)
    except ValueError:
        found = {"namespaces": False, "read_only": False, "why": ran.stderr.strip()[-200:]}
    return found
