"""Released pilots, from the package index that this machine's pip is configured for.

pip is asked for everything, by its command line: it knows the index, the proxy, the certificates.
Of an archive that pip cannot build (some releases lack a setup.py, or files that it reads) the
unpacked source is taken: a pilot is flown from its source, it need not be installable.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

from harness.pilots.choice import SCRIPT
from simkernel import HarnessError
from simkernel import ScenarioError
from simkernel import nearest

PROJECT = "panda-pilot"
LIMIT_S = 600
VERSIONS = re.compile(r"from versions: ([^)]*)\)")
SHOWN = 5
NO_VERSION = "0"  # nobody ever released it: pip then says what there is
UNPACKED = "pip-*/panda*pilot*"
BROKEN_SOURCE = re.compile(r"does not appear to be a Python project|subprocess-exited-with-error")


def download(version: str, folder: Path) -> Path:
    """Download the source of *version* into *folder*, unpack it there and return its root.

    Raises ScenarioError for a version that the index does not have, HarnessError if pip fails.
    """
    said = ""
    # pip asks the archive for its metadata, which takes setuptools: from the index, in an
    # environment of pip's own, or (no such thing on an index of one's own) from this one.
    for extra in ((), ("--no-build-isolation",)):
        code, said = _pip_download(version, folder, extra)
        if code == 0:
            return _unpack(folder)
        if VERSIONS.search(said):
            raise _no_such(version, said)
        root = _left_by_pip(folder) if BROKEN_SOURCE.search(said) else None
        if root is not None:
            return root
    raise _pip_failed(version, said)


def released(folder: Path) -> tuple[str, ...]:
    """Return the versions that the index has, oldest first; *folder* is for pip to work in.

    Raises HarnessError if pip fails.
    """
    _, said = _pip_download(NO_VERSION, folder, ())
    if not VERSIONS.search(said):
        raise _pip_failed(NO_VERSION, said)
    return tuple(_known(said))


def _pip_download(version: str, folder: Path, extra: tuple[str, ...]) -> tuple[int, str]:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", *extra]
    # Only the pilot itself has to be source: what builds it may come as wheels.
    command += ["--no-binary", PROJECT, "--dest", str(folder), f"{PROJECT}=={version}"]
    # What pip cannot build it would delete, but for this.
    command += ["--no-clean"]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TMPDIR": str(folder)}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=LIMIT_S, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        return 1, f"pip took longer than {LIMIT_S} s"
    return done.returncode, done.stderr + done.stdout


def _left_by_pip(folder: Path) -> Path | None:
    """Return the root of the source that pip unpacked and could not build, or None."""
    for source in sorted(folder.glob(UNPACKED)):
        for found in (source / SCRIPT, *sorted(source.glob(f"*/{SCRIPT}"))):
            if found.is_file():
                return found.parent
    return None


def _known(said: str) -> list[str]:
    found = VERSIONS.search(said)
    known = [each.strip() for each in found[1].split(",")] if found else []
    return [each for each in known if each and each != "none"]


def _no_such(version: str, said: str) -> ScenarioError:
    known = _known(said)
    close = nearest(version, known, count=2)
    hint = f"did you mean {' or '.join(close)}? " if close else ""
    newest = f"the newest are {', '.join(known[-SHOWN:])}" if known else "it has none"
    return ScenarioError(f"the index has no {PROJECT} {version}", remedy=f"{hint}{newest}")


def _pip_failed(version: str, said: str) -> HarnessError:
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "no output")
    if "No module named pip" in said:
        remedy = "install pip into this environment (python -m ensurepip), or give a PATH"
    else:
        remedy = f"try: {Path(sys.executable).name} -m pip download --no-deps {PROJECT}=={version}"
    return HarnessError(f"pip could not download {PROJECT} {version}: {last}", remedy=remedy)


def _unpack(folder: Path) -> Path:
    archives = sorted(folder.glob("*.tar.gz"))
    if len(archives) != 1:
        raise HarnessError(f"pip left {len(archives)} source archives, not one")
    target = folder / "unpacked"
    try:
        with tarfile.open(archives[0]) as archive:
            archive.extractall(target, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise HarnessError(f"{archives[0].name} cannot be unpacked: {error}") from error
    roots = sorted(found.parent for found in target.glob(f"*/{SCRIPT}"))
    if not roots:
        raise HarnessError(f"{archives[0].name} holds no {SCRIPT}")
    return roots[0]
