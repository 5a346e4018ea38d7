"""arcproxy: the ARC client's view of a proxy (information only).

Models -i (any number of items, printed in the order asked for) and -I. Not modelled: making
proxies, MyProxy. Read from nordugrid/arc@97883437c:src/clients/credentials/arcproxy.cpp. Without
VOMS attributes the real tool prints an empty line for each item that is about them.
"""

from __future__ import annotations

from fakesites.credentials import Credential
from fakesites.credentials import CredentialError
from fakesites.proxyfiles import load_proxy
from fakesites.proxyfiles import proxy_path
from fakesites.tools import ToolCall
from fakesites.tools import tool

TYPE = "X.509 Proxy Certificate Profile RFC compliant impersonation proxy - RFC inheritAll proxy"
SERVER_DN = "/DC=sim/DC=grid/OU=Services/CN=voms.{vo}.sim"
VERSION = "arcproxy version 6.21.0\n"


@tool("arcproxy")
def arcproxy(call: ToolCall) -> int:
    """Print the items asked for; exit code 1 for an unknown item or a proxy that is missing."""
    words = list(call.argv[1:])
    items: list[str] = []
    path, everything = "", False
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if word in ("-v", "--version"):
            call.out(VERSION)
            return 0
        if word in ("-I", "--info"):
            everything = True
        elif name in ("-i", "--infoitem", "-P", "--proxy") and (equals or words):
            value = value if equals else words.pop(0)
            if name in ("-P", "--proxy"):
                path = value
            else:
                items.append(value)
        else:
            return trouble(call, "Wrong number of arguments!")
    if not everything and not items:
        return trouble(
            call,
            "Failed to find certificate and/or private key or files have improper permissions"
            " or ownership.",
        )
    return inform(call, path=proxy_path(call, path), items=None if everything else items)


def trouble(call: ToolCall, text: str) -> int:
    """Say *text* as an error and return the exit code."""
    call.err(f"ERROR: {text}\n")
    return 1


def inform(call: ToolCall, *, path: str, items: list[str] | None) -> int:
    """Print *items* of the proxy in *path*, all there is to say if None."""
    try:
        credential = load_proxy(call, path)
    except PermissionError:
        return trouble(call, f"Cannot process proxy file at {path}.")
    except OSError:
        return trouble(
            call,
            f"Cannot find file at {path} for getting the proxy. Please make sure this file exists.",
        )
    except CredentialError:
        return trouble(call, f"Cannot process proxy file at {path}.")
    now = int(call.node.wall())
    if items is None:
        call.out(overview(credential, path=path, now=now))
        return 0
    answers = answer(credential, path=path, now=now)
    code = 0
    for item in items:
        if item in answers:
            call.out(f"{answers[item]}\n")
        else:
            code = trouble(call, f"Information item '{item}' is not known")
    return code


def answer(credential: Credential, *, path: str, now: int) -> dict[str, str]:
    """Return the value of every item."""
    until = credential.voms_not_after
    voms = until is not None
    return {
        "subject": credential.subject,
        "identity": credential.dn,
        "issuer": credential.issuer,
        "ca": credential.authority,
        "path": path,
        "type": TYPE,
        "validityStart": str(credential.not_before),
        "validityEnd": str(credential.not_after),
        "validityPeriod": str(credential.not_after - credential.not_before),
        "validityLeft": str(credential.proxy_left_s(now)),
        "vomsVO": credential.vo,
        "vomsSubject": credential.dn if voms else "",
        "vomsIssuer": SERVER_DN.format(vo=credential.vo) if voms else "",
        "vomsACvalidityStart": str(credential.not_before) if voms else "",
        "vomsACvalidityEnd": "" if until is None else str(until),
        "vomsACvalidityPeriod": "" if until is None else str(until - credential.not_before),
        "vomsACvalidityLeft": str(credential.voms_left_s(now)) if voms else "",
        "proxyPolicy": "",
        "keybits": str(credential.bits),
        "signingAlgorithm": "sha256",
    }


def overview(credential: Credential, *, path: str, now: int) -> str:
    """Return what -I prints."""
    lines = [
        f"Subject: {credential.subject}",
        f"Issuer: {credential.issuer}",
        f"Identity: {credential.dn}",
        f"Time left for proxy: {proxy_left(credential, now)}",
        f"Proxy path: {path}",
        f"Proxy type: {TYPE}",
        f"Proxy key length: {credential.bits}",
        "Proxy signature: sha256",
    ]
    if credential.voms_not_after is not None:
        lines += attributes(credential, credential.voms_not_after, now)
    return "".join(f"{line}\n" for line in lines)


def attributes(credential: Credential, until: int, now: int) -> list[str]:
    """Return what -I prints of the VOMS attributes."""
    expired = now > until
    return [
        f"====== AC extension information for VO {credential.vo} ======",
        *(["AC is invalid: Out of time restrictions "] if expired else []),
        f"VO        : {credential.vo}",
        f"subject   : {credential.dn}",
        f"issuer    : {SERVER_DN.format(vo=credential.vo)}",
        *(f"attribute : {short(fqan)}" for fqan in credential.fqans),
        f"Time left for AC: {'AC has expired' if expired else period(until - now)}",
    ]


def proxy_left(credential: Credential, now: int) -> str:
    """Return how long the proxy lasts, in ARC's words."""
    if credential.not_after < now:
        return "Proxy expired"
    if now < credential.not_before:
        return "Proxy not valid yet"
    return period(credential.not_after - now)


def period(seconds: int) -> str:
    """Return a duration in words, e.g. 11 hours 59 minutes 7 seconds."""
    if seconds == 0:
        return "0 seconds"
    parts = (
        (seconds // 3600, "hour"),
        (seconds % 3600 // 60, "minute"),
        (seconds % 60, "second"),
    )
    return " ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count)


def short(fqan: str) -> str:
    """Return *fqan* without the parts that are NULL, as ARC shows it."""
    return "/".join(part for part in fqan.split("/") if not part.endswith("=NULL"))
