"""From a command line of wget to the request that it makes. Read from wget(1), 1.21."""

from __future__ import annotations

from urllib.parse import urlsplit

from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import _wget_words as words
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools._texts import decoded
from fakesites.tools._texts import encoded
from simkernel.network import Request
from simkernel.tls import DEFAULT_ANCHORS
from simkernel.tls import Hello

WGET = Grammar(
    flags="qvS46NcV",
    values="OPtTUwea",
    long=(
        ("body-data=", "body-data"),
        ("ca-certificate=", "ca-certificate"),
        ("ca-directory=", "ca-directory"),
        ("certificate=", "certificate"),
        ("connect-timeout=", "connect-timeout"),
        ("content-on-error", "content-on-error"),
        ("directory-prefix=", "P"),
        ("dns-timeout=", "dns-timeout"),
        ("header=", "header"),
        ("inet4-only", "4"),
        ("inet6-only", "6"),
        ("max-redirect=", "max-redirect"),
        ("method=", "method"),
        ("no-check-certificate", "no-check-certificate"),
        ("no-clobber", "no-clobber"),
        ("no-proxy", "no-proxy"),
        ("no-verbose", "no-verbose"),
        ("output-document=", "O"),
        ("post-data=", "post-data"),
        ("post-file=", "post-file"),
        ("private-key=", "private-key"),
        ("progress=", "progress"),
        ("quiet", "q"),
        ("read-timeout=", "read-timeout"),
        ("retry-connrefused", "retry-connrefused"),
        ("secure-protocol=", "secure-protocol"),
        ("server-response", "S"),
        ("spider", "spider"),
        ("timeout=", "T"),
        ("tries=", "t"),
        ("user-agent=", "U"),
        ("verbose", "v"),
        ("version", "V"),
        ("wait=", "w"),
        ("waitretry=", "waitretry"),
    ),
    code=2,
)
LONG_FOR_SHORT = {"-nv": "--no-verbose", "-nc": "--no-clobber"}
NOT_MODELLED = ("N", "c", "e", "a")
AGENT = "Wget/1.21.1"
PORTS = {"http": 80, "https": 443}


def read_options(call: ToolCall) -> Options:
    """Return the options of a call. Raises UsageError, and NotSpoken for what is not modelled."""
    argv = tuple(LONG_FOR_SHORT.get(word, word) for word in call.argv)
    try:
        options = WGET.read(argv)
    except UsageError as error:
        raise UsageError(f"{error}\n{words.USAGE}", code=2) from None
    for name in NOT_MODELLED:
        if options.has(name):
            raise NotSpoken(f"-{name}")
    return options


def make_request(call: ToolCall, options: Options, url: str) -> Request:
    """Return the request for *url*."""
    parts = urlsplit(url)
    body = _body(call, options)
    method = "HEAD" if options.has("spider") else "POST" if body is not None else "GET"
    secure = parts.scheme == "https"
    chain = _text(call, options, "certificate") if secure else ""
    chain += _text(call, options, "private-key") if secure else ""
    return Request(
        method=options.get("method", method),
        host=parts.hostname or "",
        port=parts.port or PORTS[parts.scheme],
        path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        headers=_headers(options, parts.netloc, body),
        body=body or b"",
        source=call.node.name,
        who=call.owner,
        client=chain,
        tls=secure,
        hello=_hello(call, options, parts.hostname or "", chain) if secure else None,
    )


def _body(call: ToolCall, options: Options) -> bytes | None:
    if options.has("post-file"):
        return call.read(options.get("post-file"))
    for name in ("post-data", "body-data"):
        if options.has(name):
            return encoded(options.get(name))
    return None


def _headers(options: Options, host: str, body: bytes | None) -> tuple[tuple[str, str], ...]:
    found = {
        "host": ("Host", host.rpartition("@")[2]),
        "user-agent": ("User-Agent", options.get("U", AGENT)),
        "accept": ("Accept", "*/*"),
        "accept-encoding": ("Accept-Encoding", "identity"),
        "connection": ("Connection", "Keep-Alive"),
    }
    if body is not None:
        found["content-type"] = ("Content-Type", "application/x-www-form-urlencoded")
        found["content-length"] = ("Content-Length", str(len(body)))
    for line in options.values.get("header", ()):
        name, _, value = line.partition(":")
        found[name.lower()] = (name, value.strip())
    return tuple(found.values())


def _hello(call: ToolCall, options: Options, host: str, chain: str) -> Hello:
    verify = not options.has("no-check-certificate")
    anchors = tuple(filter(None, (_text(call, options, "ca-certificate"),))) or (DEFAULT_ANCHORS,)
    return Hello(host, chain, anchors=anchors, verify=verify, check_name=verify)


def _text(call: ToolCall, options: Options, option: str) -> str:
    """Return the text of the file that *option* names, "" if there is none."""
    if not options.has(option):
        return ""
    try:
        return decoded(call.read(options.get(option)))
    except OSError:
        return ""
