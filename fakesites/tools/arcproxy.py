"""arcproxy: the ARC client's view of a proxy (information only).

Models -i (any number of items, printed in the order asked for) and -I. Not modelled: making
proxies, MyProxy. Read from nordugrid/arc@97883437c:src/clients/credentials/arcproxy.cpp, and from
what Debian's 6.17.0 says of the same files (docs/reference/fidelity.md). Without VOMS attributes
the real tool prints an empty line for each item that is about them; it takes a file that others
may read for none, and a chain for no longer than the shortest of its certificates.
"""

from __future__ import annotations

from certificates.attributes import Attributes
from certificates.certificate import ProxyKind
from certificates.verdicts import VomsVerdict
from fakesites.credentials import Credential
from fakesites.credentials import CredentialError
from fakesites.credentials import verify_voms
from fakesites.proxyfiles import load_proxy
from fakesites.proxyfiles import mode_of
from fakesites.proxyfiles import proxy_path
from fakesites.tools import ToolCall
from fakesites.tools import tool

RFC = "X.509 Proxy Certificate Profile RFC compliant"
RESTRICTED = f"{RFC} restricted proxy"
TYPES = {
    ProxyKind.FULL: f"{RFC} impersonation proxy - RFC inheritAll proxy",
    ProxyKind.INDEPENDENT: f"{RFC} independent proxy",
    ProxyKind.LEGACY: "Legacy Globus impersonation proxy",
    ProxyKind.LEGACY_LIMITED: "Legacy Globus limited impersonation proxy",
}
VERSION = "arcproxy version 6.17.0\n"
VOMS_WORDS = (
    "vomsVO vomsSubject vomsIssuer vomsACvalidityStart vomsACvalidityEnd vomsACvalidityPeriod "
    "vomsACvalidityLeft"
)
OF_ATTRIBUTES = tuple(VOMS_WORDS.split())
OUT_OF_TIME = "Out of time restrictions"
NO_CA = "CA of VOMS service is not known"
NOT_FOUND = "Certificate and key ('usercert.pem' and 'userkey.pem') not found in any of the paths:"
HINT = (
    "If the proxy or certificate/key does exist, you can manually specify the locations via"
    " environment variables 'X509_USER_CERT'/'X509_USER_KEY' or 'X509_USER_PROXY', or the"
    " 'certificatepath'/'proxypath' or 'keypath' attributes in the client configuration file"
    " (e.g. '~/.arc/client.conf')"
)


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
        if mode_of(call, path) & 0o077:
            return unconfigured(call)
        credential = load_proxy(call, path)
    except OSError:
        return unconfigured(call)
    except CredentialError:
        call.err("ERROR: Can not read cert information from BIO\n")
        return trouble(call, f"Cannot process proxy file at {path}.")
    now = int(call.node.wall())
    for line in complaints(credential, now):
        call.err(f"ERROR: VOMS: {line}\n")
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


def unconfigured(call: ToolCall) -> int:
    """Say that there is no proxy that the tool would take, and return the exit code."""
    home = call.env.get("HOME", "/")
    places = (f"{home}/.arc/", f"{home}/.globus/", "/usr/etc/arc/", f"{call.cwd}/")
    quoted = ", ".join(f"'{place}'" for place in places)
    call.err(f"WARNING: {NOT_FOUND} {quoted}\nWARNING: {HINT}\n")
    return trouble(call, "Failed configuration initialization.")


def limits(credential: Credential) -> tuple[int, int]:
    """Return from when until when all certificates of the file are valid (POSIX seconds)."""
    chain = credential.chain.certificates
    return max(c.not_before for c in chain), min(c.not_after for c in chain)


def answer(credential: Credential, *, path: str, now: int) -> dict[str, str]:
    """Return the value of every item."""
    begin, end = limits(credential)
    leaf = credential.chain.leaf
    return {
        "subject": credential.subject,
        "identity": credential.dn,
        "issuer": credential.issuer,
        "ca": credential.authority,
        "path": path,
        "type": TYPES.get(leaf.proxy, RESTRICTED),
        "validityStart": str(begin),
        "validityEnd": str(end),
        "validityPeriod": str(end - begin),
        "validityLeft": str(max(0, end - now)),
        **answer_attributes(credential.attributes, now),
        "proxyPolicy": ":" if leaf.proxy is ProxyKind.LIMITED else "",
        "keybits": str(credential.bits),
        "signingAlgorithm": leaf.digest,
    }


def answer_attributes(found: Attributes | None, now: int) -> dict[str, str]:
    """Return the value of the items that are about the attributes; empty without any."""
    if found is None:
        return dict.fromkeys(OF_ATTRIBUTES, "")
    values = (
        found.vo,
        found.holder,
        found.issuer,
        str(found.not_before),
        str(found.not_after),
        str(found.not_after - found.not_before),
        str(max(0, found.not_after - now)),
    )
    return dict(zip(OF_ATTRIBUTES, values, strict=True))


def overview(credential: Credential, *, path: str, now: int) -> str:
    """Return what -I prints."""
    leaf = credential.chain.leaf
    lines = [
        f"Subject: {credential.subject}",
        f"Issuer: {credential.issuer}",
        f"Identity: {credential.dn}",
        f"Time left for proxy: {proxy_left(credential, now)}",
        f"Proxy path: {path}",
        f"Proxy type: {TYPES.get(leaf.proxy, RESTRICTED)}",
        f"Proxy key length: {credential.bits}",
        f"Proxy signature: {leaf.digest}",
    ]
    if credential.attributes is not None:
        lines += attributes(credential, credential.attributes, now)
    return "".join(f"{line}\n" for line in lines)


def attributes(credential: Credential, found: Attributes, now: int) -> list[str]:
    """Return what -I prints of the VOMS attributes."""
    wrong = flaw(credential, now)
    return [
        f"====== AC extension information for VO {found.vo} ======",
        *([f"AC is invalid: {wrong} "] if wrong else []),
        f"VO        : {found.vo}",
        f"subject   : {found.holder}",
        f"issuer    : {found.issuer}",
        f"uri       : {found.uri}",
        *(f"attribute : {short(fqan)}" for fqan in found.fqans),
        *(f"tag       : /{g.qualifier}:{g.name}={g.value}" for g in found.generic),
        f"Time left for AC: {attributes_left(found, now)}",
    ]


def attributes_left(found: Attributes, now: int) -> str:
    """Return how long the attributes last, in ARC's words."""
    if now > found.not_after:
        return "AC has expired"
    if now < found.not_before:
        return "AC is not valid yet"
    return period(found.not_after - now)


def flaw(credential: Credential, now: int) -> str:
    """Return what ARC has against the attributes, "" if nothing."""
    verdict = verify_voms(credential, now=now)
    if verdict in (VomsVerdict.EXPIRED, VomsVerdict.NOT_YET_VALID):
        return OUT_OF_TIME
    # ARC knows no list of servers: whoever has a certificate of a CA that is trusted may sign.
    return NO_CA if verdict in (VomsVerdict.SERVER_REFUSED, VomsVerdict.UNKNOWN_CHAIN) else ""


def complaints(credential: Credential, now: int) -> tuple[str, ...]:
    """Return what ARC logs of the attributes before it prints anything."""
    wrong = flaw(credential, now)
    if wrong == NO_CA:
        return "unable to verify certificate chain", "can not verify the signature of the AC"
    if not wrong or credential.attributes is None:
        return ()
    early = now < credential.attributes.not_before
    when = "AC is not yet valid" if early else "AC has expired"
    return when, "problems while parsing information in AC"


def proxy_left(credential: Credential, now: int) -> str:
    """Return how long the proxy lasts, in ARC's words."""
    begin, end = limits(credential)
    if end < now:
        return "Proxy expired"
    if now < begin:
        return "Proxy not valid yet"
    return period(end - now)


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
