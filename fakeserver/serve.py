"""``flightsim serve``: the PanDA server in real life, with TLS, until somebody stops it.

Everything that knows sockets, threads and the time of day lies in ``fakeserver.live``; here is
the command line around it. By default two ports of this machine: TLS, where a client's
certificate or token says who it is, and plain http, where nobody is anybody.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Callable
from typing import Iterator
from typing import Sequence
from typing import TextIO

from fakeserver.live.credentials import Folder
from fakeserver.live.credentials import make_folder
from fakeserver.live.server import LiveServer
from fakeserver.live.serving import Ports
from fakeserver.live.serving import Serving
from fakeserver.live.serving import Tls
from fakeserver.live.serving import check_host
from fakeserver.live.talk import Talk
from fakeserver.live.trust import read_trust
from fakeserver.live.worlds import fill
from fakeserver.live.worlds import read_world
from fakeserver.policy import Policy
from fakeserver.store import Store
from fakeserver.store import open_store

SECURE_PORT = 25443
PLAIN_PORT = 25080
TALK_S = 1.0
PAGE = 10_000
INTERRUPTED = 130

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def main(
    arguments: Sequence[str], *, on_ready: Callable[[Serving], None] = lambda _serving: None
) -> int:
    """Serve from the command line until stopped and return an exit code.

    0 after SIGTERM, 130 after SIGINT, 4 when the server could not go on.
    """
    options = _options().parse_args(arguments)
    check_host(options.host, remote=options.remote)
    with contextlib.ExitStack() as stack:
        live = _live(options, stack)
        serving = Serving(live, _ports(options), on_error=_say)
        stack.callback(serving.stop)
        _fill(live, options.world)
        stopped = stack.enter_context(_signals())
        serving.run()
        print("\n".join(serving.urls), flush=True)
        _say(f"pages at {serving.urls[-1]}/flightsim/")
        on_ready(serving)
        return _watch(serving, stopped)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="flightsim serve",
        description="Serve the fake PanDA server over HTTPS and HTTP, in real time, until stopped.",
    )
    text = parser.add_argument
    text("world", nargs="*", type=Path, help="JSON files with queues, endpoints, jobs")
    text("--host", default="127.0.0.1", help="address to listen at (127.0.0.1)")
    text("--port", type=_port, default=SECURE_PORT, help="port with TLS; 0 any, - none (25443)")
    text("--plain-port", type=_port, default=PLAIN_PORT, help="port without; 0 any, - none (25080)")
    text("--folder", type=Path, default=Path("flightsim-serve"), help="CA and proxies; made here")
    text("--authorities", type=Path, help="another folder of CAs (X509_CERT_DIR)")
    text("--voms", type=Path, help="another folder of VOMS servers (X509_VOMS_DIR)")
    text("--certificate", type=Path, help="another host certificate, with its key and issuers")
    text("--vo", default="atlas", help="the VO of the folder (atlas)")
    text("--anonymous", action="store_true", help="take who shows nothing for a pilot")
    text("--store", type=Path, help="sqlite3 file that survives a kill; memory without")
    text("--fsync", action="store_true", help="wait for the disk: survive the machine, too")
    text("--journal", type=Path, help="file to write the events to")
    text("--seed", default="1", help="what chance is made of (1)")
    text("--remote", action="store_true", help="allow a host that is not loopback")
    return parser


def _port(text: str) -> int | None:
    if text == "-":
        return None
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port")
    return number


def _live(options: argparse.Namespace, stack: contextlib.ExitStack) -> LiveServer:
    store = open_store(options.store, fsync=options.fsync)
    stack.callback(store.close)
    copy: TextIO | None = None
    if options.journal:
        copy = stack.enter_context(options.journal.open("w", buffering=1, encoding="utf-8"))
        _copy_lines(store, copy)
    policy = Policy(anonymous=options.anonymous)
    return LiveServer(store, policy=policy, seed=options.seed, copy=copy)


def _copy_lines(store: Store, copy: TextIO) -> None:
    """Write what was journalled before, so that the file is whole after every restart."""
    copy.write('{"journal":1,"live":true}\n')
    after = -1
    while page := store.lines(after=after, count=PAGE):
        copy.writelines(f"{line}\n" for _, line in page)
        after = page[-1][0]


def _ports(options: argparse.Namespace) -> Ports:
    return Ports(
        host=options.host,
        secure=options.port,
        plain=options.plain_port,
        tls=None if options.port is None else _tls(options),
        remote=options.remote,
    )


def _tls(options: argparse.Namespace) -> Tls:
    hosts = [options.host, "localhost", "127.0.0.1", "::1"]
    if options.remote:
        hosts.append(socket.getfqdn())
    now = int(time.time())  # noqa: TID251 - live, certificates go by the time of day
    folder: Folder = make_folder(
        options.folder, vo=options.vo, hosts=list(dict.fromkeys(hosts)), now=now
    )
    trust = read_trust(options.authorities or folder.authorities, options.voms or folder.voms)
    _say(f"credentials in {folder.path}")
    return Tls(options.certificate or folder.host, trust)


def _fill(live: LiveServer, worlds: Sequence[Path]) -> None:
    tables = [read_world(path) for path in worlds]
    with live.effect() as model:
        live.tables.touch()
        for world in tables:
            fill(model, world, again=live.generation > 1)


@contextlib.contextmanager
def _signals() -> Iterator[list[int]]:
    """Note the signals that stop a server; what stood there before comes back."""
    noted: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        noted.append(number)
        if len(noted) > 1:
            raise KeyboardInterrupt  # a second time it is meant

    # Signals can be had in the main thread only; elsewhere the caller stops the server.
    if threading.current_thread() is not threading.main_thread():
        yield noted
        return
    before = {number: signal.signal(number, note) for number in SIGNALS}
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch(serving: Serving, stopped: Sequence[int]) -> int:
    """Show progress until the end and return the exit code."""
    talk = Talk(serving)
    try:
        # A signal interrupts the wait only between two turns: they are short.
        while not stopped and not serving.wait(TALK_S):
            talk.show(interval_s=TALK_S)
    finally:
        talk.clear()
    if serving.live.failure:
        return 4
    return INTERRUPTED if signal.SIGINT in stopped else 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
