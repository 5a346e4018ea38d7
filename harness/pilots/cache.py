"""Installed pilots: their code in a cache of the user's, each tree once, by its content.

    <cache>/pilots/<tree>/code/         the pilot, compiled, as it is put under /srv/pilot
    <cache>/pilots/<tree>/help.txt      what its --help says (harness.pilots.options)
    <cache>/pypi/<version>              the tree of a released version: it is downloaded once

Whatever appears under these names is complete: it is made beside them and renamed, so that two
processes may install the same pilot at the same time. Not modelled: tidying up, pilots for
another interpreter than this one (they work, and compile on each flight).
"""

from __future__ import annotations

import compileall
import hashlib
import importlib.util
import os
import py_compile
import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Iterator
from typing import Mapping

from harness.pilots.choice import CORE
from harness.pilots.choice import PYPI
from harness.pilots.choice import VERSION_FILE
from harness.pilots.choice import PilotChoice
from harness.pilots.choice import chosen_release
from harness.pilots.choice import family_of
from harness.pilots.choice import parse_choice
from harness.pilots.pypi import PROJECT
from harness.pilots.pypi import download
from harness.pilots.pypi import released
from harness.pilots.ranges import is_range
from harness.pilots.ranges import within
from simkernel import HarnessError
from simkernel import ScenarioError

CACHE_VARIABLE = "FLIGHTSIM_CACHE"
CODE = "code"
GUEST_ROOT = "/srv/pilot"
CORE_PACKAGE = "pilotcore"
DISTRIBUTION = "panda-flightsim"

# What lies in a checkout and is no part of the pilot: tools' leftovers and our own runs.
LEFT_OUT = ("__pycache__", "build", "dist", "htmlcov", "node_modules", "runs", "venv")
LEFT_OUT_ENDINGS = (".egg-info", ".pyc", ".pyo", ".orig", ".rej", "~")
FILES_MAX = 5_000
BYTES_MAX = 100_000_000


@dataclass(frozen=True, slots=True)
class Installed:
    """A pilot on this machine: *root* holds its code, *tree* is the SHA-256 of all of it."""

    root: Path
    tree: str
    version: str
    family: str


def cache_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder for caches: $FLIGHTSIM_CACHE, else where this platform keeps them."""
    variables = os.environ if environ is None else environ
    if variables.get(CACHE_VARIABLE):
        return Path(variables[CACHE_VARIABLE])
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "flightsim"
    # The XDG base directory specification: a relative path is to be ignored.
    given = Path(variables.get("XDG_CACHE_HOME") or "")
    return (given if given.is_absolute() else Path.home() / ".cache") / "flightsim"


def install(choice: PilotChoice, *, cache: Path | None = None) -> Installed:
    """Return the chosen pilot, installed in *cache* (by default the user's).

    Raises ScenarioError if there is no such pilot, HarnessError if the cache cannot be written.
    """
    folder = cache or cache_folder()
    try:
        if choice.kind == CORE:
            return _keep(folder, core_folder(), choice, below=CORE_PACKAGE)
        if choice.kind == PYPI:
            return _released(folder, choice)
        return _keep(folder, Path(choice.source), choice)
    except PermissionError as error:
        remedy = f"set {CACHE_VARIABLE} to a folder of yours"
        raise HarnessError(f"cannot write the cache: {error}", remedy=remedy) from error


def parse_choices(text: str, *, cache: Path | None = None) -> tuple[PilotChoice, ...]:
    """Return the pilots that *text* means: one, or those of a range of releases.

    Ranges (``pypi:>=3.0``, ``pypi:3.5.*``) mean what is on the index now, oldest first. Raises
    ScenarioError for a range that cannot be read, or holds no release.
    """
    kind, _, wanted = text.partition(":")
    if kind != PYPI or not is_range(wanted.strip()):
        return (parse_choice(text),)
    with _scratch(cache or cache_folder()) as scratch:
        known = released(scratch)
    try:
        versions = within(wanted.strip(), known)
    except ValueError as error:
        what = f"cannot read {str(error)!r} in the range {wanted!r}"
        raise ScenarioError(
            what, remedy="write pypi:>=3.0, pypi:3.5.* or pypi:>=3.2,<3.4"
        ) from None
    if not versions:
        newest = f"the newest is {known[-1]}" if known else "it has none"
        raise ScenarioError(f"the index has no {PROJECT} {wanted}", remedy=newest)
    return tuple(chosen_release(each) for each in versions)


def tree_of(root: Path, *, below: str = "") -> str:
    """Return the SHA-256 over the names and contents of all files of *root* that count.

    The names are those that the files would have with *root* lying *below* another folder.
    """
    digest = hashlib.sha256()
    for inner in files_of(root):
        content = (root / inner).read_bytes()
        name = f"{below}/{inner}" if below else inner
        digest.update(f"{len(name.encode())}:{name}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def files_of(root: Path) -> list[str]:
    """Return the files below *root* that belong to a pilot, as sorted relative names.

    Raises ScenarioError if there are so many that *root* can be no pilot.
    """
    names, size = [], 0
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if _counts(name))
        for path in (Path(folder, name) for name in sorted(files) if _counts(name)):
            if path.is_file():
                names.append(path.relative_to(root).as_posix())
                size += path.stat().st_size
        if len(names) > FILES_MAX or size > BYTES_MAX:
            what = f"{root} holds over {FILES_MAX} files or {BYTES_MAX} bytes: no pilot is so big"
            raise ScenarioError(what, remedy="give the pilot's own folder")
    return sorted(names)


def core_folder() -> Path:
    """Return the folder of the reference pilot. Raises HarnessError if it is not there."""
    found = importlib.util.find_spec(CORE_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise HarnessError(f"the package {CORE_PACKAGE} is not installed")
    return Path(next(iter(found.submodule_search_locations)))


def _counts(name: str) -> bool:
    hidden = name.startswith(".")
    return not hidden and name not in LEFT_OUT and not name.endswith(LEFT_OUT_ENDINGS)


def _released(cache: Path, choice: PilotChoice) -> Installed:
    pointer = cache / "pypi" / choice.source
    with _locked(cache / "pypi.lock"):
        if pointer.is_file():
            tree = pointer.read_text(encoding="ascii").strip()
            root = cache / "pilots" / tree / CODE
            if root.is_dir():
                return Installed(root, tree, version_of(root, choice), choice.family)
        with _scratch(cache) as scratch:
            installed = _keep(cache, download(choice.source, scratch), choice)
            new = scratch / "pointer"
            new.write_text(installed.tree + "\n", encoding="ascii")
            pointer.parent.mkdir(parents=True, exist_ok=True)
            new.replace(pointer)
    return installed


def _keep(cache: Path, source: Path, choice: PilotChoice, *, below: str = "") -> Installed:
    """Have the tree at *source* in the cache, under its own hash, *below* its root."""
    tree = tree_of(source, below=below)
    root = cache / "pilots" / tree / CODE
    if not root.is_dir():
        with _scratch(cache) as scratch:
            code = scratch / CODE
            _copy(source, code / below)
            # Of the copy, not of the source: that may change while it is being copied.
            tree = tree_of(code)
            root = cache / "pilots" / tree / CODE
            if not root.is_dir():
                _compile(code)
                _publish(scratch, root.parent)
    version = version_of(root, choice)
    family = choice.family if choice.kind == CORE else family_of(version)
    return Installed(root, tree, version, family)


def version_of(root: Path, choice: PilotChoice) -> str:
    """Return the version that the pilot at *root* states, else the chosen one, else 'unknown'."""
    if choice.kind == CORE:
        try:
            return metadata.version(DISTRIBUTION)
        except metadata.PackageNotFoundError:
            return "unknown"
    stated = root / VERSION_FILE
    text = stated.read_text(encoding="utf-8", errors="replace").strip() if stated.is_file() else ""
    return text or (choice.source if choice.kind == PYPI else "unknown")


def _copy(source: Path, target: Path) -> None:
    for name in files_of(source):
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, place)
        # Nothing else of the mode: the cache is the user's, and nobody writes to it by accident.
        place.chmod(0o555 if os.access(source / name, os.X_OK) else 0o444)


def _compile(root: Path) -> None:
    """Compile all modules for good: unchecked, as if they lay where the guest sees them."""
    compileall.compile_dir(
        root,
        quiet=2,
        stripdir=str(root),
        prependdir=GUEST_ROOT,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


def _publish(scratch: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    made = scratch / "made"
    made.mkdir()
    (scratch / CODE).rename(made / CODE)
    try:
        made.rename(target)
    except OSError:
        # Another process was faster; what it made has the same content.
        if not (target / CODE).is_dir():
            raise


@contextmanager
def _scratch(cache: Path) -> Iterator[Path]:
    cache.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=cache, prefix="new-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock file *path*, so that one process downloads and the others wait for it."""
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
