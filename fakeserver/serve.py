"""``flightsim serve``: the PanDA server in real life, with TLS, until somebody stops it.

Everything that knows sockets and threads lies in ``fakeserver.live``; here is how one is put
together, and stopped. By default it has two ports of this machine: TLS, where a client's
certificate or token says who it is, and plain http, where nobody is anybody.
"""

from __future__ import annotations

import contextlib
import secrets
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Callable
from typing import Iterator
from typing import Sequence
from typing import TextIO

from fakeserver.live.credentials import Folder
from fakeserver.live.credentials import lend
from fakeserver.live.credentials import make_folder
from fakeserver.live.mail import Mail
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
from fakeserver.policy import read_policy
from fakeserver.store import Store
from fakeserver.store import open_store
from simkernel import ScenarioError

SECURE_PORT = 25443
PLAIN_PORT = 25080
TALK_S = 1.0
PAGE = 10_000
INTERRUPTED = 130

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Options:
    """What a server is to be; ports are numbers, 0 for any that is free, None for none.

    *folder* is where CA and proxies are made, *authorities*, *voms* and *certificate* are used in
    their place. *policy* are changes to the server's, ``name=value``. *store* is a sqlite3 file,
    None for memory; with *fsync* it survives the machine. *journal* gets every event, the
    folder *mail* a message about each alarm. *anonymous* takes who shows nothing for a pilot.
    """

    worlds: tuple[Path, ...] = ()
    host: str = "127.0.0.1"
    port: int | None = SECURE_PORT
    plain_port: int | None = PLAIN_PORT
    folder: Path = Path("flightsim-serve")
    authorities: Path | None = None
    voms: Path | None = None
    certificate: Path | None = None
    vo: str = "atlas"
    anonymous: bool = False
    policy: tuple[str, ...] = ()
    store: Path | None = None
    fsync: bool = False
    journal: Path | None = None
    mail: Path | None = None
    seed: str = "1"
    remote: bool = False


def run(options: Options, *, on_ready: Callable[[Serving], None] = lambda _serving: None) -> int:
    """Serve until stopped by a signal and return an exit code.

    0 after SIGTERM, 130 after SIGINT, 4 when the server could not go on. *on_ready* is called with
    the running server. Raises ScenarioError for options that cannot be had.
    """
    check_host(options.host, remote=options.remote)
    if options.port is None and options.plain_port is None:
        raise ScenarioError("no port is left to serve at", where="serve")
    with contextlib.ExitStack() as stack:
        store = open_store(options.store, fsync=options.fsync)
        stack.callback(store.close)
        folder = None if options.port is None else _folder(options)
        live = _live(options, store, folder, stack)
        _fill(live, options, folder)
        serving = Serving(live, _ports(options, folder), on_error=_say)
        stack.callback(serving.stop)
        stopped = stack.enter_context(_signals())
        serving.run()
        print("\n".join(serving.urls), flush=True)
        _say(f"pages at {serving.urls[-1]}/flightsim/")
        on_ready(serving)
        return _watch(serving, stopped)


def _live(
    options: Options, store: Store, folder: Folder | None, stack: contextlib.ExitStack
) -> LiveServer:
    copy: TextIO | None = None
    if options.journal:
        copy = stack.enter_context(_opened(options.journal))
        _copy_lines(store, copy)
    # Without a folder nobody has a token that this server signed.
    seed = folder.seed if folder else secrets.token_hex()
    policy = read_policy(options.policy, Policy(anonymous=options.anonymous, token_seed=seed))
    mail = Mail(options.mail) if options.mail else None
    return LiveServer(store, policy=policy, seed=options.seed, copy=copy, mail=mail)


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", buffering=1, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise ScenarioError(f"cannot be written: {error.strerror}", where=str(path)) from error


def _copy_lines(store: Store, copy: TextIO) -> None:
    """Write what was journalled before, so that the file is whole after every restart."""
    copy.write('{"journal":1,"live":true}\n')
    after = -1
    while page := store.lines(after=after, count=PAGE):
        copy.writelines(f"{line}\n" for _, line in page)
        after = page[-1][0]


def _ports(options: Options, folder: Folder | None) -> Ports:
    return Ports(
        host=options.host,
        secure=options.port,
        plain=options.plain_port,
        tls=_tls(options, folder) if folder else None,
        remote=options.remote,
    )


def _folder(options: Options) -> Folder:
    hosts = [options.host, "localhost", "127.0.0.1", "::1"]
    if options.remote:
        hosts.append(socket.getfqdn())
    now = int(time.time())  # noqa: TID251 - live, certificates go by the time of day
    folder = make_folder(options.folder, vo=options.vo, hosts=list(dict.fromkeys(hosts)), now=now)
    _say(f"credentials in {folder.path}")
    return folder


def _tls(options: Options, folder: Folder) -> Tls:
    trust = read_trust(options.authorities or folder.authorities, options.voms or folder.voms)
    return Tls(options.certificate or folder.host, trust)


def _fill(live: LiveServer, options: Options, folder: Folder | None) -> None:
    tables = [read_world(path) for path in options.worlds]
    with live.effect() as model:
        live.tables.touch()
        if folder is not None:
            lend(model, folder, vo=options.vo)
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
