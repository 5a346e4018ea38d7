"""Programs of others that are spoken to a line at a time: a call in JSON, an answer in JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO
from typing import Any
from typing import Mapping
from typing import Sequence

from harness.pilots.cache import cache_folder

LIMIT_S = 300


def packages(name: str, *wanted: str) -> Path:
    """Return a folder, kept for later, with the packages *wanted*. Raises OSError if pip fails."""
    python = "".join(map(str, sys.version_info[:2]))
    place = cache_folder() / "clients" / f"{name}-{python}"
    if place.is_dir():
        return place
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--target", str(part), *wanted]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    if done.returncode:
        raise OSError(done.stderr[-2000:])
    try:
        part.rename(place)
    except OSError:
        if not place.is_dir():  # else another process was faster
            raise
    return place


class Talker:
    """A program that is asked and answers, in a process of its own."""

    def __init__(
        self,
        program: Path,
        *,
        path: Sequence[Path],
        environment: Mapping[str, str],
        folder: Path,
    ) -> None:
        own = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(folder),
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._process = subprocess.Popen(
            [sys.executable, str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=own | dict(environment),
            cwd=folder,
        )

    def ask(self, *call: Any) -> Any:
        """Send a call and return the answer."""
        sending, answers = self._process.stdin, self._process.stdout
        assert sending is not None
        assert answers is not None
        try:
            print(json.dumps(call), file=sending, flush=True)
            line = answers.readline()
        except BrokenPipeError:
            line = ""
        assert line, self._said()
        return json.loads(line)

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=LIMIT_S)

    def _said(self) -> str:
        errors: IO[str] | None = self._process.stderr
        assert errors is not None
        self._process.wait(LIMIT_S)
        return errors.read()[-3000:]
