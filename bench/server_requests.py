"""How many requests a second does the live server answer, against a bare application?

    python -m bench.server_requests --seconds 5

Server and clients are processes of their own; each client keeps one connection and sends as fast
as answers come. The bare application says ``ok`` on the same WSGI server with the same TLS, so what
is between the two is ours: finding the endpoint, the model, the store. Handshakes are a row of
their own (one connection a request). Each row is held against the bare one of its kind, in the
same run: the ratio is what carries over to other machines. Wall seconds of one machine, and noisy;
CPU microseconds a request are the server's own and say more.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Iterator
from urllib.parse import urlencode
from urllib.parse import urlsplit

CLIENTS = 2
QUEUE = "BENCH"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
START_S = 30
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what is asked of which server, and whether the connection stays."""

    name: str
    kind: str
    secure: bool
    store: bool
    request: str
    stays: bool = True


ROWS = (
    Row("bare application", "bare", False, False, "bare"),
    Row("is_alive", "panda", False, False, "alive"),
    Row("heartbeat, memory", "panda", False, False, "update"),
    Row("heartbeat, sqlite3 file", "panda", False, True, "update"),
    Row("bare application, TLS", "bare", True, False, "bare"),
    Row("is_alive, TLS", "panda", True, False, "alive"),
    Row("heartbeat, TLS, memory", "panda", True, False, "update"),
    Row("heartbeat, TLS, sqlite3 file", "panda", True, True, "update"),
    Row("bare application, TLS, a handshake each", "bare", True, False, "bare", stays=False),
    Row("is_alive, TLS, a handshake each", "panda", True, False, "alive", stays=False),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What came out: requests, seconds of wall, CPU seconds of the server."""

    requests: int
    wall_s: float
    cpu_s: float

    @property
    def rate(self) -> float:
        """Return requests a second."""
        return self.requests / self.wall_s

    @property
    def cpu_us(self) -> float:
        """Return CPU microseconds of the server a request."""
        return self.cpu_s / self.requests * 1e6


class Server:
    """A server in a process of its own."""

    def __init__(self, row: Row, folder: Path) -> None:
        self.folder = folder / "credentials"
        store = str(folder / f"{time.monotonic_ns()}.sqlite3") if row.store else ""
        command = [sys.executable, "-m", "bench.server_requests", "--serve", row.kind]
        command += [str(self.folder), store]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        secure, plain = (self._process.stdout.readline().strip() for _ in range(2))
        self.url = secure if row.secure else plain

    def cpu_s(self) -> float:
        """Return the CPU seconds so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND

    def stop(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(START_S)


def connection_to(url: str, folder: Path) -> http.client.HTTPConnection:
    """Return a connection to *url*, with the pilot's proxy if that is TLS."""
    address = urlsplit(url)
    if address.scheme == "http":
        return http.client.HTTPConnection(address.netloc, timeout=START_S)
    context = ssl.create_default_context(cafile=str(next((folder / "certificates").glob("*.0"))))
    context.load_cert_chain(str(folder / "production.pem"))
    return http.client.HTTPSConnection(address.netloc, timeout=START_S, context=context)


def bodies(request: str, number: int) -> Iterator[tuple[str, str, bytes]]:
    """Yield method, path and body of one request after another."""
    beat = {"jobId": number, "state": "running", "attemptNr": 1, "node": "wn1", "siteName": QUEUE}
    count = 0
    while True:
        count += 1
        if request == "update":
            said = beat | {"cpuConsumptionTime": count, "maxRSS": 2_000_000, "nEvents": count}
            yield "POST", "/server/panda/updateJob", urlencode(said).encode()
        else:
            yield "GET", "/server/panda/isAlive", b""


def client(row: Row, url: str, folder: Path, number: int, seconds: float, pipe: Any) -> None:
    """Send requests for *seconds* and tell how many were answered."""
    connection = connection_to(url, folder)
    answered, end = 0, time.monotonic() + seconds
    for method, path, body in bodies(row.request, number):
        connection.request(method, path, body, FORM)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        answered += 1
        if not row.stays:
            connection.close()
        if time.monotonic() >= end:
            break
    connection.close()
    pipe.send(answered)


def measure(row: Row, folder: Path, *, seconds: float) -> Figures:
    """Start a server, load it, and return the figures."""
    server = Server(row, folder)
    try:
        pipes, workers = [], []
        began, cpu_s = time.monotonic(), server.cpu_s()
        for number in range(1, CLIENTS + 1):
            ours, theirs = multiprocessing.Pipe(duplex=False)
            arguments = (row, server.url, server.folder, number, seconds, theirs)
            workers.append(multiprocessing.Process(target=client, args=arguments))
            workers[-1].start()
            pipes.append(ours)
        requests = sum(pipe.recv() for pipe in pipes)
        figures = Figures(requests, time.monotonic() - began, server.cpu_s() - cpu_s)
        for worker in workers:
            worker.join()
        return figures
    finally:
        server.stop()


def serve(kind: str, folder: str, store: str) -> int:
    """Be the server that is measured."""
    from fakeserver import serve as command
    from fakeserver.live import serving

    def bare(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"ok"]

    if kind == "bare":
        serving.application = lambda *_arguments, **_options: bare
    world = Path(tempfile.mkdtemp()) / "world.json"
    jobs = [{"panda_id": number, "queue": QUEUE} for number in range(1, CLIENTS + 1)]
    world.write_text(json.dumps({"jobs": jobs}))

    def ready(served: serving.Serving) -> None:
        from fakeserver.matching import JobRequest

        with served.live.effect() as model:
            now = served.live.clock.now()
            request = JobRequest(queue=QUEUE, label="managed", element=QUEUE, node="wn1")
            model.dispatch(request, who="bench", now=now, count=CLIENTS)

    options = command.Options(
        worlds=(world,),
        port=0,
        plain_port=0,
        folder=Path(folder),
        store=Path(store) if store else None,
        anonymous=True,
    )
    return command.run(options, on_ready=ready)


HEAD = """\
| asked | requests a second | of the bare one | CPU of the server, each | of the bare one |
|---|---|---|---|---|"""


def report(row: Row, figures: Figures, bare: Figures) -> str:
    """Return one line of the table; *bare* are the figures of the bare application."""
    rates = f"{figures.rate:,.0f} | {figures.rate / bare.rate:.0%}"
    costs = f"{figures.cpu_us:,.0f} µs | {figures.cpu_us / bare.cpu_us:.1f} ×"
    return f"| {row.name} | {rates} | {costs} |"


def main() -> int:
    """Measure, or be a server."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--serve", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        return serve(*options.serve)
    print(HEAD)
    bare: dict[tuple[bool, bool], Figures] = {}
    with tempfile.TemporaryDirectory() as folder:
        for row in ROWS:
            figures = measure(row, Path(folder), seconds=options.seconds)
            # The bare application comes first each time, on the same kind of connection.
            against = bare.setdefault((row.secure, row.stays), figures)
            print(report(row, figures, against), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
