"""A live server as a whole: its ports, and the thread that lets time pass for it."""

from __future__ import annotations

import contextlib
import ipaddress
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from fakeserver.live.meter import Meter
from fakeserver.live.server import LiveServer
from fakeserver.live.server import StoppedError
from fakeserver.live.tls import server_context
from fakeserver.live.trust import Trust
from fakeserver.live.web import Web
from fakeserver.live.wsgi import application
from simkernel import ScenarioError

REAP_S = 0.5


@dataclass(frozen=True, slots=True)
class Tls:
    """What the TLS port shows, a file with certificate, key and issuers, and whom it believes."""

    certificate: Path
    trust: Trust


@dataclass(frozen=True, slots=True)
class Ports:
    """Where to listen: *host*, the port with *tls*, the plain one; 0 takes a free one, None none.

    A *host* that is not loopback needs *remote*, which also opens monitor and control plane to all.
    """

    host: str = "127.0.0.1"
    secure: int | None = None
    plain: int | None = 0
    tls: Tls | None = None
    remote: bool = False


class Serving:
    """A server that runs; *live* is what it serves, *meter* what passed."""

    def __init__(self, live: LiveServer, ports: Ports, *, on_error: Callable[[str], None]) -> None:
        """Take the ports. Raises ScenarioError if one is not to be had."""
        check_host(ports.host, remote=ports.remote)
        self.live = live
        self.meter = Meter()
        self._on_error = on_error
        self._ports = ports
        self._over = threading.Event()
        self._reaper = threading.Thread(target=self._reap, name="reaper", daemon=True)
        self.secure = self.plain = None
        if ports.secure is not None:
            assert ports.tls is not None
            self.secure = self._web(ports.secure, ports.tls)
        if ports.plain is not None:
            self.plain = self._web(ports.plain, None)

    @property
    def urls(self) -> list[str]:
        """Return where the server is, with TLS first."""
        return [web.url for web in self._webs()]

    def run(self) -> None:
        """Answer from now on, in threads."""
        for web in self._webs():
            web.run()
        self._reaper.start()

    def wait(self, seconds: float) -> bool:
        """Wait, and tell whether the server is over: stopped, or unable to go on."""
        return self._over.wait(seconds)

    def stop(self) -> None:
        """Answer what is under way, then end; what was acknowledged is in the store."""
        self._over.set()
        for web in self._webs():
            web.stop()
        if self._reaper.ident is not None:
            self._reaper.join()
        self.live.close()

    def _webs(self) -> list[Web]:
        return [web for web in (self.secure, self.plain) if web is not None]

    def _web(self, port: int, tls: Tls | None) -> Web:
        app = application(self.live, self.meter, remote=self._ports.remote)
        try:
            return Web(
                (self._ports.host, port),
                app,
                now=time.time,  # noqa: TID251 - certificates end by the time of day
                on_refused=self.meter.refuse,
                on_error=self._on_error,
                context=None
                if tls is None
                else server_context(certificate=str(tls.certificate), trust=tls.trust),
                trust=None if tls is None else tls.trust,
            )
        except OSError as error:
            for web in self._webs():
                web.stop()
            where = f"{self._ports.host}:{port}"
            raise ScenarioError(f"cannot be served: {error}", where=where) from error

    def _reap(self) -> None:
        while not self._over.wait(REAP_S):
            try:
                self.live.reap()
            except StoppedError as error:
                self._on_error(str(error))
                self._over.set()


def check_host(host: str, *, remote: bool) -> None:
    """Raise ScenarioError unless *host* is a loopback address or name, or *remote* is meant."""
    loopback = host == "localhost"
    with contextlib.suppress(ValueError):
        loopback = loopback or ipaddress.ip_address(host).is_loopback
    if not loopback and not remote:
        raise ScenarioError(
            f"{host} is not a loopback address",
            where="serve",
            remedy="this server lets in whoever has its folder; say that you mean it (--remote)",
        )
