"""curl: requests through the node's network.

Models methods, headers, data, --config files, output files, client credentials, trust anchors,
redirections, time limits, slow servers, repeated attempts and exit codes. Not modelled: proxies,
cookies, forms, HTTP/2, several URLs with several outputs; the progress meter shows only its end.
Read from curl(1), 7.76, and pilot3@a090538b:pilot/util/https.py for what is used.
"""

from __future__ import annotations

import re
from typing import Any
from typing import Generator
from urllib.parse import urlsplit

import simpy

from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._curl_failures import EMPTY
from fakesites.tools._curl_failures import HTTP_ERROR
from fakesites.tools._curl_failures import MORE_DETAILS
from fakesites.tools._curl_failures import NOT_RECEIVED
from fakesites.tools._curl_failures import PARTIAL
from fakesites.tools._curl_failures import TIMED_OUT
from fakesites.tools._curl_failures import TOO_MANY_REDIRECTS
from fakesites.tools._curl_failures import UNCONNECTED
from fakesites.tools._curl_failures import UNTRUSTED
from fakesites.tools._curl_failures import WRITE_ERROR
from fakesites.tools._curl_failures import Failure
from fakesites.tools._curl_failures import failure_of
from fakesites.tools._curl_failures import too_late
from fakesites.tools._curl_failures import too_slow
from fakesites.tools._curl_requests import make_request
from fakesites.tools._curl_requests import read_options
from fakesites.tools._curl_requests import redirected
from fakesites.tools._fetch import Course
from fakesites.tools._fetch import SlowError
from fakesites.tools._fetch import fetch
from fakesites.tools._options import Options
from fakesites.tools._texts import decoded
from fakesites.tools._texts import encoded
from fakesites.tools._within import within
from simkernel.network import NetError
from simkernel.network import Request
from simkernel.network import Response

Work = Generator[simpy.Event, Any, int]
Fetching = Generator[simpy.Event, Any, Response]

VERSION = """\
curl 7.76.1 (x86_64-redhat-linux-gnu) libcurl/7.76.1 OpenSSL/3.0.7 zlib/1.2.11
Release-Date: 2021-04-14
Protocols: dict file ftp ftps http https
Features: AsynchDNS HTTPS-proxy IPv6 Largefile libz SSL UnixSockets
"""
USAGE = "curl: try 'curl --help' or 'curl --manual' for more information\n"
REDIRECTS_MAX = 50
SLOW_S = 30.0
RETRY_S_MAX = 600.0
REDIRECTS = (301, 302, 303, 307, 308)
TRANSIENT = (408, 429, 500, 502, 503, 504)


@tool("curl")
def curl(call: ToolCall) -> Work:
    """Make one request, as often as it takes, and write its answer."""
    options = read_options(call)
    if options.has("V"):
        call.out(VERSION)
        return 0
    urls = [*options.words, *options.values.get("url", ())]
    if not urls:
        raise UsageError(f"no URL specified!\n{USAGE}".rstrip("\n"), code=2)
    code = 0
    for url in urls:
        code = yield from _repeated(call, options, url)
    return code


def _repeated(call: ToolCall, options: Options, url: str) -> Work:
    """Transfer *url*, again while --retry says so."""
    left = int(options.number("retry", 0))
    pause_s = options.number("retry-delay", 0.0)
    began = call.node.clock.now
    next_s = pause_s or 1.0
    while True:
        transfer = Transfer(call, options, url)
        code = yield from transfer.run()
        reason = transfer.transient()
        over_s = options.number("retry-max-time", 0.0)
        late = over_s and call.node.clock.now - began + next_s > over_s
        if not left or not reason or late:
            return code
        if not options.has("s"):
            wait = f"Will retry in {next_s:.0f} seconds. {left} retries left."
            call.err(f"Warning: Problem: {reason}. {wait}\n")
        left -= 1
        yield call.node.clock.timeout(next_s)
        next_s = pause_s or min(2 * next_s, RETRY_S_MAX)


class Transfer:
    """One attempt at one URL."""

    def __init__(self, call: ToolCall, options: Options, url: str) -> None:
        self._call = call
        self._options = options
        self._url = url
        self._began = call.node.clock.now
        self._course = Course()
        self._response: Response | None = None
        self._failure: Failure | None = None
        self._redirects = 0

    def run(self) -> Work:
        """Make the request, write what comes of it, and return the exit code."""
        call, options = self._call, self._options
        try:
            response = yield from self._in_time()
            self._response = response
            if options.has("f") and response.status >= 400:
                text = f"The requested URL returned error: {response.status}"
                raise Failure(HTTP_ERROR, text)
            self._write(response, response.sent)
        except Failure as failure:
            self._failure = failure
            if options.has("S") or not options.has("s"):
                call.err(f"curl: ({failure.code}) {failure.text}\n")
                call.err(MORE_DETAILS if failure.code == UNTRUSTED else "")
        if options.has("w"):
            call.out(self._written_out(options.get("w")))
        return 0 if self._failure is None else self._failure.code

    def transient(self) -> str:
        """Return why another attempt makes sense, in curl's words, or nothing."""
        failure, response = self._failure, self._response
        if failure is not None and failure.code == TIMED_OUT:
            return "timeout"
        refused = failure is not None and failure.code == UNCONNECTED
        if refused and self._options.has("retry-connrefused"):
            return "connection refused"
        if response is not None and response.status in TRANSIENT:
            return "HTTP error"
        if failure is not None and self._options.has("retry-all-errors"):
            return "(retrying all errors)"
        return ""

    # -- the request

    def _in_time(self) -> Fetching:
        limit_s = self._options.number("m", 0.0)
        if not limit_s:
            return (yield from self._followed())
        try:
            return (yield from within(self._call.node.clock, self._followed(), limit_s))
        except TimeoutError:
            failure = too_late(self._course, now=self._call.node.clock.now, limit_s=limit_s)
            self._write_partly()
            raise failure from None

    def _followed(self) -> Fetching:
        options = self._options
        request = make_request(self._call, options, self._url)
        most = int(options.number("max-redirs", REDIRECTS_MAX))
        while True:
            response = yield from self._fetched(request)
            location = {n.lower(): v for n, v in response.headers}.get("location")
            if not options.has("L") or response.status not in REDIRECTS or not location:
                return response
            if self._redirects >= most:
                raise Failure(TOO_MANY_REDIRECTS, f"Maximum ({most}) redirects followed")
            self._redirects += 1
            request = redirected(request, response, location)

    def _fetched(self, request: Request) -> Fetching:
        options = self._options
        family = 4 if options.has("4") else 6 if options.has("6") else 0
        course = self._course = Course(family=family, eyeballs=True)
        course.least = options.number("Y", 1.0 if options.has("y") else 0.0)
        course.slow_s = options.number("y", SLOW_S)
        connect_s = options.number("connect-timeout", 0.0)
        work = fetch(self._call, request, course, connect_s=connect_s)
        try:
            response: Response = yield from work
        except SlowError:
            self._write_partly()
            raise too_slow(course.least, course.slow_s) from None
        except TimeoutError:
            now = self._call.node.clock.now
            raise too_late(course, now=now, limit_s=connect_s) from None
        except NetError as error:
            raise failure_of(error, request, course) from None
        return response

    # -- the answer

    def _write_partly(self) -> None:
        """Write what has come of an answer that is broken off."""
        response = self._course.response
        if response is not None:
            self._put(response, response.body[: self._course.received(self._call.node.clock.now)])

    def _write(self, response: Response, data: bytes) -> None:
        if response.cut and not data:
            raise Failure(EMPTY, "Empty reply from server")
        self._put(response, data)
        if response.cut and response.reset:
            raise Failure(NOT_RECEIVED, "Recv failure: Connection reset by peer")
        if response.cut:
            missing = len(response.body) - len(data)
            text = f"transfer closed with {missing} bytes remaining to read"
            raise Failure(PARTIAL, text)

    def _put(self, response: Response, data: bytes) -> None:
        options = self._options
        lines = [f"HTTP/1.1 {response.status}", *(f"{n}: {v}" for n, v in response.headers)]
        head = encoded("".join(f"{line}\r\n" for line in [*lines, ""]))
        body = b"" if options.has("I") else data
        last = urlsplit(self._url).path.rpartition("/")[2]
        name = options.get("o") or (last if options.has("O") else "")
        try:
            if options.has("D"):
                self._deliver(options.get("D"), head)
            self._deliver(name, (head if options.has("i", "I") else b"") + body)
        except OSError:
            raise Failure(WRITE_ERROR, "Failure writing output to destination") from None

    def _deliver(self, name: str, data: bytes) -> None:
        call = self._call
        if name == "/dev/null":
            return
        if name and name != "-":
            path = call.path(name)
            if self._options.has("create-dirs"):
                call.node.files.real(path).parent.mkdir(parents=True, exist_ok=True)
            call.node.files.write(path, data)
        else:
            call.out(decoded(data))

    def _written_out(self, form: str) -> str:
        response, failure = self._response, self._failure
        headers = {n.lower(): v for n, v in response.headers} if response is not None else {}
        status = f"{response.status:03}" if response is not None else "000"
        values = {
            "content_type": headers.get("content-type", ""),
            "errormsg": failure.text if failure is not None else "",
            "exitcode": str(failure.code if failure is not None else 0),
            "http_code": status,
            "num_redirects": str(self._redirects),
            "remote_ip": self._course.address,
            "response_code": status,
            "size_download": str(self._course.received(self._call.node.clock.now)),
            "time_total": f"{self._call.node.clock.now - self._began:.6f}",
            "url_effective": self._url,
        }
        text = re.sub(r"%\{(\w+)\}", lambda found: values.get(found[1], ""), form)
        return text.replace("\\n", "\n").replace("\\t", "\t")
