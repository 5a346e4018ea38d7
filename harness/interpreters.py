"""The interpreters that guests run in: which there are, and a greenlet for each.

A guest's threads are greenlets, and greenlet is a binary: the guest of another minor version of
Python than the host's needs one of its own. It is installed once, with pip, into the cache:

    <cache>/greenlet/<tag>/             what goes on the guest's path while it boots

Whatever appears under that name is complete: it is made beside it and renamed.
"""

from __future__ import annotations

import compileall
import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

import greenlet

import guest
from harness.pilots.cache import CACHE_VARIABLE
from harness.pilots.cache import _locked
from harness.pilots.cache import _scratch
from harness.pilots.cache import cache_folder
from harness.pilots.cache import tree_of
from simkernel import HarnessError
from simkernel import ScenarioError

PYTHONS_VARIABLE = "FLIGHTSIM_PYTHONS"
SUPPORTED = ((3, 9), (3, 10), (3, 11), (3, 12), (3, 13))
WANTED = "greenlet>=3.0"
GUEST_FOLDER = Path(guest.__file__ or "").resolve().parent
ANSWER_S = 30.0
INSTALL_S = 600.0
LEFT_OUT = ("greenlet/tests", "include")
QUESTION = (
    "import json, sys, sysconfig; print(json.dumps([sys.executable, sys.version_info[:3],"
    " sys.implementation.name, sysconfig.get_config_var('SOABI') or '']))"
)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter that answers: its executable, version, and the tag of its binaries."""

    path: str
    version: tuple[int, int, int]
    tag: str

    @property
    def minor(self) -> str:
        """Return the version as people say it: '3.9'."""
        return f"{self.version[0]}.{self.version[1]}"


def host() -> Interpreter:
    """Return the interpreter that this program runs in."""
    tag = str(sysconfig.get_config_var("SOABI") or "")
    return Interpreter(sys.executable, sys.version_info[:3], tag)


def ask(python: str) -> Interpreter:
    """Return what *python* (a path, or a name on PATH) says of itself; it is asked once.

    Raises ScenarioError if it does not run, or is none that guests can run in.
    """
    return host() if python == sys.executable else _asked(python)


@functools.cache
def _asked(python: str) -> Interpreter:
    remedy = f"give the path of a CPython {_versions()}"
    command = [python, "-I", "-S", "-c", QUESTION]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_S, check=False)
        path, version, name, tag = json.loads(ran.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise ScenarioError(f"{python!r} is no Python that runs: {error}", remedy=remedy) from None
    if tuple(version[:2]) not in SUPPORTED or name != "cpython":
        said = f"{name} {'.'.join(map(str, version))}"
        raise ScenarioError(f"{python!r} is {said}: guests cannot run in it", remedy=remedy)
    return Interpreter(path, (version[0], version[1], version[2]), tag)


def greenlet_folder(python: str, *, cache: Path | None = None) -> Path:
    """Return the folder from which *python* can import greenlet, installed there if need be.

    Raises ScenarioError for a *python* that does not run, HarnessError if greenlet cannot be had.
    """
    interpreter = ask(python)
    if interpreter.tag == host().tag:
        return Path(greenlet.__file__).parent.parent
    folder = (cache or cache_folder()) / "greenlet"
    place = folder / interpreter.tag
    try:
        if not place.is_dir():
            with _locked(folder.parent / "greenlet.lock"):
                if not place.is_dir():
                    _install(interpreter, place)
    except PermissionError as error:
        remedy = f"set {CACHE_VARIABLE} to a folder of yours"
        raise HarnessError(f"cannot write the cache: {error}", remedy=remedy) from error
    return place


@functools.cache
def compile_guest(interpreter: Interpreter) -> Path:
    """Compile the guest's own modules for *interpreter*, once; return the folder to start from.

    A guest writes no compiled code, and would compile them all at each start. They are compiled
    where they lie, or in a copy in the cache, if nobody may write there.
    """
    folder = GUEST_FOLDER if os.access(GUEST_FOLDER, os.W_OK) else _copied()
    marker = folder / "__pycache__" / f"{interpreter.tag}.done"
    with suppress(OSError):
        if marker.read_text(encoding="ascii") == _state_of(folder, interpreter):
            return folder
    if interpreter.tag == host().tag:
        compileall.compile_dir(folder, quiet=2)
    else:
        _run([interpreter.path, "-m", "compileall", "-qq", str(folder)])
    with suppress(OSError):
        marker.write_text(_state_of(folder, interpreter), encoding="ascii")
    return folder


def _state_of(folder: Path, interpreter: Interpreter) -> str:
    """Return the digest of the modules in *folder*, and of what has been compiled of them."""
    digest = hashlib.sha256()
    compiled = f"*.cpython-{interpreter.minor.replace('.', '')}.pyc"
    for path in sorted([*folder.rglob("*.py"), *folder.rglob(compiled)]):
        found = path.stat()
        digest.update(f"{path} {found.st_mtime_ns} {found.st_size}\n".encode())
    return digest.hexdigest()


def _copied() -> Path:
    place = cache_folder() / "guest" / tree_of(GUEST_FOLDER)[:16]
    if not place.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        with _scratch(place.parent.parent) as scratch, suppress(OSError):
            made = shutil.copytree(GUEST_FOLDER, scratch / "made")
            made.rename(place)
    return place if place.is_dir() else GUEST_FOLDER


def _install(interpreter: Interpreter, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with _scratch(place.parent.parent) as scratch:
        made = scratch / "made"
        # The host's pip first: it is newer, and some interpreters come without one.
        ours = [sys.executable, *_pip(made), "--python-version", interpreter.minor]
        theirs = [interpreter.path, *_pip(made)]
        said = _run(ours) and _run(theirs)
        if said:
            remedy = f"try: {' '.join([interpreter.path, *_pip(Path('FOLDER'))])}"
            what = f"pip could not install greenlet for Python {interpreter.minor}: {said}"
            raise HarnessError(what, remedy=remedy)
        for name in LEFT_OUT:
            shutil.rmtree(made / name, ignore_errors=True)
        _check(interpreter, made)
        made.rename(place)


def _pip(target: Path) -> list[str]:
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "--no-compile"]
    return ["-m", "pip", "install", *options, "--only-binary", ":all:", "--target", str(target), WANTED]  # fmt: skip  # noqa: E501


def _check(interpreter: Interpreter, folder: Path) -> None:
    """Compile and import what was installed; raises HarnessError if that does not work."""
    compile_it = [interpreter.path, "-m", "compileall", "-q", str(folder)]
    code = "import sys; sys.path.insert(0, sys.argv[1]); import greenlet"
    said = _run(compile_it) or _run([interpreter.path, "-I", "-S", "-c", code, str(folder)])
    if said:
        raise HarnessError(f"greenlet does not work in {interpreter.path}: {said}")


def _run(command: list[str]) -> str:
    """Return an empty text if *command* ends well, else the last line of what it said."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    try:
        ran = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALL_S, env=environment, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = (ran.stderr.strip() or ran.stdout.strip() or f"code {ran.returncode}").splitlines()
    return lines[-1] if ran.returncode else ""


@dataclass(frozen=True, slots=True)
class Sought:
    """A supported version that was looked for, and what was found of it."""

    minor: str
    found: Interpreter | None


def look(environ: Mapping[str, str] | None = None) -> tuple[Sought, ...]:
    """Return, for each supported version, the first interpreter of it on this machine.

    Looked for in $FLIGHTSIM_PYTHONS (paths, separated as PATH is), this program's own
    interpreter, PATH (python3.9 and so on), and the versions of pyenv.
    """
    variables = os.environ if environ is None else environ
    first: dict[str, Interpreter] = {}
    for python in _candidates(variables):
        try:
            interpreter = ask(python)
        except ScenarioError:
            continue
        first.setdefault(interpreter.minor, interpreter)
    minors = [f"{major}.{minor}" for major, minor in SUPPORTED]
    return tuple(Sought(minor, first.get(minor)) for minor in minors)


def _candidates(variables: Mapping[str, str]) -> list[str]:
    given = variables.get(PYTHONS_VARIABLE, "").split(os.pathsep)
    path = variables.get("PATH", "")
    named = [shutil.which(f"python{major}.{minor}", path=path) for major, minor in SUPPORTED]
    return [each for each in (*given, sys.executable, *named, *_of_pyenv(variables)) if each]


def _of_pyenv(variables: Mapping[str, str]) -> list[str]:
    # A shim on PATH answers only for the versions that pyenv has switched on; all lie here.
    tool = shutil.which("pyenv", path=variables.get("PATH", ""))
    root = variables.get("PYENV_ROOT") or (str(Path(tool).resolve().parents[1]) if tool else "")
    if not root:
        return []
    return [str(path) for path in sorted(Path(root).glob("versions/3.*/bin/python"))]


def _versions() -> str:
    names = [f"{major}.{minor}" for major, minor in SUPPORTED]
    return f"{names[0]} to {names[-1]}"
