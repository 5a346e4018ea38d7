"""The real panda-client, from the package index, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO
from typing import Any

from harness.pilots.cache import cache_folder
from tests.fakeserver.live.running import Running

VERSION = "2.2.0"
LIMIT_S = 300
PROGRAM = Path(__file__).with_name("client_program.py")


def installed() -> Path:
    """Return the folder with panda-client and what it needs. Raises OSError if pip fails."""
    python = "".join(map(str, sys.version_info[:2]))
    place = cache_folder() / "clients" / f"panda-client-{VERSION}-{python}"
    if place.is_dir():
        return place
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--target", str(part), f"panda-client=={VERSION}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    if done.returncode:
        raise OSError(done.stderr[-2000:])
    try:
        part.rename(place)
    except OSError:
        if not place.is_dir():  # else another process was faster
            raise
    return place


class PandaClient:
    """The client of one person, who talks to one server."""

    def __init__(self, served: Running, *, proxy: str) -> None:
        assert served.folder is not None
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(served.folder.path),
            "PYTHONPATH": str(installed()),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PANDA_URL": f"{served.plain}/server/panda",
            "PANDA_URL_SSL": f"{served.secure}/server/panda",
            "PANDACACHE_URL": f"{served.secure}/server/panda",
            # Else it asks DNS for another name of the host, which its certificate has not.
            "PANDA_BEHIND_REAL_LB": "1",
            "X509_USER_PROXY": str(served.folder.proxy(proxy)),
            "X509_CERT_DIR": str(served.folder.authorities),
        }
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=served.folder.path,
        )

    def __call__(self, function: str, *arguments: Any, **options: Any) -> Any:
        """Call a function of pandaclient.Client and return what it returns."""
        sending, answers = self._process.stdin, self._process.stdout
        assert sending is not None
        assert answers is not None
        try:
            print(json.dumps([function, list(arguments), options]), file=sending, flush=True)
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
