"""grid-proxy-init: a proxy made of the user's certificate, or of another proxy.

Models -cert, -key, -out, -hours, -valid, -bits, -limited, -path-length, -old, -rfc, -verify, -q.
Not modelled: passwords, -debug, -certdir.
Read from gridcf/gct@1ba1e1087:gsi/proxy/proxy_utils/source/programs/grid_proxy_init.c, and from
what Debian's 7.3 says.
"""

from __future__ import annotations

from certificates.certificate import ProxyKind
from certificates.credential import Credential
from certificates.der import CertificateError
from fakesites.credentials import read_pem
from fakesites.credentials import verify
from fakesites.proxyfiles import DEFAULT_PATH
from fakesites.tools import ToolCall
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

FLAGS = ("limited", "old", "rfc", "draft", "verify", "q", "quiet", "pwstdin", "debug")
VALUES = ("cert", "key", "out", "hours", "valid", "bits", "path-length")
SYNTAX = "\nSyntax: grid-proxy-init [-help][-pwstdin][-limited][-hours H] ...\n"
HINT = "Use -debug for further information.\n"


@tool("grid-proxy-init")
def grid_proxy_init(call: ToolCall) -> int:
    """Make a proxy; exit code 0, or 1 if that cannot be."""
    try:
        given, others = words_of(call.argv[1:], flags=FLAGS, values=VALUES)
        wish = wish_of(given)
    except Unfit as error:
        return misused(call, error)
    if others:
        return misused(call, Unfit(others[0]))
    try:
        holder = holder_of(call, given.get("cert", ""), given.get("key", ""))
        proxy = proxy_by(call, holder, wish)
    except (NoCredential, CertificateError):
        call.err(f"Error: Couldn't find valid credentials to generate a proxy.\n{HINT}")
        return 1
    return deliver(call, holder, proxy, given)


def misused(call: ToolCall, error: Unfit) -> int:
    """Say what is wrong with an option, and return the exit code."""
    why = "need a value" if error.wants else "unknown option"
    call.err(f"\nERROR: option {error.name} : {why}\n{SYNTAX}\nUse -help to display full usage.\n")
    return 1


def wish_of(given: dict[str, str]) -> Wish:
    """Return the proxy that the options ask for. Raises Unfit."""
    lifetime_s: int | None = HOURS_12_S
    if "valid" in given:
        lifetime_s = seconds_of(given["valid"])
    elif "hours" in given:
        lifetime_s = seconds_of(f"{given['hours']}:0")
    numbers = [given.get("bits", "2048"), given.get("path-length", "0")]
    if lifetime_s is None or not all(number.isdigit() for number in numbers):
        raise Unfit("-valid" if lifetime_s is None else "-bits", wants=True)
    return Wish(
        lifetime_s=lifetime_s,
        bits=int(numbers[0]),
        limited="limited" in given,
        legacy="old" in given,
        path_length=int(numbers[1]) if "path-length" in given else None,
    )


def deliver(call: ToolCall, holder: Credential, proxy: Credential, given: dict[str, str]) -> int:
    """Write the *proxy* and say so; with -verify only after a look at it."""
    quiet = "q" in given or "quiet" in given
    default = DEFAULT_PATH.format(uid=call.node.spec.uid)
    path = given.get("out") or call.env.get("X509_USER_PROXY") or default
    if not quiet:
        call.out(f"Your identity: {identity_of(holder)}\nCreating proxy ")
        call.out(f"{DOTS} Done\n")
    if "verify" in given and verify(read_pem(proxy.pem()).chain, now=call.node.wall()):
        call.err(f"\n\nERROR: Couldn't verify the authenticity of the user's credential\n{HINT}")
        return 1
    try:
        keep(call, path, proxy)
    except OSError:
        call.err(f"\n\nERROR: Couldn't write proxy to: {path}\n{HINT}")
        return 1
    if not quiet:
        call.out("Proxy Verify OK\n" if "verify" in given else "")
        call.out(f"Your proxy is valid until: {until_text(proxy.chain.not_after)}\n")
    return 0


def identity_of(holder: Credential) -> str:
    """Return who holds it, without what proxies add to the name."""
    is_proxy = holder.certificate.proxy is not ProxyKind.NONE
    return holder.chain.identity if is_proxy else holder.subject


DOTS = "....+++++"
