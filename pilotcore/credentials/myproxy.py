"""Proxies from a MyProxy server, which knows the pilot by its own proxy: no passphrase is needed.

Whom the server lets fetch a credential, its policies say: a list of DNs, in which parentheses have
to be escaped by whoever writes it, or an attribute (FQAN). The name of a credential is no pattern:
it is passed on as it is, brackets and all, and never through a shell (pilot 1 escaped it, and did
not find its own). ``GT_PROXY_MODE=old`` in the queue's catchall asks Globus for proxies of the old
kind, which old storages and gLExec want.
Read from PanDAWMS/pilot@a0cb471:myproxyUtils.py and gridcf/gct: myproxy_get_delegation.c.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Mapping

from pilotcore.commands import run
from pilotcore.logbook import Logbook
from pilotcore.orders import Orders
from pilotcore.platform import Command
from pilotcore.platform import Platform

VARIABLE = "MYPROXY_SERVER"
MODE_VARIABLE = "GT_PROXY_MODE"
HOURS = 12
TIMEOUT_S = 120.0
# What delegation adds to the name of whoever delegates.
ADDED = re.compile(r"(/CN=(proxy|limited proxy|\d+))+$")


def owner_of(dn: str) -> str:
    """Return the *dn* of a person, without what proxies add to it."""
    return ADDED.sub("", dn)


class MyProxy:
    """Asks one server, as whoever *proxy* belongs to; *mode* is GT_PROXY_MODE, "" to leave it."""

    def __init__(
        self,
        platform: Platform,
        log: Logbook,
        *,
        env: Mapping[str, str],
        server: str,
        proxy: Path,
        mode: str = "",
    ) -> None:
        self._platform = platform
        self._log = log
        self._server = server
        self._proxy = proxy
        own = {MODE_VARIABLE: mode} if mode else {}
        self._env = {**env, "X509_USER_PROXY": str(proxy), **own}

    def fetch(
        self, target: Path, *, username: str, name: str = "", orders: Orders | None = None
    ) -> str:
        """Put the credential of *username* into *target*, mode 600; return why not, or "".

        The owner of an empty *username* is the pilot itself, whose proxy is renewed. Raises
        Cancelled if an order stands.
        """
        # Half a proxy must not be there for anybody, nor one that others may read for a moment.
        draft = target.with_name(f"{target.name}.new")
        whose = ("-l", owner_of(username)) if username else ("-d", "-a", str(self._proxy))
        named = ("-k", name) if name else ()
        argv = ("myproxy-logon", "-s", self._server, "-n", *whose, *named, "-t", str(HOURS))
        command = Command((*argv, "-o", str(draft)), env=self._env)
        outcome = run(self._platform, command, timeout_s=TIMEOUT_S, orders=orders)
        try:
            why = self._complaint(outcome.code, outcome.words, draft)
            if not why:
                draft.chmod(0o600)
                draft.replace(target)
        except OSError as error:
            why = f"{draft.name}: {error.strerror}"
        finally:
            draft.unlink(missing_ok=True)
        whom = username or "the pilot"
        self._log.info(f"MyProxy, credential of {whom}: {why or 'fetched'}")
        return why

    def _complaint(self, code: int, words: str, path: Path) -> str:
        if code:
            return f"myproxy-logon {code}: {words[-160:]}"
        if not path.is_file() or "-----BEGIN" not in path.read_text(encoding="utf-8"):
            return "myproxy-logon said yes, but left no proxy"
        return ""


def myproxy_of(
    platform: Platform,
    log: Logbook,
    *,
    env: Mapping[str, str],
    catchall: Mapping[str, str],
    proxy: Path,
    server: str = "",
) -> MyProxy | None:
    """Return what asks *server*, or the site's own; None if there is none."""
    server = server or env.get(VARIABLE, "")
    if not server:
        return None
    mode = catchall.get(MODE_VARIABLE, "")
    return MyProxy(platform, log, env=env, server=server, proxy=proxy, mode=mode)
