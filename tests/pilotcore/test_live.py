"""The pilot as a program: a real process, a real server on the loopback, a real payload."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from typing import Iterator

import pytest

from pilotcore.data.locations import rucio_path
from tests.pilotcore.grid import INPUT
from tests.pilotcore.grid import adler32
from tests.pilotcore.grid import record

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60


class Panda(ThreadingHTTPServer):
    """A server with one job; *updates* are what pilots said of it."""

    def __init__(self, storage: Path, script: str) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.port = self.server_address[1]
        self.updates: list[dict[str, Any]] = []
        self.storage = storage
        self.script = script
        self.running = threading.Event()
        base = f"http://127.0.0.1:{self.port}/trf/user"
        self.jobs = [record(transformation=f"{base}/payload", jobPars="")]

    def get(self, path: str) -> object:
        rows = [{"endpoint": "file://localhost", "path": f"{self.storage}/"}]
        tools = {"mv": {"setup": ""}}
        if path == "/queue":
            return {"state": "ACTIVE", "status": "online", "copytools": tools}
        if path == "/endpoints":
            return {"DISK": {"arprotocols": {"read_lan": rows, "write_lan": rows}}}
        return None

    def post(self, method: str, fields: dict[str, Any]) -> object:
        if method == "getJob":
            return {"StatusCode": 0, **self.jobs.pop()} if self.jobs else {"StatusCode": 20}
        self.updates.append(fields)
        if fields["state"] == "running":
            self.running.set()
        return {"StatusCode": 0, "command": "NULL"}


class Desk(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Panda

    def do_GET(self) -> None:
        answer = self.server.get(self.path)
        self._say(self.server.script.encode() if answer is None else json.dumps(answer).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fields = json.loads(gzip.decompress(body))
        answer = self.server.post(self.path.rpartition("/")[2], fields)
        self._say(json.dumps(answer).encode())

    def _say(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def panda(tmp_path: Path) -> Iterator[Panda]:
    storage = tmp_path / "storage"
    place = storage / rucio_path("mc", "in.root")
    place.parent.mkdir(parents=True)
    place.write_bytes(INPUT)
    server = Panda(storage, "#!/bin/sh\necho hello\nsleep 1\ncp in.root out.root\n")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def start(panda: Panda, home: Path, *argv: str) -> subprocess.Popen[str]:
    proxy = home / "x509up"
    proxy.write_text("-----BEGIN CERTIFICATE-----\n")
    proxy.chmod(0o600)
    env = {**os.environ, "PYTHONPATH": str(ROOT), "X509_USER_PROXY": str(proxy)}
    url = f"http://127.0.0.1:{panda.port}"
    options = ["--pilot-user", "generic", "-q", "QUEUE", "-a", str(home / "work")]
    options += ["--url", url, "-p", str(panda.port), "-g", f"{url}/trf/user", "-v", "1", "-b"]
    options += ["--queuedata-url", f"{url}/queue", "--storagedata-url", f"{url}/endpoints"]
    return subprocess.Popen(
        [sys.executable, "-m", "pilotcore", *options, *argv],
        env=env,
        cwd=home,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def test_a_real_pilot_finishes_a_real_job(panda: Panda, tmp_path: Path) -> None:
    pilot = start(panda, tmp_path)
    said, _ = pilot.communicate(timeout=PATIENCE_S)
    assert 0 == pilot.returncode, said
    assert ["starting", "running", "finished"] == [each["state"] for each in panda.updates]
    registered = json.loads(panda.updates[-1]["xml"])
    assert (adler32(INPUT), len(INPUT)) == (
        registered["out.root"]["adler32"],
        registered["out.root"]["fsize"],
    )
    assert INPUT == (panda.storage / rucio_path("mc", "out.root")).read_bytes()


def alive_in_group(group: int) -> list[str]:
    """Return the processes of *group* that are more than an entry in the table."""
    alive = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text().rpartition(")")
        except OSError:
            continue
        state, _, pgid = rest.split()[:3]
        if int(pgid) == group and state not in "ZX":
            alive.append(name)
    return alive


def test_a_real_pilot_reports_sigterm_and_leaves_no_process(panda: Panda, tmp_path: Path) -> None:
    panda.script = f"#!/bin/sh\necho $$ > {tmp_path}/draft\nmv {tmp_path}/draft {tmp_path}/pid\n"
    panda.script += "sleep 1000\n"
    pilot = start(panda, tmp_path)
    assert panda.running.wait(PATIENCE_S)
    while not (tmp_path / "pid").exists():
        assert pilot.poll() is None
        time.sleep(0.05)  # noqa: TID251 (a real process in real time)
    pilot.send_signal(signal.SIGTERM)
    said, _ = pilot.communicate(timeout=PATIENCE_S)
    last = panda.updates[-1]
    assert (143, "failed", 1201) == (pilot.returncode, last["state"], last["pilotErrorCode"]), said
    assert [] == alive_in_group(int((tmp_path / "pid").read_text()))


def test_help_names_every_option_that_drivers_of_pilot3_pass(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "pilotcore", "--help"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    ).stdout
    passed = (
        "--pilot-user -a -q -j -i -v -x -w -l --url -p --queuedata-url --storagedata-url -g -t -u "
        "-b -d -k -y --cleanup --use-rucio-traces -z --input-dir --output-dir --resource-type"
    )
    assert [] == [name for name in passed.split() if name not in said]
