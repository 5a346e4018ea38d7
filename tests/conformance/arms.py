"""The two arms: a program in a plain interpreter, in real time, and the same as a guest."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from simkernel import FlightsimError
from tests.conformance.host import Host
from tests.conformance.node_host import NodeHost

PROGRAMS = Path(__file__).resolve().parent / "programs"
REAL_S = 60.0
"""How long (real seconds) a program may take: none takes two on an idle machine."""

# Both arms begin so: what goes to stderr names files of the machine, and is not compared.
FIRST_LINE = "import os; os.dup2(os.open('stderr', os.O_CREAT | os.O_WRONLY | os.O_APPEND), 2); "
SEED = 1
ON_A_NODE = ("fork_", "feed_")
"""How the names of programs begin that need a whole node."""

GUEST_WORK = "/srv/work"


@dataclass(frozen=True, slots=True)
class Result:
    """What can be seen of a program from outside: what it wrote, and its exit code or -signal."""

    out: str
    code: int


def names() -> list[str]:
    """Return the names of all programs."""
    return sorted(path.stem for path in PROGRAMS.glob("*.py"))


def text_of(name: str) -> str:
    """Return the program *name* as it is run: with its docstring, and on the same lines."""
    text = (PROGRAMS / f"{name}.py").read_text(encoding="utf-8")
    claim, rest = text.split("\n", 1)
    return f"__doc__ = {claim}; {FIRST_LINE}\n{rest}"


def run_real(name: str, python: str, folder: Path) -> Result:
    """Run the program *name* in *python*, below *folder*."""
    work = folder / "work"
    work.mkdir(parents=True)
    (work / "program.py").write_text(text_of(name), encoding="utf-8")
    environ = {"HOME": str(folder), "PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        ran = subprocess.run(
            [python, "-s", str(work / "program.py")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=work,
            env={**environ, "PYTHONHASHSEED": str(SEED)},
            timeout=REAL_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        return Result(f"[over {REAL_S:.0f} s: {error.stdout!r}]", 1)
    # The guest sees its folder at a constant place.
    out = ran.stdout.decode("utf-8", "replace").replace(str(work), GUEST_WORK)
    return Result(out, ran.returncode)


def run_guest(name: str, python: str, folder: Path) -> Result:
    """Fly the program *name* in *python*, below *folder*."""
    folder.mkdir(parents=True)
    kind = NodeHost if name.startswith(ON_A_NODE) else Host
    host = kind(folder, python=python)
    try:
        out = host.fly(text_of(name), seed=SEED)
    except (AssertionError, FlightsimError) as error:
        wrote = (folder / "output.txt").read_text(encoding="utf-8", errors="replace")
        return Result(f"{wrote}[the flight failed: {error}]", 1)
    assert host.outcome is not None
    code, signal = host.outcome
    return Result(out, -signal if signal else code)
