"""The compiled part of the guest runtime: made once for each interpreter, where it can be.

What pilots do all day is in C as well (guest/compiled/waits.c). It is compiled into the cache with
the C compiler of this machine, when it is first wanted:

    <cache>/compiled/<tag>-<key>/       what goes on the guest's path while it boots

The key is of all that it is made from (the source, greenlet's header, the interpreter, the
command), so that no other than the present source is ever used. Without a compiler, or Python's
headers, guests fly in Python: the same flights, slower. ``flightsim doctor`` says so.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shlex
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Mapping

from harness.interpreters import GUEST_FOLDER
from harness.interpreters import Interpreter
from harness.interpreters import ask
from harness.interpreters import greenlet_folder
from harness.interpreters import host
from harness.interpreters import look
from harness.pilots.cache import _locked
from harness.pilots.cache import _scratch
from harness.pilots.cache import cache_folder
from simkernel import HarnessError

VARIABLE = "FLIGHTSIM_COMPILED"
"""0: guests fly in Python; seen: with a Python frame around each function in C (bench/split.py)."""

SOURCE = GUEST_FOLDER / "compiled" / "waits.c"
MODULE = "_flightsim_waits"
COMPILERS = ("cc", "gcc", "clang")
OPTIONS = ("-O2", "-fPIC", "-shared", "-fno-strict-aliasing", "-ffp-contract=off", "-DNDEBUG")
FAILED = "failed.txt"
RUN_S = 120.0
# What a flight may want that has to see each use of a lock, in Python.
ONLY_IN_PYTHON = ("schedule", "terminal")
REMEDY = (
    "flights are the same without it, and take longer; it needs a C compiler (gcc) and that"
    f" Python's headers (python3-dev), and {VARIABLE} other than 0"
)
HEADERS = "import sysconfig; print(sysconfig.get_path('include'))"


@dataclass(frozen=True, slots=True)
class Part:
    """The compiled part for one interpreter: its *folder*, or None and *why* there is none."""

    folder: Path | None
    why: str = ""


def part(python: str, environ: Mapping[str, str] | None = None) -> Part:
    """Return the compiled part for *python*, made if need be."""
    variables = os.environ if environ is None else environ
    if variables.get(VARIABLE) == "0":
        return Part(None, f"{VARIABLE}=0")
    return _made(ask(python), cache_folder(variables), variables.get("CC", ""))


def manner(python: str, instruments: Mapping[str, Any]) -> tuple[str, tuple[Path, ...]]:
    """Return how a guest with *instruments* flies, and the folder of its compiled part, if any."""
    found = None if any(each in instruments for each in ONLY_IN_PYTHON) else part(python).folder
    if found is None:
        return "python", ()
    return ("seen" if os.environ.get(VARIABLE) == "seen" else "compiled"), (found,)


def flown() -> list[Interpreter]:
    """Return the interpreters of this machine that guests have flown in, or can at once."""
    found = [each.found for each in look() if each.found is not None]
    greenlets = cache_folder() / "greenlet"
    return [each for each in found if each.tag == host().tag or (greenlets / each.tag).is_dir()]


@functools.cache
def _made(interpreter: Interpreter, cache: Path, wanted: str) -> Part:
    compiler = shlex.split(wanted) or [shutil.which(each) or "" for each in COMPILERS]
    found = next((each for each in compiler if each), "")
    if not found:
        return Part(None, "no C compiler")
    include = _include(interpreter)
    if not (include / "Python.h").is_file():
        return Part(None, f"no headers of Python {interpreter.minor}")
    try:
        greenlets = greenlet_folder(interpreter.path, cache=cache)
        command = [*(compiler if wanted else [found]), *OPTIONS, f"-I{include}", f"-I{greenlets}"]
        place = cache / "compiled" / f"{interpreter.tag}-{_key(interpreter, greenlets, command)}"
        if not place.is_dir():
            with _locked(cache / "compiled.lock"):
                if not place.is_dir():
                    _make(interpreter, command, greenlets, place)
    except (OSError, HarnessError, subprocess.SubprocessError) as error:
        return Part(None, str(error))
    failed = place / FAILED
    return Part(None, failed.read_text(encoding="utf-8")) if failed.exists() else Part(place)


def _include(interpreter: Interpreter) -> Path:
    if interpreter.tag == host().tag:
        return Path(sysconfig.get_path("include"))
    return Path(_run([interpreter.path, "-I", "-S", "-c", HEADERS])[1])


def _key(interpreter: Interpreter, greenlets: Path, command: list[str]) -> str:
    """Return the digest of all that the part is made from."""
    digest = hashlib.sha256(SOURCE.read_bytes())
    digest.update((greenlets / "greenlet" / "greenlet.h").read_bytes())
    digest.update("\0".join([*command, *map(str, interpreter.version)]).encode())
    return digest.hexdigest()[:16]


def _make(interpreter: Interpreter, command: list[str], greenlets: Path, place: Path) -> None:
    """Compile the part, and import it where it will be used; what fails is said in its place."""
    place.parent.mkdir(parents=True, exist_ok=True)
    code = f"import sys; sys.path[:0] = sys.argv[1:]; import {MODULE}"
    with _scratch(place.parent.parent) as scratch:
        made = scratch / "made"
        made.mkdir()
        failed = (
            _run([*command, str(SOURCE), "-o", str(made / f"{MODULE}.so")])[0]
            or _run([interpreter.path, "-I", "-S", "-c", code, str(made), str(greenlets)])[0]
        )
        if failed:
            (made / FAILED).write_text(failed, encoding="utf-8")
        made.rename(place)


def _run(command: list[str]) -> tuple[str, str]:
    """Return what went wrong with *command* (empty if nothing did), and what it wrote."""
    ran = subprocess.run(command, capture_output=True, text=True, timeout=RUN_S, check=False)
    said = (ran.stderr.strip() or f"code {ran.returncode}") if ran.returncode else ""
    return said, ran.stdout.strip()
