"""The pilot's credential: is it there, whose business is its mode, and how long does it last.

The VOMS attributes of a proxy may expire before the proxy does; a server or a door then refuses
what the certificate alone would allow. That is error 1177, not 1163. A tool that is missing or
does not work says nothing about the credential, and stops nobody (INC-071).
Read from pilot3@a090538b:pilot/user/atlas/proxy.py.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from typing import Mapping

from pilotcore.commands import NOT_FOUND
from pilotcore.commands import Outcome
from pilotcore.commands import run
from pilotcore.errors import PilotError
from pilotcore.logbook import Logbook
from pilotcore.orders import Orders
from pilotcore.platform import Command
from pilotcore.platform import Platform

TOOL_TIMEOUT_S = 60.0
ARCPROXY = ("validityEnd", "validityLeft", "vomsACvalidityEnd", "vomsACvalidityLeft")
NO_PROXY_WORDS = ("find a valid proxy", "proxy not found")


@dataclass(frozen=True)
class Lifetimes:
    """Seconds left of a proxy and of its VOMS attributes (0 if it has none)."""

    proxy_s: float
    voms_s: float


class Credential:
    """The proxy file, or the token, by which the pilot is known."""

    def __init__(
        self,
        platform: Platform,
        log: Logbook,
        *,
        env: Mapping[str, str],
        verify: bool,
        use_token: bool = True,
    ) -> None:
        self._platform = platform
        self._log = log
        self._env = dict(env)
        self._verify = verify
        self._token = use_token and bool(token_file(env, platform.path))

    @property
    def proxy(self) -> Path:
        """Return where the proxy is expected."""
        return self._platform.path(proxy_file(self._env))

    def check(self, *, least_s: float, soon: int, orders: Orders | None = None) -> None:
        """Raise PilotError unless the credential is good for *least_s* seconds.

        1163: no valid proxy; 1177: no valid VOMS attributes; *soon* (1382 at the start, 1370
        later): one of them expires too early.
        """
        if self._token:
            return
        check_file(self.proxy)
        if not self._verify:
            return
        left = self._lifetimes(orders)
        if left is not None:
            judge(left, least_s=least_s, soon=soon)

    def _lifetimes(self, orders: Orders | None) -> Lifetimes | None:
        """Ask the tools in turn; None if none of them can tell."""
        for ask in (self._arcproxy, self._voms_proxy_info):
            left = ask(orders)
            if left is not None:
                self._log.info(f"proxy: {left.proxy_s:.0f} s, VOMS attributes: {left.voms_s:.0f} s")
                return left
        self._log.warning("no tool can tell how long the proxy lasts; going on")
        return None

    def _run(self, *argv: str, orders: Orders | None) -> Outcome:
        env = {**self._env, "X509_USER_PROXY": str(self.proxy)}
        command = Command(argv, env=env)
        outcome = run(self._platform, command, timeout_s=TOOL_TIMEOUT_S, orders=orders)
        if outcome.code:
            self._log.warning(f"{argv[0]}: code {outcome.code}: {outcome.words[:120]}")
        return outcome

    def _arcproxy(self, orders: Orders | None) -> Lifetimes | None:
        asked = [word for name in ARCPROXY for word in ("-i", name)]
        outcome = self._run("arcproxy", *asked, orders=orders)
        # An item that the proxy does not have is an empty line or N/A.
        lines = outcome.stdout.rstrip("\n").split("\n")
        lines += [""] * (len(ARCPROXY) - len(lines))
        if outcome.code or len(lines) != len(ARCPROXY):
            return None
        proxy, voms = seconds_of(lines[1]), seconds_of(lines[3])
        return None if proxy is None else Lifetimes(proxy, voms or 0.0)

    def _voms_proxy_info(self, orders: Orders | None) -> Lifetimes | None:
        where = ("-file", str(self.proxy))
        outcome = self._run("voms-proxy-info", "-timeleft", *where, orders=orders)
        if outcome.code == NOT_FOUND:
            return None
        if any(word in outcome.words.lower() for word in NO_PROXY_WORDS):
            raise PilotError(1163, outcome.words[:120])
        proxy = last_number(outcome)
        if proxy is None:
            return None
        outcome = self._run("voms-proxy-info", "-actimeleft", *where, orders=orders)
        voms = last_number(outcome)
        if voms is None and outcome.code and outcome.words:
            # Without attributes it says nothing. Here it broke down in between: what it did not
            # say is not held against the proxy.
            voms = proxy
        return Lifetimes(proxy, voms or 0.0)


def token_file(env: Mapping[str, str], path: Callable[[str], Path] = Path) -> str:
    """Return the file of the token that stands in for a proxy, or "" if there is none.

    *path* makes paths.
    """
    for family in ("PANDA", "OIDC"):
        token, origin = env.get(f"{family}_AUTH_TOKEN"), env.get(f"{family}_AUTH_ORIGIN")
        if token and origin:
            folder = env.get(f"{family}_AUTH_DIR") or env.get("HOME") or "."
            there = path(folder) / token
            return str(there) if there.is_file() else ""
    return ""


def proxy_file(env: Mapping[str, str]) -> str:
    """Return where the proxy is: X509_USER_PROXY, or the place that Globus has for it."""
    return env.get("X509_USER_PROXY") or f"/tmp/x509up_u{os.getuid()}"


def check_file(path: Path) -> None:
    """Raise PilotError (1163) unless *path* is a proxy that Globus tools would take."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise PilotError(1163, f"{path.name}: {error.strerror}") from error
    if "-----BEGIN" not in text:
        raise PilotError(1163, f"{path.name} is no PEM file")
    if stat.S_IMODE(mode) & 0o077:
        raise PilotError(1163, f"{path.name} has mode {stat.S_IMODE(mode):o}, must be 600")


def judge(left: Lifetimes, *, least_s: float, soon: int) -> None:
    """Raise PilotError unless both lifetimes of *left* are at least *least_s* seconds."""
    if left.proxy_s <= 0:
        raise PilotError(1163, "the proxy has expired")
    if left.voms_s <= 0:
        raise PilotError(1177, f"no valid VOMS attributes; the proxy has {left.proxy_s:.0f} s left")
    shortest = min(left.proxy_s, left.voms_s)
    if shortest < least_s:
        what = "VOMS attributes have" if left.voms_s < left.proxy_s else "proxy has"
        raise PilotError(soon, f"{what} {shortest:.0f} s left, {least_s:.0f} s are needed")


def seconds_of(text: str) -> float | None:
    """Return the seconds in *text*: a number or H:MM:SS; None if it is neither (``N/A``)."""
    try:
        parts = [float(part) for part in text.strip().split(":")]
    except ValueError:
        return None
    return sum(part * 60.0**power for power, part in enumerate(reversed(parts)))


def last_number(outcome: Outcome) -> float | None:
    """Return the seconds on the last line of the output: warnings may come before it.

    The exit code is 1 for a proxy that has expired, so that it says nothing about the number.
    """
    lines = outcome.stdout.strip().splitlines()
    return seconds_of(lines[-1]) if lines else None
