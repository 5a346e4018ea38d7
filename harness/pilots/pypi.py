"""Released pilots, from the package index that this machine's pip is configured for."""

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
    raise _pip_failed(version, said)


def _pip_download(version: str, folder: Path, extra: tuple[str, ...]) -> tuple[int, str]:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", *extra]
    # Only the pilot itself has to be source: what builds it may come as wheels.
    command += ["--no-binary", PROJECT, "--dest", str(folder), f"{PROJECT}=={version}"]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=LIMIT_S, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        return 1, f"pip took longer than {LIMIT_S} s"
    return done.returncode, done.stderr + done.stdout


def _no_such(version: str, said: str) -> ScenarioError:
    found = VERSIONS.search(said)
    known = [each.strip() for each in found[1].split(",")] if found else []
    known = [each for each in known if each and each != "none"]
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
