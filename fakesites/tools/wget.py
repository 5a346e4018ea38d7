"""wget: files through the node's network, with a word about every step.

Models names and addresses, TLS and whom it trusts, redirections, time limits, repeated attempts,
output files, and the exit codes 0 (well), 1 (usage, local files), 2 (options), 4 (network),
5 (trust) and 8 (the server's refusal). Not modelled: recursion, cookies, proxies, going on where
an attempt was cut (the next begins anew). Read from wget(1), 1.21, "EXIT STATUS".
"""

from __future__ import annotations

import math
from http.client import responses
from typing import Any
from typing import Generator
from urllib.parse import urljoin
from urllib.parse import urlsplit

import simpy

from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import _wget_words as words
from fakesites.tools import tool
from fakesites.tools._fetch import GREETING
from fakesites.tools._fetch import RESOLVING
from fakesites.tools._fetch import WAITING
from fakesites.tools._fetch import Course
from fakesites.tools._fetch import fetch
from fakesites.tools._fetch import is_number
from fakesites.tools._options import Options
from fakesites.tools._texts import decoded
from fakesites.tools._wget_requests import PORTS
from fakesites.tools._wget_requests import make_request
from fakesites.tools._wget_requests import read_options
from simkernel.clock import utc_text
from simkernel.network import AlertError
from simkernel.network import NetError
from simkernel.network import Request
from simkernel.network import Response
from simkernel.network import VerifyError

Work = Generator[simpy.Event, Any, int]
Attempt = Generator[simpy.Event, Any, "int | None"]

TRIES, REDIRECTS, WAIT_S, READ_S = 20, 20, 10.0, 900.0
REDIRECTING = (301, 302, 303, 307, 308)
LOCAL_ERROR, NETWORK_ERROR, TRUST_ERROR, SERVER_ERROR = 1, 4, 5, 8
FATAL = ("refused", "unreachable")
"""Failures of a connection after which there is no other attempt."""


@tool("wget")
def wget(call: ToolCall) -> Work:
    """Fetch each address; the exit code is the gravest there was."""
    options = read_options(call)
    if options.has("V"):
        call.out("GNU Wget 1.21.1 built on linux-gnu.\n")
        return 0
    if not options.words:
        raise UsageError(f"missing URL\n{words.USAGE}", code=1)
    target = options.get("O")
    if target and target != "-" and not _writable(call, target):
        call.err(f"{target}: No such file or directory\n")
        return LOCAL_ERROR
    codes: list[int] = []
    for url in options.words:
        code = yield from Download(call, options, url).run()
        codes.append(code)
    return min((code for code in codes if code), default=0)


def _writable(call: ToolCall, name: str) -> bool:
    try:
        call.node.files.write(call.path(name), b"")
    except OSError:
        return False
    return True


class Download:
    """One address: attempts, redirections, and what is said of them."""

    def __init__(self, call: ToolCall, options: Options, url: str) -> None:
        self._call = call
        self._options = options
        self._url = url if "://" in url else f"http://{url}"
        self._course = Course()
        self._known: dict[str, tuple[str, ...]] = {}
        self._unicode = any("UTF-8" in call.env.get(name, "") for name in ("LC_ALL", "LANG"))

    # -- words

    def _say(self, text: str) -> None:
        """Say what is not said with -nv or -q."""
        if not self._options.has("q", "no-verbose"):
            self._call.err(text)

    def _complain(self, text: str) -> None:
        """Say what is only not said with -q."""
        if not self._options.has("q"):
            self._call.err(text)

    def _quoted(self, text: str) -> str:
        return words.quoted(text, unicode=self._unicode)

    def _time(self) -> str:
        return utc_text(self._call.node.clock.wall()).replace("T", " ").rstrip("Z")

    # -- attempts

    def run(self) -> Work:
        """Fetch it, as often as it takes; return the exit code."""
        if urlsplit(self._url).scheme not in PORTS:
            scheme = self._quoted(urlsplit(self._url).scheme)
            self._complain(f"{self._url}: Unsupported scheme {scheme}.\n")
            return LOCAL_ERROR
        tries = int(self._options.number("t", TRIES)) or math.inf
        number, redirects = 0, 0
        while True:
            number += 1
            outcome = yield from self._attempt(number)
            if isinstance(outcome, str):
                if redirects >= self._options.number("max-redirect", REDIRECTS):
                    self._complain(f"{redirects} redirections exceeded.\n")
                    return SERVER_ERROR
                self._url, number, redirects = outcome, 0, redirects + 1
            elif outcome is not None:
                return outcome
            elif number >= tries:
                self._complain("Giving up.\n\n")
                return NETWORK_ERROR
            else:
                self._complain("Retrying.\n\n")
                pause_s = self._options.number("waitretry", WAIT_S)
                yield self._call.node.clock.timeout(min(float(number), pause_s))

    def _attempt(self, number: int) -> Generator[simpy.Event, Any, int | str | None]:
        """Try once; return an exit code, another address, or None if it may be tried again."""
        again = f"(try:{number:2})  " if number > 1 else ""
        self._say(f"--{self._time()}--  {again}{self._url}\n")
        request = make_request(self._call, self._options, self._url)
        course = self._course = self._new_course(request)
        try:
            response: Response = yield from fetch(self._call, request, course)
        except NetError as error:
            return self._failed(error, request)
        return self._answered(request, response)

    def _new_course(self, request: Request) -> Course:
        options = self._options
        all_s = options.number("T", 0.0)
        host = request.host
        named = f"{host} ({host})"
        first = host not in self._known and not is_number(host)
        if first:
            self._say(f"Resolving {named}... ")

        def on_addresses(found: tuple[str, ...]) -> None:
            self._known[host] = found
            self._say(f"{', '.join(found)}\n" if first else "")

        def on_attempt(address: str) -> None:
            shown = f"[{address}]" if ":" in address else address
            place = f"{shown}:" if is_number(host) else f"{named}|{shown.strip('[]')}|:"
            self._say(f"Connecting to {place}{request.port}... ")

        course = Course(
            family=4 if options.has("4") else 6 if options.has("6") else 0,
            attempt_s=options.number("connect-timeout", all_s),
            read_s=options.number("read-timeout", all_s or READ_S),
        )
        course.on_addresses, course.on_attempt = on_addresses, on_attempt
        course.on_failure = lambda error: self._say(f"failed: {words.system_text(error)}.\n")
        course.on_connection = lambda: self._say("connected.\n")
        course.on_greeting = lambda: self._say("HTTP request sent, awaiting response... ")
        return course

    def _failed(self, error: NetError, request: Request) -> int | None:
        phase = self._course.phase
        if phase == RESOLVING:
            self._say(f"failed: {words.resolver_text(error)}.\n")
            host = self._quoted(request.host)
            self._complain(f"wget: unable to resolve host address {host}\n")
            return NETWORK_ERROR
        if isinstance(error, VerifyError):
            self._complain(words.distrust(error, self._quoted(request.host)))
            return TRUST_ERROR
        if phase == WAITING or (isinstance(error, AlertError) and error.late):
            if phase != WAITING:
                self._say("HTTP request sent, awaiting response... ")
            self._complain(words.unread(error, tls=request.tls))
            return None
        if phase == GREETING:
            self._complain(words.no_handshake(error) + "\n")
            return NETWORK_ERROR
        fatal = error.kind in FATAL and not self._options.has("retry-connrefused")
        return NETWORK_ERROR if fatal else None

    # -- answers

    def _answered(self, request: Request, response: Response) -> int | str | None:
        reason = responses.get(response.status, "")
        headers = {name.lower(): value for name, value in response.headers}
        self._say(f"{response.status} {reason}\n")
        if self._options.has("S"):
            lines = [f"HTTP/1.1 {response.status} {reason}"]
            lines += [f"{name}: {value}" for name, value in response.headers]
            self._complain("".join(f"  {line}\n" for line in lines))
        if response.status in REDIRECTING and "location" in headers:
            self._say(f"Location: {headers['location']} [following]\n")
            return urljoin(self._url, headers["location"])
        if response.status >= 400:
            where = f"{self._url}:\n" if self._options.has("no-verbose") else ""
            self._complain(f"{where}{self._time()} ERROR {response.status}: {reason}.\n\n")
            return SERVER_ERROR
        kind = headers.get("content-type", "").partition(";")[0]
        self._say_length(len(response.body), kind)
        if self._options.has("spider"):
            self._say("Remote file exists.\n\n")
            return 0
        return self._received(request, response)

    def _say_length(self, length: int, kind: str) -> None:
        size = words.size_text(length)
        brackets = f" ({size})" if size else ""
        self._say(f"Length: {length}{brackets}{f' [{kind}]' if kind else ''}\n")

    def _received(self, request: Request, response: Response) -> int | None:
        name = self._file_name()
        if name is None:
            return 0
        data, total = response.sent, len(response.body)
        seconds = len(data) / (response.pace or LINK_BPS)
        shown = self._quoted("STDOUT" if name == "-" else name)
        self._say(f"Saving to: {shown}\n{words.dots(len(data), total, seconds)}")
        try:
            self._deliver(name, data)
        except OSError as error:
            why = error.strerror
            self._complain(f"{name}: {why}\n\nCannot write to {shown} ({why}).\n")
            return 3
        speed = f"{self._time()} ({words.rate_text(len(data), seconds)}) - "
        if response.cut:
            self._complain(speed + words.broken(response, tls=request.tls))
            return None
        self._say_saved(name, len(data), speed)
        return 0

    def _say_saved(self, name: str, size: int, speed: str) -> None:
        if self._options.has("no-verbose"):
            text = f'{self._time()} URL:{self._url} [{size}/{size}] -> "{name}" [1]\n'
            self._complain(text)
            return
        saved = "written to stdout" if name == "-" else f"{self._quoted(name)} saved"
        self._say(f"{speed}{saved} [{size}/{size}]\n\n")

    def _deliver(self, name: str, data: bytes) -> None:
        if name == "-":
            self._call.out(decoded(data))
        elif name != "/dev/null":
            self._call.node.files.write(self._call.path(name), data)

    def _file_name(self) -> str | None:
        """Return where the answer goes, or None if it is there and may not be replaced."""
        options = self._options
        if options.has("O"):
            return options.get("O")
        parts = urlsplit(self._url)
        name = parts.path.rpartition("/")[2] or "index.html"
        name += f"?{parts.query}" if parts.query else ""
        name = f"{options.get('P').rstrip('/')}/{name}" if options.has("P") else name
        if not self._call.real(name).exists():
            return name
        if options.has("no-clobber"):
            self._say(f"File {self._quoted(name)} already there; not retrieving.\n\n")
            return None
        count = 1
        while self._call.real(f"{name}.{count}").exists():
            count += 1
        return f"{name}.{count}"


LINK_BPS = 125e6
"""Bytes a second of a path that is not slow: what the rate of a download is made of."""
