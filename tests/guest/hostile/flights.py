"""Flies a way out in one mode, among decoys, and says what came of it."""

from __future__ import annotations

import errno
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import guests
from harness.watchdog import examine
from simkernel import HarnessError
from tests.guest.hostile.decoys import Decoys
from tests.guest.hostile.preamble import program
from tests.guest.hostile.ways import CONTAINED
from tests.guest.hostile.ways import ESCAPED
from tests.guest.hostile.ways import REFUSED
from tests.guest.hostile.ways import Way
from tests.guest.tiny_host import EPOCH
from tests.guest.tiny_host import FACTS
from tests.guest.tiny_host import TinyHost

LOOKS, LOOK_S = 100, 0.05
NO_SUCH = {"error": [errno.ESRCH, "No such process"]}
DENIED = {"error": [errno.ECONNREFUSED, "Connection refused"]}


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a way out: the *outcome*, what the host was *told*, and what shows it."""

    outcome: str
    told: tuple[tuple[str, str, str], ...]
    touched: tuple[str, ...]
    printed: str


class HostileHost(TinyHost):
    """A host that knows no process but the guest's own, and to which nothing connects."""

    def ask_getpgid(self, pid: int, place: str = "") -> dict[str, Any]:
        return {"result": 4001} if pid in (0, 4001) else NO_SUCH

    def ask_setsid(self, **args: Any) -> dict[str, Any]:
        return {"result": None}

    def ask_kill(self, **args: Any) -> dict[str, Any]:
        return NO_SUCH

    def __getattr__(self, name: str) -> Any:
        if name.startswith("ask_"):
            return lambda **args: DENIED
        raise AttributeError(name)

    def fly_in(self, walls: guests.Walls, script: str, *, python: str) -> str:
        """Fly *script* behind *walls* to its end, or to the guest's; return what it printed."""
        (self.root / "work" / "program.py").write_text(script)
        output = self.root / "output.txt"
        output.touch()
        work = f"{walls.seen}/work"
        guest = guests.start(
            guests.Program(
                argv=(f"{work}/program.py",),
                env={"HOME": f"{walls.seen}/home", "PATH": "/usr/bin:/bin"},
                cwd=work,
                paths=(work,),
            ),
            walls,
            name="guest",
            python=python,
            seed=1,
            epoch=EPOCH,
            now=10.0,
            facts={**FACTS, "home": f"{walls.seen}/home"},
            stdout=output,
        )
        self.now = 10.0
        try:
            while self.outcome is None:
                self.serve(guest)
        except HarnessError as error:
            self.notes.append({"what": "ended", "why": examine(guest, error)[0]})
        finally:
            guest.end()
        return output.read_text(errors="replace")


def walls_of(mode: str, root: Path, *, bwrap: str = "") -> guests.Walls:
    """Return the walls of *mode* around *root*."""
    spaces = mode in ("all", "spaces")
    return guests.Walls(
        root,
        "/srv" if spaces else str(root),
        namespaces=spaces,
        filters=mode in ("all", "filter"),
        bwrap=bwrap,
    )


class Herd:
    """Decoys for one way out after the other: new ones as soon as any was touched."""

    def __init__(self) -> None:
        self._decoys: Decoys | None = None

    def fly(self, way: Way, mode: str, *, python: str = sys.executable, bwrap: str = "") -> Came:
        """Fly *way* in *mode* and look at the decoys."""
        decoys = self._decoys = self._decoys or Decoys()
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve() / "root"
            root.mkdir()
            host = HostileHost(root)
            facts = {**decoys.facts(), "spaces": mode in ("all", "spaces")}
            walls = walls_of(mode, root, bwrap=bwrap)
            printed = host.fly_in(walls, program(facts, way.code), python=python)
        touched = decoys.touched()
        # What was started may need a moment on a busy machine, where it is sure to come.
        patience = LOOKS if way.may_be(mode) == (ESCAPED,) and "OUT " not in printed else 0
        while not touched and patience:
            patience -= 1
            time.sleep(LOOK_S)  # noqa: TID251 - real processes take real time
            touched = decoys.touched()
        if touched:
            self.close()
        return _came(host, printed, touched)

    def close(self) -> None:
        """End the decoys that there are."""
        if self._decoys is not None:
            self._decoys.close()
        self._decoys = None


def _came(host: HostileHost, printed: str, touched: list[str]) -> Came:
    touched += [line[4:] for line in printed.splitlines() if line.startswith("OUT ")]
    ended = [each["why"] for each in host.notes if each["what"] == "ended"]
    told = [
        (each["kind"], each["target"], each["place"].rpartition("/")[2])
        for each in host.notes
        if each["what"] == "escape"
    ]
    told += [("native", why, "") for why in ended if why.startswith("refused")]
    outcome = ESCAPED if touched else REFUSED if told else CONTAINED
    return Came(outcome, tuple(told), tuple(touched), printed + "".join(ended))
