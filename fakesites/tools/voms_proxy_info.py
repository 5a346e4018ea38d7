"""voms-proxy-info: what is in a proxy, and how long it lasts.

Models the options that pilots and wrappers use, the order of the answers (fixed, whatever the
order of the options) and the exit codes; attributes are shown, not verified. Not modelled: -text,
-conf, -targets. Read from italiangrid/voms@2eaeb9a:src/utils/voms_proxy_info.cc, and from what
Debian's 2.1.1 says of the same files (docs/reference/fidelity.md); the Java tool of the same name
prints other types and "Proxy not found:" for a missing file.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field

from certificates.certificate import Certificate
from certificates.certificate import ProxyKind
from fakesites.credentials import Credential
from fakesites.credentials import CredentialError
from fakesites.proxyfiles import clock_text
from fakesites.proxyfiles import load_proxy
from fakesites.proxyfiles import proxy_path
from fakesites.tools import ToolCall
from fakesites.tools import tool

USAGE = (
    "\n\nSyntax: voms-proxy-info [-help][-file proxyfile][-subject][...]"
    "[-exists [-hours H][-bits B][-valid H:M]]\n"
)
VERSION = "voms-proxy-info\nVersion: 2.1.1\nCompiled: Feb 16 2023 06:05:15\n"
TYPE = "RFC compliant proxy"
OLD_TYPES = {ProxyKind.LEGACY: "proxy", ProxyKind.LEGACY_LIMITED: "limited proxy"}

FLAG_WORDS = (
    "help usage version debug exists all subject issuer identity type timeleft strength path vo "
    "fqan acsubject acissuer actimeleft serial uri keyusage dont-verify-ac chain"
)
FLAGS = tuple(FLAG_WORDS.split())
VALUES = ("file", "valid", "bits", "hours", "acexists")
# What these ask for is part of the attributes: without any, the exit code is 1.
OF_ATTRIBUTES = ("vo", "acsubject", "acissuer", "uri", "actimeleft", "fqan", "serial")
# Any of these instead of the default summary; -all, -path and the rest come on top of it.
INSTEAD_WORDS = (
    "subject issuer identity type timeleft strength path vo fqan acsubject acissuer actimeleft "
    "serial exists uri"
)
INSTEAD = tuple(INSTEAD_WORDS.split())


@dataclass(slots=True)
class Options:
    """The options of one call."""

    flags: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.flags


@tool("voms-proxy-info", "voms-proxy-info2")
def voms_proxy_info(call: ToolCall) -> int:
    """Print what the options ask of the proxy; exit code 0, or 1 if it is not as asked."""
    options = parse(call)
    if options is None:
        return 1
    if "help" in options or "usage" in options:
        call.err(f"{call.argv[0]}: {USAGE}\n")
        return 0
    if "version" in options:
        call.out(VERSION)
        return 0
    path = proxy_path(call, options.values.get("file", ""))
    try:
        credential = load_proxy(call, path)
    except CredentialError:
        call.err("Couldn't find a valid proxy.\n")
        return 1
    except OSError:
        call.err("\nCouldn't find a valid proxy.\n\n")
        return 1
    now = call.node.wall()
    for line in report(credential, options, path=path, now=now):
        call.out(f"{line}\n")
    return 0 if verdict(credential, options, now=now) else 1


def parse(call: ToolCall) -> Options | None:
    """Return the options of *call*, or None (having said why) if one is wrong."""
    options = Options()
    words = list(call.argv[1:])
    while words and words[0].startswith("-"):
        word = words.pop(0)
        name, equals, value = word.lstrip("-").partition("=")
        name = complete(name)
        if name in FLAGS:
            options.flags.append(name)
        elif name in VALUES and (equals or words):
            options.values[name] = value if equals else words.pop(0)
        else:
            trouble = "requires an argument" if name in VALUES else ""
            call.err(complaint(call.argv[0], word, trouble))
            return None
    return options


def complete(name: str) -> str:
    """Return the option that *name* abbreviates, if it is but one, else *name*."""
    known = [option for option in (*FLAGS, *VALUES) if option.startswith(name)]
    return known[0] if len(known) == 1 and name else name


def complaint(program: str, word: str, trouble: str) -> str:
    """Return what getopt says of a wrong option."""
    if trouble:
        return f"{program}: option '{word}' {trouble}\n"
    return f"{program}: unrecognized option '{word}'\n"


def report(credential: Credential, options: Options, *, path: str, now: float) -> list[str]:
    """Return the lines to print, in the tool's own order."""
    lines = _chain_first(credential, options, now)
    asked = "acexists" in options.values or any(name in options for name in INSTEAD)
    if "all" in options or not asked:
        lines += summary(credential, path=path, now=now)
        if "all" in options or "keyusage" in options:
            lines.append(f"key usage : {usage_of(credential.chain.leaf)}")
        if "all" in options:
            lines += attributes(credential, now=now)
    answers = {
        "subject": credential.subject,
        "issuer": credential.issuer,
        "identity": credential.issuer,
        "type": type_of(credential),
        "strength": str(credential.bits),
        "path": path,
        "timeleft": str(credential.proxy_left_s(now)),
    }
    lines += [answers[name] for name in answers if name in options]
    return lines + of_attributes(credential, options, now=now)


def _chain_first(credential: Credential, options: Options, now: float) -> list[str]:
    usage = "all" in options or "keyusage" in options
    return chain_lines(credential, now=now, usage=usage) if "chain" in options else []


def usage_of(certificate: Certificate) -> str:
    """Return what the key is for, e.g. "Digital Signature, Key Encipherment"."""
    names = certificate.extensions.usage or ()
    return ", ".join(name.replace("_", " ").title() for name in names)


def chain_lines(credential: Credential, *, now: float, usage: bool) -> list[str]:
    """Return what -chain prints of the certificates that lead to the proxy."""
    lines = ["=== Proxy Chain Information ==="]
    for certificate in reversed(credential.chain.certificates[1:]):
        kind = OLD_TYPES.get(certificate.proxy, TYPE)
        is_proxy = certificate.proxy is not ProxyKind.NONE
        lines += [
            f"subject   : {certificate.subject}",
            f"issuer    : {certificate.issuer}",
            *([f"type      : {kind}"] if is_proxy else []),
            *([f"key usage : {usage_of(certificate)}"] if usage else []),
            f"strength  : {certificate.bits} bits",
            f"timeleft  : {clock_text(max(0, certificate.not_after - int(now)))}",
            "",
        ]
    return [*lines, "=== Proxy Information ==="]


def summary(credential: Credential, *, path: str, now: float) -> list[str]:
    """Return what is printed when nothing in particular is asked for."""
    return [
        f"subject   : {credential.subject}",
        f"issuer    : {credential.issuer}",
        f"identity  : {credential.issuer}",
        f"type      : {type_of(credential)}",
        f"strength  : {credential.bits} bits",
        f"path      : {path}",
        f"timeleft  : {clock_text(credential.proxy_left_s(now))}",
    ]


def type_of(credential: Credential) -> str:
    """Return what kind of proxy it is; a limited one of RFC 3820 is not told from a full one."""
    return OLD_TYPES.get(credential.chain.leaf.proxy, TYPE)


def attributes(credential: Credential, *, now: float) -> list[str]:
    """Return what -all prints of the VOMS attributes, whether they are any good or not."""
    found = credential.attributes
    if found is None:
        return []
    return [
        f"=== VO {found.vo} extension information ===",
        f"VO        : {found.vo}",
        f"subject   : {found.holder}",
        f"issuer    : {found.issuer}",
        *(f"attribute : {fqan}" for fqan in found.fqans),
        *(f"attribute : {g.name} = {g.value} ({g.qualifier})" for g in found.generic),
        f"timeleft  : {clock_text(credential.voms_left_s(now))}",
        f"uri       : {found.uri}",
    ]


def of_attributes(credential: Credential, options: Options, *, now: float) -> list[str]:
    """Return what the options that are about the attributes print."""
    found = credential.attributes
    if found is None:
        return []
    answers = {
        "vo": [found.vo],
        "acsubject": [found.holder],
        "acissuer": [found.issuer],
        "uri": [found.uri],
        "actimeleft": [str(credential.voms_left_s(now))],
        "fqan": list(found.fqans),
        "serial": [whole_bytes(found.serial)],
    }
    return [line for name in answers if name in options for line in answers[name]]


def verdict(credential: Credential, options: Options, *, now: float) -> bool:
    """Tell whether the proxy is as the options want it."""
    if not credential.vo and any(name in options for name in OF_ATTRIBUTES):
        return False
    if "fqan" in options and not credential.fqans:
        return False
    if "exists" in options and not exists(credential, options, now=now):
        return False
    return options.values.get("acexists", credential.vo) == credential.vo


def exists(credential: Credential, options: Options, *, now: float) -> bool:
    """Tell whether the proxy lives as long, and is as strong, as -exists asks."""
    left = credential.proxy_left_s(now)
    if left == 0 or left < wanted_s(options):
        return False
    return credential.bits >= number(options.values.get("bits", "0"))


def wanted_s(options: Options) -> int:
    """Return the seconds that -valid H:M or -hours H ask for."""
    hours = number(options.values.get("hours", "0"))
    if hours:
        return hours * 3600
    head, colon, tail = options.values.get("valid", "").partition(":")
    return number(head) * 3600 + number(tail) * 60 if colon else 0


def whole_bytes(serial: int) -> str:
    """Return *serial* in hexadecimal, two digits a byte, none for bytes that lead with 0.

    As OpenSSL's BN_bn2hex, by which the real program prints it.
    """
    return serial.to_bytes((serial.bit_length() + 7) // 8, "big").hex().upper() or "0"


def number(text: str) -> int:
    """Return the integer at the start of *text*, 0 if there is none, as atoi does."""
    digits = ""
    for character in text.strip():
        if not character.isdigit():
            break
        digits += character
    return int(digits or "0")
