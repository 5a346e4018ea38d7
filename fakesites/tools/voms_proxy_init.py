"""voms-proxy-init: a proxy with attributes of VOMS servers.

Models -voms VO and VO:/VO/Role=…, several of them, -valid, -hours, -vomslife, -bits, -limited,
-old, -cert, -key, -out, -noregen, -quiet, and what is told of a server that is not known, does not
answer or does not grant. Not modelled: -order, -target, -include, -failonwarn, -conf, passwords,
more than one server for a VO. The servers that a node knows (/etc/vomses) are those of its world.
Read from italiangrid/voms@2eaeb9a:src/client/vomsclient.cc, and from what Debian's 2.1.1 says.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Generator

import simpy

from certificates.certificate import ProxyKind
from certificates.credential import Credential
from certificates.der import CertificateError
from certificates.pem import blocks
from certificates.voms import PORT
from fakesites import issuers
from fakesites.proxyfiles import proxy_path
from fakesites.tools import ToolCall
from fakesites.tools import Work
from fakesites.tools import tool
from fakesites.tools._proxy_making import HOURS_12_S
from fakesites.tools._proxy_making import NoCredential
from fakesites.tools._proxy_making import Unfit
from fakesites.tools._proxy_making import Wish
from fakesites.tools._proxy_making import holder_of
from fakesites.tools._proxy_making import keep
from fakesites.tools._proxy_making import proxy_by
from fakesites.tools._proxy_making import seconds_of
from fakesites.tools._proxy_making import until_text
from fakesites.tools._proxy_making import words_of
from fakesites.tools.voms_proxy_info import complaint
from simkernel.network import NetError
from simkernel.network import Request
from simkernel.tls import Hello

FLAGS = ("q", "quiet", "limited", "old", "rfc", "noregen", "dont-verify-ac", "verify", "debug")
VALUES = ("voms", "valid", "hours", "vomslife", "bits", "cert", "key", "out")


class Ungranted(Exception):
    """There are no attributes to be had; the words are what is told."""


@tool("voms-proxy-init", "voms-proxy-init2")
def voms_proxy_init(call: ToolCall) -> Work | int:
    """Make a proxy; exit code 0, 1 if it cannot be had, 3 without anything to make it of."""
    vos = vos_of(call.argv[1:])
    try:
        given, others = words_of(call.argv[1:], flags=FLAGS, values=VALUES)
        wish, life_s = wish_of(given)
    except Unfit as error:
        call.err(complaint(call.argv[0], error.name, "requires an argument" if error.wants else ""))
        return 1
    if others:
        call.err(f"Found non option element {others[0]} in command line.\n")
        return 1
    own = proxy_path(call) if "noregen" in given else ""
    try:
        holder = holder_of(call, own or given.get("cert", ""), own or given.get("key", ""))
    except NoCredential:
        return unfounded(call, own)
    return _init(call, holder, wish, given, [(vo, life_s) for vo in vos])


def unfounded(call: ToolCall, own: str) -> int:
    """Say that there is nothing to make a proxy of, and return the exit code."""
    if own:
        call.err(f"Unable to find user certificate or key: {own}\n")
        return 1
    # The first word is the tool's own.
    call.err("ERROR: Coudln't find valid credentials to generate a proxy.\n")
    return 3


def vos_of(words: tuple[str, ...]) -> list[str]:
    """Return what is asked for with each -voms."""
    found = [word.partition("=")[2] for word in words if word.lstrip("-").startswith("voms=")]
    after = pairwise(words)
    return found + [value for word, value in after if word.lstrip("-") == "voms"]


def wish_of(given: dict[str, str]) -> tuple[Wish, int]:
    """Return the proxy asked for, and how long its attributes are to last. Raises Unfit."""
    hours = f"{given['hours']}:0" if "hours" in given else f"{HOURS_12_S // 3600}:00"
    lifetime_s = seconds_of(given.get("valid", hours))
    life_s = seconds_of(given["vomslife"]) if "vomslife" in given else lifetime_s
    if lifetime_s is None or life_s is None or not given.get("bits", "2048").isdigit():
        raise Unfit("-valid", wants=True)
    bits = int(given.get("bits", "2048"))
    return Wish(lifetime_s, bits, "limited" in given, "old" in given), life_s


def _init(
    call: ToolCall,
    holder: Credential,
    wish: Wish,
    given: dict[str, str],
    vos: list[tuple[str, int]],
) -> Work:
    quiet = "q" in given or "quiet" in given
    say = (lambda _text: None) if quiet else call.out
    say(f"Your identity: {holder.subject}\n")
    attributes = []
    for vo, life_s in vos:
        try:
            attributes.append((yield from granted(call, holder, vo, life_s, quiet=quiet)))
        except Ungranted as trouble:
            call.err(f"{trouble}\n")
            return 1
    old = holder.certificate.proxy in (ProxyKind.LEGACY, ProxyKind.LEGACY_LIMITED)
    try:
        made = proxy_by(call, holder, wish, tuple(attributes))
    except CertificateError:
        call.err(f"Cannot make a {'new' if old else 'old'} proxy of this one.\n")
        return 1
    path = given.get("out") or proxy_path(call)
    say("Creating proxy ....... Done\n\n")
    try:
        keep(call, path, made)
    except OSError:
        call.err(f"cannot write to {path}\n")
        return 1
    say(f"Your proxy is valid until {until_text(made.chain.not_after)}\n")
    return 0


def granted(
    call: ToolCall, holder: Credential, asked: str, life_s: int, *, quiet: bool
) -> Generator[simpy.Event, object, bytes]:
    """Return the attributes that the server of a VO grants. Raises Ungranted."""
    vo, _, fqan = asked.partition(":")
    name = f"voms.{vo}.sim"
    if not call.node.network.knows(name):
        raise Ungranted(f"VOMS Server for {vo} not known!")
    if not quiet:
        call.out(f'Contacting  {name}:{PORT} [{issuers.host_dn(name)}] "{vo}" ')
    shown = holder.chain.pem()
    request = Request(
        "VOMS",
        name,
        PORT,
        "/",
        body=f"WANTED={fqan or f'/{vo}'}\nLIFE={life_s}\n".encode(),
        source=call.node.name,
        who=call.owner,
        client=shown,
        tls=True,
        hello=Hello(name, shown),
    )
    try:
        response = yield from call.node.network.fetch(request)
    except NetError as error:
        why = f"Error: Could not establish authenticated connection with the server.\n{error.text}"
        raise refused(call, vo, why, quiet=quiet) from error
    text = response.body.decode()
    if text.startswith("ERROR="):
        raise refused(call, vo, f"Error: {text[len('ERROR=') :]}", quiet=quiet)
    if not quiet:
        call.out("Done\n")
    if text.startswith("WARNING="):
        warning = text.partition("\n")[0][len("WARNING=") :]
        call.err(f"\nWarning: {name}:{PORT}: {warning}\n")
    return next(body for _, body in blocks(text))


def refused(call: ToolCall, vo: str, why: str, *, quiet: bool) -> Ungranted:
    """Say that the server failed, and return what ends the program."""
    if not quiet:
        call.out("Failed\n")
    none = f"None of the contacted servers for {vo} were capable"
    return Ungranted(f"\n{why}\n\n{none}\nof returning a valid AC for the user.")
