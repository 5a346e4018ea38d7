"""The smallest host that a guest can fly with: time goes on, and commands are a table."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

from harness import guests
from harness.schedules import Choices

EPOCH = 1_772_352_000.0
FACTS = {
    "pid": 4001,
    "ppid": 4000,
    "uid": 1000,
    "gid": 1000,
    "user": "pilot",
    "home": "/srv/home",
    "hostname": "wn1.sim",
    "address": "10.0.0.1",
    "cpus": 8,
    "memory": 16_000_000_000,
    "load": [0.5, 0.5, 0.5],
    "release": "5.14.0",
}


class Standstill(AssertionError):
    """The guest waits for nothing that could come; *seen* says who waits for whom."""

    def __init__(self, seen: dict[str, Any]) -> None:
        super().__init__(f"the guest waits for nothing that could come: {seen['words']}")
        self.seen = seen


class TinyHost:
    """Flies one script; *commands* maps a command line to (seconds, code, stdout).

    *python* runs it, with *instruments*; what its schedule chose is in *choices*.
    """

    python = sys.executable
    patience_s = guests.PATIENCE_S

    def __init__(self, root: Path, *, commands: dict[str, tuple[float, int, str]] | None = None):
        self.root = root
        self.commands = commands or {}
        self.notes: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.later: list[tuple[float, dict[str, Any]]] = []
        self.now = 0.0
        self.outcome: tuple[int, int] | None = None
        self.pids = 5000
        self.instruments: dict[str, Any] = {}
        self.choices = Choices()
        for name in ("work", "home", "tmp"):
            (root / name).mkdir(parents=True, exist_ok=True)

    def fly(
        self, script: str, *, seed: int = 1, signals: tuple[tuple[float, int], ...] = ()
    ) -> str:
        """Run *script* to its end and return what it printed."""
        (self.root / "work" / "program.py").write_text(script)
        walls = guests.Walls(self.root, "/srv", namespaces=True)
        program = guests.Program(
            argv=("/srv/work/program.py",),
            env={"HOME": "/srv/home", "PATH": "/usr/bin:/bin"},
            cwd="/srv/work",
            paths=("/srv/work",),
        )
        output = self.root / "output.txt"
        output.write_text("")
        guest = guests.start(
            program, walls, name="guest", python=self.python, seed=seed, epoch=EPOCH,
            now=10.0, facts=FACTS, stdout=output, instruments=self.instruments,
        )  # fmt: skip
        self.now = 10.0
        self.later = [(at, {"key": "signal-1", "signal": number}) for at, number in signals]
        try:
            self.serve(guest)
            guest.be_patient(self.patience_s)  # from now on: a start takes as long as it takes
            guest.patience_s = self.patience_s
            while self.outcome is None:
                self.serve(guest)
        finally:
            guest.end()
        return output.read_text()

    def serve(self, guest: guests.GuestProcess) -> None:
        """Answer one message of the guest."""
        message = guest.receive()
        self.now = message.get("t", self.now)
        self.choices.add(message.get("chosen", [[], []]))
        if message["m"] == "ask":
            self.asked.append(message)
            answer = getattr(self, f"ask_{message['kind']}")(**message["args"])
            guest.send(
                {
                    "m": "answer",
                    "until": self.until(),
                    "table": [self.pids, 0],
                    "pid": self.pids + 1,
                    **answer,
                }
            )
        elif message["m"] == "note":
            self.notes.append({"what": message["what"], **message["fields"]})
        elif message["m"] == "exit":
            self.outcome = (message["code"], message["signal"])
        else:
            self.go_on(guest, message["next"])

    def until(self) -> float:
        """Return the time of the next thing that this host will do."""
        return min((at for at, _ in self.later), default=math.inf)

    def go_on(self, guest: guests.GuestProcess, deadline: float | None) -> None:
        """Move to the next instant, the guest's or ours."""
        ours = self.until()
        instant = min(ours, math.inf if deadline is None else deadline)
        if instant == math.inf:
            raise Standstill(guest.look(["trouble"])["trouble"])
        due = [item for at, item in self.later if at <= instant]
        self.later = [(at, item) for at, item in self.later if at > instant]
        guest.items.extend(due)
        guest.resume(
            now=instant, until=self.until(), state={"table": [self.pids, 0], "pid": self.pids + 1}
        )

    def ask_spawn(self, **args: Any) -> dict[str, Any]:
        self.pids += 1
        line = args["argv"][2] if args["argv"][1:2] == ["-c"] else " ".join(args["argv"])
        seconds, code, stdout = self.commands.get(line, (0.0, 127, ""))
        end = {"out": stdout, "err": "", "code": max(code, 0), "signal": max(-code, 0)}
        if not seconds:
            return {"result": {"pid": self.pids, **end}}
        self.later.append((self.now + seconds, {"key": args["key"], **end}))
        return {"result": {"pid": self.pids}}

    def ask_kill(self, pid: int, signal: int, place: str) -> dict[str, Any]:
        for index, (_, item) in enumerate(self.later):
            if item["key"].startswith("spawn"):
                end = {"key": item["key"], "code": 0, "signal": signal}
                self.later[index] = (self.now, end)
                return {"result": None}
        return {"error": [3, "No such process"]}

    def ask_fork(self, pipes: list[dict[str, Any]], place: str) -> dict[str, Any]:
        """Refuse, as at the limit of processes: this host serves one guest."""
        return {"error": [11, "Resource temporarily unavailable"]}

    def ask_file(self, path: str) -> dict[str, Any]:
        if path == "/proc":
            files = {"/proc/4001/stat": "4001 (python3) S 1 4001\n"}
            table = {"names": ["4001"], "of_each": ["stat"], "files": files, "busy": {}}
            return {"result": ["folder", table]}
        return {"result": ["file", "served\n"] if path == "/proc/cpuinfo" else ["missing", None]}

    def ask_disk(self) -> dict[str, Any]:
        return {"result": [4096 * 1000, 4096 * 250]}

    def ask_getpgid(self, pid: int, place: str = "") -> dict[str, Any]:
        return {"result": 4001}
