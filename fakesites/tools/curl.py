"""curl: one request through the node's network.

Models methods, headers, data, --config files, output files, client credentials, time limits and
exit codes. Not modelled: redirects, proxies, cookies, uploads in pieces, HTTP/2; certificates
are judged by the service, and -k changes nothing.
Read from curl(1), 7.76, "EXIT CODES", and pilot3@a090538b:pilot/util/https.py for what is used.
"""

from __future__ import annotations

import re
from typing import Any
from typing import Generator
from urllib.parse import quote
from urllib.parse import urlsplit

import simpy

from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools._texts import decoded
from fakesites.tools._texts import encoded
from fakesites.tools._within import within
from simkernel.network import NetError
from simkernel.network import Request
from simkernel.network import Response
from simkernel.network import greet

Work = Generator[simpy.Event, Any, int]

CURL = Grammar(
    flags="sSkfvgLOi46IG",
    values="odXHmEuATKw",
    long=(
        ("cacert=", "cacert"),
        ("capath=", "capath"),
        ("cert=", "E"),
        ("compressed", "compressed"),
        ("config=", "K"),
        ("connect-timeout=", "connect-timeout"),
        ("data-ascii=", "d"),
        ("data-binary=", "data-binary"),
        ("data-raw=", "data-raw"),
        ("data-urlencode=", "data-urlencode"),
        ("data=", "d"),
        ("fail", "f"),
        ("get", "G"),
        ("globoff", "g"),
        ("head", "I"),
        ("header=", "H"),
        ("include", "i"),
        ("insecure", "k"),
        ("ipv4", "4"),
        ("ipv6", "6"),
        ("key=", "key"),
        ("location", "L"),
        ("max-time=", "m"),
        ("output=", "o"),
        ("remote-name", "O"),
        ("request=", "X"),
        ("retry=", "retry"),
        ("show-error", "S"),
        ("silent", "s"),
        ("upload-file=", "T"),
        ("url=", "url"),
        ("user-agent=", "A"),
        ("verbose", "v"),
        ("write-out=", "w"),
    ),
    code=2,
)
PORTS = {"http": 80, "https": 443}
FORM = "application/x-www-form-urlencoded"
CODES = {"dns": 6, "refused": 7, "unreachable": 7, "timeout": 28, "reset": 56, "tls": 35}
DATA = ("d", "data-ascii", "data-binary", "data-raw", "data-urlencode")
CONFIG_LINE = re.compile(r'\s*-{0,2}([\w-]+)(?:\s*[=: ]\s*(?:"((?:[^"\\]|\\.)*)"|(\S.*?)))?\s*')

BAD_URL = 3
PARTIAL = 18
HTTP_ERROR = 22
WRITE_ERROR = 23
TIMED_OUT = 28
EMPTY = 52
BAD_CERTIFICATE = 58
UNTRUSTED = 60


class _Failure(Exception):
    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@tool("curl")
def curl(call: ToolCall) -> Work:
    """Make one request and write its answer."""
    options = _with_config(call, CURL.read(call.argv))
    urls = [*options.words, *options.values.get("url", ())]
    if not urls:
        raise UsageError("(2) no URL specified", code=2)
    began = call.node.clock.now
    try:
        request = _request(call, options, urls[0])
        response = yield from _fetched(call, options, request)
        _check(response, options)
        _write(call, options, urls[0], response)
    except _Failure as failure:
        if options.has("S") or not options.has("s"):
            call.err(f"curl: ({failure.code}) {failure}\n")
        return failure.code
    seconds = call.node.clock.now - began
    call.out(_written_out(options.get("w"), response, seconds))
    return 0


# -- the request


def _with_config(call: ToolCall, options: Options) -> Options:
    """Add the options that the files of -K (--config) hold: lines of ``name="value"``."""
    argv: list[str] = []
    for name in options.values.get("K", ()):
        text = call.stdin if name == "-" else decoded(call.read(name))
        for line in text.splitlines():
            found = CONFIG_LINE.fullmatch(line)
            if line.strip() and not line.lstrip().startswith("#") and found is not None:
                argv += _option_words(found)
    if not argv:
        return options
    return CURL.read((*call.argv, *argv))


def _option_words(found: re.Match[str]) -> list[str]:
    name = found[1] if len(found[1]) > 1 else None
    dashed = f"--{found[1]}" if name else f"-{found[1]}"
    if found[2] is None and found[3] is None:
        return [dashed]
    value = found[3] if found[2] is None else re.sub(r"\\(.)", _unescaped, found[2])
    return [dashed, value]


def _unescaped(found: re.Match[str]) -> str:
    return {"n": "\n", "r": "\r", "t": "\t"}.get(found[1], found[1])


def _request(call: ToolCall, options: Options, url: str) -> Request:
    if "://" not in url:
        url = f"http://{url}"
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise _Failure(BAD_URL, "URL using bad/illegal format or missing URL")
    body = _body(call, options)
    query = parts.query
    if options.has("G"):
        query, body = "&".join(filter(None, (query, decoded(body)))), b""
    return Request(
        method=_method(options),
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        path=(parts.path or "/") + (f"?{query}" if query else ""),
        headers=_headers(options, parts.netloc, body),
        body=body,
        source=call.node.name,
        who=call.owner,
        client=_credential(call, options) if parts.scheme == "https" else "",
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
        return call.read(options.get("T"))
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
        "user-agent": ("User-Agent", options.get("A", "curl/7.76.1")),
        "accept": ("Accept", "*/*"),
    }
    if options.has("compressed"):
        found["accept-encoding"] = ("Accept-Encoding", "deflate, gzip")
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


def _credential(call: ToolCall, options: Options) -> str:
    """Return the text of the client's certificate and key, if it shows one."""
    texts: list[str] = []
    for name in dict.fromkeys((options.get("E"), options.get("key"))):
        if not name:
            continue
        try:
            texts.append(decoded(call.read(name)))
        except OSError:
            raise _Failure(
                BAD_CERTIFICATE, f"could not load PEM client certificate from {name}"
            ) from None
    return "".join(texts)


# -- the answer


def _fetched(
    call: ToolCall, options: Options, request: Request
) -> Generator[simpy.Event, Any, Response]:
    """Return the answer; --connect-timeout holds for as long as there is no connection."""
    work = _exchanged(call, options, request)
    limit_s = options.number("m", 0.0)
    try:
        if limit_s:
            return (yield from within(call.node.clock, work, limit_s))
        return (yield from work)
    except TimeoutError:
        waited = int(limit_s * 1000)
        raise _Failure(
            TIMED_OUT, f"Operation timed out after {waited} milliseconds with 0 bytes received"
        ) from None
    except NetError as error:
        raise _Failure(_code(error), _reason(error, request)) from None


def _exchanged(
    call: ToolCall, options: Options, request: Request
) -> Generator[simpy.Event, Any, Response]:
    node = call.node
    opening = node.network.connect(request.source, request.host, request.port, who=request.who)
    limit_s = options.number("connect-timeout", 0.0)
    try:
        if limit_s:
            service = yield from within(node.clock, opening, limit_s)
        else:
            service = yield from opening
    except TimeoutError:
        raise NetError("timeout", f"after {int(limit_s * 1000)} ms") from None
    greet(service, request)
    response: Response = yield from node.network.exchange(service, request)
    return response


def _code(error: NetError) -> int:
    if error.kind == "tls" and re.search("verif|issuer|self.signed|expired", error.text, re.I):
        return UNTRUSTED
    return CODES.get(error.kind, 56)


def _reason(error: NetError, request: Request) -> str:
    place = f"{request.host} port {request.port}"
    texts = {
        "dns": f"Could not resolve host: {request.host}",
        "refused": f"Failed to connect to {place}: Connection refused",
        "reset": "Recv failure: Connection reset by peer",
        "timeout": f"Failed to connect to {place}: Connection timed out",
        "tls": f"SSL certificate problem: {error.text}",
        "unreachable": f"Failed to connect to {place}: Network is unreachable",
    }
    return texts.get(error.kind, error.text)


def _check(response: Response, options: Options) -> None:
    if response.cut and not response.body:
        raise _Failure(EMPTY, "Empty reply from server")
    if options.has("f") and response.status >= 400:
        raise _Failure(HTTP_ERROR, f"The requested URL returned error: {response.status}")


def _write(call: ToolCall, options: Options, url: str, response: Response) -> None:
    head = b""
    if options.has("i", "I"):
        lines = [f"HTTP/1.1 {response.status}", *(f"{n}: {v}" for n, v in response.headers)]
        head = encoded("".join(f"{line}\r\n" for line in [*lines, ""]))
    data = head + (b"" if options.has("I") else response.body)
    name = options.get("o") or (urlsplit(url).path.rpartition("/")[2] if options.has("O") else "")
    try:
        if name == "/dev/null":
            pass
        elif name and name != "-":
            call.node.files.write(call.path(name), data)
        else:
            call.out(decoded(data))
    except OSError as error:
        raise _Failure(WRITE_ERROR, f"Failure writing output: {error.strerror}") from None
    if response.cut:
        raise _Failure(PARTIAL, "transfer closed with outstanding read data remaining")


def _written_out(form: str, response: Response, seconds: float) -> str:
    values = {
        "http_code": str(response.status),
        "response_code": str(response.status),
        "size_download": str(len(response.body)),
        "time_total": f"{seconds:.6f}",
    }
    text = re.sub(r"%\{(\w+)\}", lambda found: values.get(found[1], ""), form)
    return text.replace("\\n", "\n").replace("\\t", "\t")
