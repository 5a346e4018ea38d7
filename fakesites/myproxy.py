"""A MyProxy server: keeps proxies, and signs shorter ones for whoever may have them.

Models storing, information, retrieval by passphrase and by whom one is (policies of the server and
of each credential, by DN or by FQAN), renewal, removal, and the words of refusals. A policy is a
pattern with * and ?, otherwise an extended regular expression: several DNs are joined by "|", and
parentheses in a DN have to be written ``\\(`` and ``\\)``, or the DN does not match itself.
Not modelled: PAM, SASL, the online CA, trust roots, passphrase policies, locks, the protocol's
delegation by request (the new key is made here).
Read from gridcf/gct@0555c83ec:myproxy/source/myproxy_server_config.c (regex_compare,
myproxy_server_check_policy_ext), myproxy_server.c (myproxy_authorize_accept), myproxy_creds.c.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Callable
from typing import Generator

from certificates.credential import read_credential
from certificates.der import CertificateError
from certificates.proxies import proxy_of
from fakesites import issuers
from fakesites.credentials import Credential
from fakesites.credentials import CredentialError
from fakesites.credentials import check_attributes
from fakesites.credentials import read_pem
from fakesites.recipes import BACKDATED_S
from fakesites.tls_front import TlsFront
from simkernel import Network
from simkernel import Request
from simkernel import Response
from simkernel.network import Service

HOST = issuers.MYPROXY
PORT = 7512
GET, PUT, INFO, DESTROY = "0", "1", "2", "3"
HOURS_12_S = 12 * 3600
FQAN, SUBJECT = "FQAN:", "SUBJECT:"


class Refused(Exception):
    """The server does not do it, in its words."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A proxy that the server keeps: the *text* of its file, and who may do what with it.

    *owner* stored it, under *username* and *name*. The policies are patterns, "" for none of its
    own; *passphrase* "" opens nothing. What is signed lasts *lifetime_s* at most.
    """

    username: str
    owner: str
    text: str = field(repr=False)
    name: str = ""
    passphrase: str = field(default="", repr=False)
    retrievers: str = ""
    renewers: str = ""
    trusted: str = ""
    lifetime_s: int = HOURS_12_S


@dataclass(frozen=True, slots=True)
class Policies:
    """Who may do what on this server at all: patterns, by DN or (with FQAN:) by FQAN."""

    accepted: tuple[str, ...] = ("*",)
    retrievers: tuple[str, ...] = ("*",)
    renewers: tuple[str, ...] = ("*",)
    trusted: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: the *name* without what proxies add, and *fqans* that are good now."""

    name: str
    fqans: tuple[str, ...] = ()


class MyProxy:
    """The server; *wall* tells the time (POSIX seconds)."""

    def __init__(
        self, *, wall: Callable[[], float], policies: Policies | None = None, seed: str = ""
    ) -> None:
        self.policies = policies or Policies()
        self._wall = wall
        self._seed = seed
        self._kept: dict[tuple[str, str], Stored] = {}
        self._count = 0

    def open(self, network: Network) -> None:
        """Listen on *network*."""
        front = TlsFront(issuers.host(HOST), wall=self._wall)
        network.add_host(HOST)
        network.listen(HOST, PORT, Service(self.handle, front.greet))

    def keep(self, stored: Stored) -> None:
        """Keep a credential, whoever has one under that name already."""
        self._kept[stored.username, stored.name] = stored

    def find(self, username: str, name: str = "") -> Stored | None:
        """Return what is kept under these names."""
        return self._kept.get((username, name))

    # -- asking

    def handle(self, request: Request) -> Generator[Any, Any, Response]:
        """Answer one request: lines of NAME=value, of which COMMAND says what is wanted."""
        fields = dict(line.split("=", 1) for line in request.body.decode().split("\n") if line)
        fields |= {"PROXY": fields.get("PROXY", "").replace("\t", "\n")}
        try:
            client = self._client(request.client)
            body = self._answer(client, fields)
        except Refused as refusal:
            body = f"RESPONSE=1\nERROR={refusal}"
        return Response(200, (), f"VERSION=MYPROXYv2\n{body}".encode())
        yield  # Taking no time, this is a generator like any handler.

    def _client(self, shown: str) -> Client:
        try:
            found = read_pem(shown)
        except CredentialError:
            return Client("<anonymous>")
        good = check_attributes(found, now=self._wall()) is None
        return Client(found.dn, found.fqans if good else ())

    def _answer(self, client: Client, fields: dict[str, str]) -> str:
        commands = {GET: self._get, PUT: self._put, INFO: self._info, DESTROY: self._destroy}
        command = commands.get(fields.get("COMMAND", ""))
        if command is None:
            raise Refused("Unknown command")
        return f"RESPONSE=0\n{command(client, fields)}"

    def _existing(self, fields: dict[str, str]) -> Stored:
        username, name = fields.get("USERNAME", ""), fields.get("CRED_NAME", "")
        found = self.find(username, name)
        if found is not None:
            return found
        if name:
            named = f'"{username}" and credential name "{name}"'
            raise Refused(f"No credentials exist with username {named}.")
        raise Refused(f'No credentials exist for username "{username}".')

    def _get(self, client: Client, fields: dict[str, str]) -> str:
        """Sign a proxy of what is kept, for whom the policies let."""
        policies = self.policies
        stored = self.find(fields.get("USERNAME", ""), fields.get("CRED_NAME", ""))
        may_retrieve = allows(policies.retrievers, stored.retrievers if stored else "", client)
        may_renew = allows(policies.renewers, stored.renewers if stored else "", client)
        if not may_retrieve and not may_renew:
            which = "credential's" if stored and stored.retrievers else "server's"
            raise Refused(f'"{client.name}" not authorized by {which} authorized_retrievers policy')
        stored = stored or self._existing(fields)
        renews = "RENEW" in fields and bool(stored.renewers) and may_renew
        if not (self._is_trusted(stored, client) or renews or opens(stored, fields)):
            given = fields.get("PASSPHRASE")
            raise Refused("invalid password" if given else "no passphrase\nauthentication failed")
        return self._signed(stored, int(fields.get("LIFETIME") or HOURS_12_S))

    def _is_trusted(self, stored: Stored, client: Client) -> bool:
        """Tell whether *client* needs no passphrase; without a policy of its own nobody does."""
        if not stored.trusted or client.name == stored.owner:
            return False
        return allows(self.policies.trusted, stored.trusted, client)

    def _signed(self, stored: Stored, lifetime_s: int) -> str:
        self._count += 1
        now = int(self._wall())
        held = read_credential(stored.text, seed=f"{self._seed} myproxy {self._count}")
        wanted_s = min(lifetime_s, stored.lifetime_s)
        end = min(now + wanted_s, held.chain.not_after)
        if end <= now:
            raise Refused("the credential has expired")
        begin = now - BACKDATED_S
        return proxy_of(held, not_before=begin, lifetime_s=end - begin).pem()

    def _put(self, client: Client, fields: dict[str, str]) -> str:
        """Keep the proxy sent."""
        if not any(matches(policy, client) for policy in self.policies.accepted):
            what = "to store credentials on this server (accepted_credentials policy)"
            raise Refused(f'"{client.name}" not authorized {what}')
        username, name = fields.get("USERNAME", ""), fields.get("CRED_NAME", "")
        there = self.find(username, name)
        if there is not None and there.owner != client.name:
            owned = f'and they are not owned by\n"{client.name}",\nso you may not overwrite them.'
            raise Refused(f"Credentials are already stored for user {username}\n{owned}")
        try:
            read_credential(fields["PROXY"], seed="")
        except (CertificateError, KeyError):
            raise Refused("Unable to read the credential") from None
        self.keep(
            Stored(
                username,
                client.name,
                fields["PROXY"],
                name=name,
                passphrase=fields.get("PASSPHRASE", ""),
                retrievers=fields.get("RETRIEVER", ""),
                renewers=fields.get("RENEWER", ""),
                trusted=fields.get("RETRIEVER_TRUSTED", ""),
                lifetime_s=int(fields.get("LIFETIME") or HOURS_12_S),
            )
        )
        return ""

    def _info(self, client: Client, fields: dict[str, str]) -> str:
        """Tell what the owner has stored under a name."""
        username = fields.get("USERNAME", "")
        mine = [
            stored
            for (user, _), stored in sorted(self._kept.items())
            if user == username and stored.owner == client.name
        ]
        if not mine:
            raise Refused(f'no credentials found for user {username}, owner "{client.name}"')
        return "".join(self._described(stored) for stored in mine)

    def _described(self, stored: Stored) -> str:
        held: Credential = read_pem(stored.text)
        left = max(0, held.chain.not_after - int(self._wall()))
        days = f"  ({left / 86_400:.1f} days)" if left > 86_400 else ""
        policies = (
            ("name", stored.name),
            ("retrieval policy", stored.retrievers),
            ("renewal policy", stored.renewers),
            ("trusted retrieval policy", stored.trusted),
        )
        lines = [f"owner: {stored.owner}", f"username: {stored.username}"]
        lines += [f"  {what}: {text}" for what, text in policies if text]
        clock = f"{left // 3600}:{left % 3600 // 60:02d}:{left % 60:02d}"
        return "".join(f"{line}\n" for line in (*lines, f"  timeleft: {clock}{days}"))

    def _destroy(self, client: Client, fields: dict[str, str]) -> str:
        """Forget what the owner has stored under these names."""
        stored = self._existing(fields)
        if stored.owner != client.name:
            raise Refused(f'Credentials not owned by "{client.name}".')
        del self._kept[stored.username, stored.name]
        return ""


def opens(stored: Stored, fields: dict[str, str]) -> bool:
    """Tell whether the passphrase sent is that of the credential."""
    return bool(stored.passphrase) and fields.get("PASSPHRASE") == stored.passphrase


def allows(server: tuple[str, ...], own: str, client: Client) -> bool:
    """Tell whether the *server*'s policies, and the credential's *own* if any, let *client*."""
    if not any(matches(policy, client) for policy in server):
        return False
    return not own or matches(own, client)


def matches(policy: str, client: Client) -> bool:
    """Tell whether *client* is one that *policy* means."""
    if policy.upper().startswith(FQAN):
        pattern = policy[len(FQAN) :]
        return any(is_match(pattern, fqan) for fqan in client.fqans)
    return is_match(policy.removeprefix(SUBJECT), client.name)


def is_match(pattern: str, name: str) -> bool:
    """Tell whether *name* fits *pattern*; one that is no expression fits nothing."""
    try:
        return re.search(expression(pattern), name) is not None
    except re.error:
        return False


def expression(pattern: str) -> str:
    """Return the regular expression that the server makes of *pattern*."""
    made, escaped = "", False
    for character in pattern:
        if character == "\\" and not escaped:
            escaped = True
            continue
        if character in "*?":
            made += character if escaped else {"*": ".*", "?": "."}[character]
        elif character == "." and not escaped:
            made += r"\."
        elif character in ".\\":
            made += character
        else:
            made += f"\\{character}" if escaped else character
        escaped = False
    return rf"^({made})\Z"
