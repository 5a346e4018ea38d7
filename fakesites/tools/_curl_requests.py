"""From a command line of curl to the request that it makes.

Read from curl(1), 7.76. Not modelled: forms (-F), cookies, ranges, proxies.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote
from urllib.parse import urljoin
from urllib.parse import urlsplit

from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools._curl_failures import BAD_URL
from fakesites.tools._curl_failures import NO_ANCHORS
from fakesites.tools._curl_failures import NO_CERTIFICATE
from fakesites.tools._curl_failures import UNREADABLE
from fakesites.tools._curl_failures import Failure
from fakesites.tools._curl_failures import unsupported
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools._texts import decoded
from fakesites.tools._texts import encoded
from simkernel.network import Request
from simkernel.network import Response
from simkernel.tls import DEFAULT_ANCHORS
from simkernel.tls import TLS_1_2
from simkernel.tls import TLS_1_3
from simkernel.tls import Hello

NOT_MODELLED = ("F", "b", "c", "r", "x")
CURL = Grammar(
    flags="sSkfvgLOi46IGqNRJ123",
    values="odXHmEuATKwYyeDFbcrxz",
    long=(
        ("cacert=", "cacert"),
        ("capath=", "capath"),
        ("cert-type=", "cert-type"),
        ("cert=", "E"),
        ("compressed", "compressed"),
        ("config=", "K"),
        ("connect-timeout=", "connect-timeout"),
        ("cookie=", "b"),
        ("cookie-jar=", "c"),
        ("create-dirs", "create-dirs"),
        ("data-ascii=", "d"),
        ("data-binary=", "data-binary"),
        ("data-raw=", "data-raw"),
        ("data-urlencode=", "data-urlencode"),
        ("data=", "d"),
        ("disable", "q"),
        ("dump-header=", "D"),
        ("fail", "f"),
        ("form=", "F"),
        ("get", "G"),
        ("globoff", "g"),
        ("head", "I"),
        ("header=", "H"),
        ("http1.0", "http1.0"),
        ("http1.1", "http1.1"),
        ("http2", "http2"),
        ("include", "i"),
        ("insecure", "k"),
        ("ipv4", "4"),
        ("ipv6", "6"),
        ("key-type=", "key-type"),
        ("key=", "key"),
        ("location", "L"),
        ("max-redirs=", "max-redirs"),
        ("max-time=", "m"),
        ("no-buffer", "N"),
        ("no-progress-meter", "no-progress-meter"),
        ("noproxy=", "noproxy"),
        ("output=", "o"),
        ("pass=", "pass"),
        ("proxy=", "x"),
        ("range=", "r"),
        ("referer=", "e"),
        ("remote-name", "O"),
        ("remote-time", "R"),
        ("request=", "X"),
        ("retry-all-errors", "retry-all-errors"),
        ("retry-connrefused", "retry-connrefused"),
        ("retry-delay=", "retry-delay"),
        ("retry-max-time=", "retry-max-time"),
        ("retry=", "retry"),
        ("show-error", "S"),
        ("silent", "s"),
        ("speed-limit=", "Y"),
        ("speed-time=", "y"),
        ("tls-max=", "tls-max"),
        ("tlsv1.0", "1"),
        ("tlsv1.1", "1"),
        ("tlsv1.2", "1"),
        ("tlsv1.3", "1"),
        ("upload-file=", "T"),
        ("url=", "url"),
        ("user-agent=", "A"),
        ("user=", "u"),
        ("verbose", "v"),
        ("version", "V"),
        ("write-out=", "w"),
    ),
    code=2,
)
PORTS = {"http": 80, "https": 443}
AGENT = "curl/7.76.1"
HINT = "curl: try 'curl --help' or 'curl --manual' for more information\n"
FORM = "application/x-www-form-urlencoded"
DATA = ("d", "data-ascii", "data-binary", "data-raw", "data-urlencode")
CONFIG_LINE = re.compile(r'\s*-{0,2}([\w.-]+)(?:\s*[=: ]\s*(?:"((?:[^"\\]|\\.)*)"|(\S.*?)))?\s*')
TURNED_TO_GET = (301, 302, 303)


def read_options(call: ToolCall) -> Options:
    """Return the options of a call, those of its --config files included.

    Raises UsageError, and NotSpoken for what is not modelled.
    """
    options = CURL.read(call.argv)
    argv: list[str] = []
    for name in options.values.get("K", ()):
        text = call.stdin if name == "-" else decoded(call.read(name))
        for line in text.splitlines():
            found = CONFIG_LINE.fullmatch(line)
            if line.strip() and not line.lstrip().startswith("#") and found is not None:
                argv += _option_words(found)
    if argv:
        options = CURL.read((*call.argv, *argv))
    for name in NOT_MODELLED:
        if options.has(name):
            raise NotSpoken(f"-{name}")
    return options


def _option_words(found: re.Match[str]) -> list[str]:
    name = found[1] if len(found[1]) > 1 else None
    dashed = f"--{found[1]}" if name else f"-{found[1]}"
    if found[2] is None and found[3] is None:
        return [dashed]
    value = found[3] if found[2] is None else re.sub(r"\\(.)", _unescaped, found[2])
    return [dashed, value]


def _unescaped(found: re.Match[str]) -> str:
    return {"n": "\n", "r": "\r", "t": "\t"}.get(found[1], found[1])


def make_request(call: ToolCall, options: Options, url: str) -> Request:
    """Return the request for *url*. Raises Failure."""
    if "://" not in url:
        url = f"http://{url}"
    parts = urlsplit(url)
    if parts.scheme not in PORTS:
        raise unsupported(parts.scheme)
    if not parts.hostname:
        raise Failure(BAD_URL, "URL using bad/illegal format or missing URL")
    body = _body(call, options)
    query = parts.query
    if options.has("G"):
        query, body = "&".join(filter(None, (query, decoded(body)))), b""
    secure = parts.scheme == "https"
    shown = _credential(call, options) if secure else ""
    return Request(
        method=_method(options),
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        path=(parts.path or "/") + (f"?{query}" if query else ""),
        headers=_headers(options, parts.netloc, body),
        body=body,
        source=call.node.name,
        who=call.owner,
        client=shown,
        tls=secure,
        hello=_hello(call, options, parts.hostname, shown) if secure else None,
    )


def redirected(request: Request, response: Response, location: str) -> Request:
    """Return the request that follows *response*, which leads to *location*. Raises Failure."""
    scheme = "https" if request.tls else "http"
    parts = urlsplit(urljoin(f"{scheme}://{request.host}:{request.port}{request.path}", location))
    if parts.scheme not in PORTS or not parts.hostname:
        raise unsupported(parts.scheme)
    again = response.status in TURNED_TO_GET and request.method == "POST"
    host = (("Host", parts.netloc),)
    return replace(
        request,
        method="GET" if again else request.method,
        body=b"" if again else request.body,
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        headers=host + tuple(each for each in request.headers if each[0].lower() != "host"),
        tls=parts.scheme == "https",
    )


def _method(options: Options) -> str:
    if options.has("X"):
        return options.get("X")
    if options.has("T"):
        return "PUT"
    if options.has("I"):
        return "HEAD"
    return "POST" if options.has(*DATA) and not options.has("G") else "GET"


def _body(call: ToolCall, options: Options) -> bytes:
    if options.has("T"):
        try:
            return call.read(options.get("T"))
        except OSError:
            call.err(f"curl: Can't open '{options.get('T')}'!\n{HINT}")
            text = "Failed to open/read local data from file/application"
            raise Failure(UNREADABLE, text) from None
    pieces: list[bytes] = []
    for kind in DATA:
        for value in options.values.get(kind, ()):
            pieces.append(_piece(call, kind, value))
    return b"&".join(pieces)


def _piece(call: ToolCall, kind: str, value: str) -> bytes:
    if kind == "data-urlencode":
        name, equals, text = value.partition("=")
        return encoded(f"{name}={quote(text, safe='')}" if equals else quote(value, safe=""))
    if value.startswith("@") and kind != "data-raw":
        data = encoded(call.stdin) if value == "@-" else call.read(value[1:])
        return data if kind == "data-binary" else re.sub(rb"[\r\n\0]", b"", data)
    return encoded(value)


def _headers(options: Options, host: str, body: bytes) -> tuple[tuple[str, str], ...]:
    found = {
        "host": ("Host", host.rpartition("@")[2]),
        "user-agent": ("User-Agent", options.get("A", AGENT)),
        "accept": ("Accept", "*/*"),
    }
    if options.has("compressed"):
        found["accept-encoding"] = ("Accept-Encoding", "deflate, gzip")
    if options.has("e"):
        found["referer"] = ("Referer", options.get("e"))
    if body:
        found["content-length"] = ("Content-Length", str(len(body)))
        found["content-type"] = ("Content-Type", FORM)
    for line in options.values.get("H", ()):
        name, _, value = line.partition(":")
        if value.strip():
            found[name.lower()] = (name, value.strip())
        else:
            found.pop(name.lower(), None)
    return tuple(found.values())


def _hello(call: ToolCall, options: Options, host: str, shown: str) -> Hello:
    verify = not options.has("k")
    older = "1.2" in options.get("tls-max")
    return Hello(
        server_name=host,
        chain=shown,
        anchors=_anchors(call, options) if verify else (),
        verify=verify,
        check_name=verify,
        newest=TLS_1_2 if older else TLS_1_3,
    )


def _anchors(call: ToolCall, options: Options) -> tuple[str, ...]:
    """Return the texts of what is trusted. Raises Failure for a file without certificates."""
    texts: list[str] = []
    if options.has("cacert"):
        name = options.get("cacert")
        text = _text(call, name)
        if "CERTIFICATE-----" not in text:
            folder = options.get("capath", "none")
            where = f"  CAfile: {name}  CApath: {folder}"
            raise Failure(NO_ANCHORS, f"error setting certificate verify locations:{where}")
        texts.append(text)
    if options.get("capath"):
        texts += _folder(call, options.get("capath"))
    return tuple(texts) or (DEFAULT_ANCHORS,)


def _folder(call: ToolCall, name: str) -> list[str]:
    folder = call.node.conditions.folder(call.path(name))
    try:
        names = folder.names if folder else [each.name for each in call.real(name).iterdir()]
    except OSError:
        return []
    texts = (_text(call, f"{name}/{each}") for each in sorted(names))
    return [text for text in texts if "CERTIFICATE-----" in text]


def _text(call: ToolCall, name: str) -> str:
    try:
        return decoded(call.read(name))
    except OSError:
        return ""


def _credential(call: ToolCall, options: Options) -> str:
    """Return the text of the client's certificate and key, if it shows one."""
    texts: list[str] = []
    for name in dict.fromkeys((options.get("E"), options.get("key"))):
        if not name:
            continue
        try:
            texts.append(decoded(call.read(name)))
        except OSError as error:
            why = f"error:80000002:system library::{error.strerror}"
            hint = "(no key found, wrong pass phrase, or wrong file format?)"
            text = f"could not load PEM client certificate, OpenSSL error {why}, {hint}"
            raise Failure(NO_CERTIFICATE, text) from None
    return "".join(texts)
