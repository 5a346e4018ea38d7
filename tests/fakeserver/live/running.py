"""Live servers for tests: in this process, on free ports of loopback, with their own CA."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Iterator

import requests

from certificates.authority import Authority
from certificates.authority import new_authority
from certificates.credential import Credential
from certificates.proxies import proxy_of
from certificates.voms import VomsServer
from fakeserver import Policy
from fakeserver.live.credentials import Folder
from fakeserver.live.credentials import make_folder
from fakeserver.live.server import LiveServer
from fakeserver.live.serving import Ports
from fakeserver.live.serving import Serving
from fakeserver.live.serving import Tls
from fakeserver.live.trust import read_trust
from fakeserver.store import open_store

PATIENCE_S = 60.0
HOUR_S = 3600
QUEUE = "BNL_ATLAS_1"
JSON = {"Accept": "application/json"}


class Hand:
    """A time of day that tests turn by hand."""

    def __init__(self, now: float) -> None:
        self.now = now

    def read(self) -> float:
        """Return what it shows."""
        return self.now


def new_live(store: Path | None = None, **changes: Any) -> LiveServer:
    """Return a live server that listens nowhere."""
    options: dict[str, Any] = {"policy": Policy()} | changes
    return LiveServer(open_store(store), **options)


def now() -> int:
    """Return the time of day, by which certificates go."""
    return int(time.time())  # noqa: TID251


def eventually(claim: Callable[[], bool]) -> None:
    """Wait until *claim* is true, and fail if it never is."""
    for _ in range(int(PATIENCE_S / 0.05)):
        if claim():
            return
        threading.Event().wait(0.05)
    assert claim()


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers, and the folder of its credentials if it speaks TLS."""

    serving: Serving
    folder: Folder | None = None
    problems: tuple[str, ...] | list[str] = ()

    @property
    def live(self) -> LiveServer:
        """Return what is served."""
        return self.serving.live

    @property
    def plain(self) -> str:
        """Return the address without TLS."""
        assert self.serving.plain is not None
        return self.serving.plain.url

    @property
    def secure(self) -> str:
        """Return the address with TLS."""
        assert self.serving.secure is not None
        return self.serving.secure.url

    def control(self, method: str, name: str, **body: Any) -> Any:
        """Ask the control plane and return what it says."""
        url = f"{self.plain}/flightsim/control/{name}"
        answer = requests.request(method, url, json=body or None, timeout=PATIENCE_S)
        if method == "DELETE":
            answer = requests.delete(url, headers={"Content-Type": "application/json"}, timeout=20)
        assert 200 == answer.status_code, answer.text
        return answer.json()

    def session(self, proxy: Path | None) -> requests.Session:
        """Return a session that shows *proxy* and believes this server's CA."""
        assert self.folder is not None
        session = requests.Session()
        session.trust_env = False  # REQUESTS_CA_BUNDLE would go before what is said here
        session.verify = str(next(self.folder.authorities.glob("*.0")))
        session.cert = None if proxy is None else str(proxy)
        return session


@contextlib.contextmanager
def running(live: LiveServer, *, folder: Folder | None = None) -> Iterator[Running]:
    """Serve *live*, with TLS if there is a *folder*, and stop it afterwards."""
    problems: list[str] = []
    tls = folder and Tls(folder.host, read_trust(folder.authorities, folder.voms))
    ports = Ports(secure=0 if tls else None, plain=0, tls=tls)
    serving = Serving(live, ports, on_error=problems.append)
    serving.run()
    try:
        yield Running(serving, folder, problems)
    finally:
        serving.stop()


def new_folder(path: Path) -> Folder:
    """Return credentials at *path* that are good now."""
    return make_folder(path, vo="atlas", hosts=("127.0.0.1", "localhost"), now=now())


@dataclass(frozen=True, slots=True)
class Issuer:
    """A CA with one person, and the VOMS server that it certified."""

    authority: Authority
    person: Credential
    voms: VomsServer

    def proxy(self, *fqans: str, **changes: Any) -> str:
        """Return the text of a proxy with *fqans*, begun an hour ago unless told otherwise."""
        begin = now() - HOUR_S
        attributes = []
        if fqans:
            lifetime_s = changes.pop("attributes_lifetime_s", 12 * HOUR_S)
            attributes = [
                self.voms.attributes(
                    self.person.certificate, fqans=fqans, not_before=begin, lifetime_s=lifetime_s
                )
            ]
        values = {"not_before": begin, "attributes": attributes} | changes
        return proxy_of(self.person, **values).pem()


@lru_cache(maxsize=4)
def issuer(seed: str, dn: str = "/DC=sim/DC=grid/CN=flightsim CA") -> Issuer:
    """Return the CA of a folder with that seed, or one of that name with another seed."""
    begin = 1_767_225_600
    authority = new_authority(dn, seed=seed, not_before=begin)
    person = authority.issue_user(
        "/DC=sim/DC=grid/OU=People/CN=Grace Hopper", not_before=begin, lifetime_s=10**8
    )
    host = authority.issue_host("voms.grid.sim", not_before=begin, lifetime_s=10**8)
    return Issuer(authority, person, VomsServer("atlas", host, "voms.grid.sim:15001"))
