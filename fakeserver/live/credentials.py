"""A folder of credentials for a live server and its clients: a small grid's own CA and VO.

What is in it is laid out as on grid machines, so that real clients can be pointed at it:

    certificates/  the CA, as X509_CERT_DIR            vomsdir/  the VO, as X509_VOMS_DIR
    host.pem       what the server shows               pilot.pem, production.pem, person.pem
    pilot.token    a token for PANDA_AUTH_TOKEN        pilot.token_key   PANDA_AUTH_TOKEN_KEY
    seed           what all keys are made of

The CA lasts as long as its seed; host, proxies and token are new at each start. Whoever can read
the folder can be anybody here, and nobody anywhere else.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Sequence

from certificates.authority import Authority
from certificates.authority import new_authority
from certificates.credential import Credential
from certificates.folders import authority_files
from certificates.folders import server_files
from certificates.proxies import proxy_of
from certificates.voms import VomsServer
from fakeserver import tokens
from simkernel import ScenarioError

if TYPE_CHECKING:
    from fakeserver.server import PandaServer

BASE = "/DC=sim/DC=grid"
LIFETIME_S = 7 * 86_400
GRACE_S = 3600
"""How long ago all of it began, for clocks that differ."""
CA_BEGIN = 1_767_225_600
"""2026-01-01: a CA that begins anew at each start would be another CA."""
PERSON_LIFETIME_S = 19 * 365 * 86_400
SEED_BYTES = 16
TOKEN_CLIENT = "pilot_server"
"""The name under which pilot3 asks for tokens (util/https.py, refresh_oidc_token)."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a proxy in the folder: the *name* of the file, who it is, groups and roles."""

    name: str
    common_name: str
    roles: tuple[str, ...]


PERSONS = (
    Person("pilot", "Pilot", ("pilot",)),
    Person("production", "Production Manager", ("production",)),
    Person("person", "Ada Lovelace", ()),
)


@dataclass(frozen=True, slots=True)
class Folder:
    """Where everything is."""

    path: Path

    @property
    def authorities(self) -> Path:
        """Return the folder of the CA: X509_CERT_DIR."""
        return self.path / "certificates"

    @property
    def voms(self) -> Path:
        """Return the folder of the VO: X509_VOMS_DIR."""
        return self.path / "vomsdir"

    @property
    def host(self) -> Path:
        """Return the file that the server shows."""
        return self.path / "host.pem"

    @property
    def seed(self) -> str:
        """Return what all its keys are made of, that of the tokens too."""
        return _kept(self.path / "seed")

    def proxy(self, name: str) -> Path:
        """Return the proxy of one of PERSONS."""
        return self.path / f"{name}.pem"


def make_folder(path: Path, *, vo: str, hosts: Sequence[str], now: int) -> Folder:
    """Write a folder of credentials at *path*, good from *now* (POSIX seconds) for a week.

    *hosts* are the names and addresses that the server is called by. The CA of an earlier start
    stays. Raises ScenarioError if the folder cannot be written.
    """
    folder = Folder(path)
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        seed = folder.seed
        authority = new_authority(f"{BASE}/CN=flightsim CA", seed=seed, not_before=CA_BEGIN)
        begin = now - GRACE_S
        server = VomsServer(vo, _host(authority, "voms.grid.sim", (), begin), "voms.grid.sim:15001")
        _write(folder.host, _host(authority, hosts[0], hosts, begin).pem())
        for name, text in authority_files(authority.certificate).items():
            _write(folder.authorities / name, text)
        for name, text in server_files(server).items():
            _write(folder.voms / name, text)
        for person in PERSONS:
            _write(folder.proxy(person.name), proxy(authority, server, person, begin=begin).pem())
        token = tokens.issue(
            "pilot", vo=vo, role="pilot", now=now, lifetime_s=LIFETIME_S, seed=seed
        )
        _write(path / "pilot.token", token)
        _kept(path / "pilot.token_key")
    except OSError as error:
        raise ScenarioError(f"cannot be written: {error.strerror}", where=str(path)) from error
    return folder


def lend(server: PandaServer, folder: Folder, *, vo: str) -> None:
    """Let *server* hand out what is in *folder*: proxies to their owners, tokens to pilots.

    Like the real server's cache of proxies; pilots renew theirs with getProxy and their token, by
    its key, with get_access_token.
    """
    for person in PERSONS:
        text = folder.proxy(person.name).read_text(encoding="ascii")
        for role in (*person.roles, ""):
            server.proxies[f"{person.common_name}|{role}"] = text
        for role in person.roles:
            server.proxies[role] = text
    server.token_keys[TOKEN_CLIENT] = _kept(folder.path / "pilot.token_key")
    server.vault.clients[TOKEN_CLIENT] = {"name": "pilot", "vo": vo, "role": "pilot"}


def proxy(
    authority: Authority,
    server: VomsServer,
    person: Person,
    *,
    begin: int,
    lifetime_s: int = LIFETIME_S,
) -> Credential:
    """Return a proxy of *person* with the attributes of *server*, from *begin* (POSIX seconds)."""
    holder = authority.issue_user(
        f"{BASE}/OU=People/CN={person.common_name}",
        not_before=CA_BEGIN,
        lifetime_s=PERSON_LIFETIME_S,
    )
    fqans = [f"/{server.vo}/Role={role}/Capability=NULL" for role in person.roles]
    attributes = server.attributes(
        holder.certificate,
        fqans=[*fqans, f"/{server.vo}/Role=NULL/Capability=NULL"],
        not_before=begin,
        lifetime_s=lifetime_s,
    )
    return proxy_of(holder, not_before=begin, lifetime_s=lifetime_s, attributes=[attributes])


def _host(authority: Authority, name: str, sans: Sequence[str], begin: int) -> Credential:
    return authority.issue_host(name, not_before=begin, lifetime_s=LIFETIME_S, sans=sans)


def _kept(path: Path) -> str:
    """Return the secret in *path*, a new one if there is none: it may not be guessed."""
    if not path.exists():
        _write(path, secrets.token_hex(SEED_BYTES))
    return path.read_text(encoding="ascii").strip()


def _write(path: Path, text: str) -> None:
    """Write a file that nobody else may read, as grid tools demand of keys."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)
