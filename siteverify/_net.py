"""Questions about the network, as the real machine answers them.

Each is asked in a child that is given up at its limit: a resolver has no time limit of its own,
and that of urllib is for each read, not for the whole.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import urllib.error
import urllib.request
from email.message import Message
from functools import partial
from typing import NoReturn
from typing import Protocol

from siteverify._forked import ask_in_child
from siteverify.vantage import Answer
from siteverify.vantage import HangError
from siteverify.vantage import UnreachableError
from siteverify.vantage import UnresolvedError

BODY_LIMIT = 2 * 2**20


class _Response(Protocol):
    headers: Message

    def read(self, amount: int, /) -> bytes: ...


def resolve(host: str, *, timeout_s: float) -> tuple[str, ...]:
    """Return the addresses of *host*, sorted."""
    return ask_in_child(partial(_resolve, host), what=f"resolve {host}", timeout_s=timeout_s)


def connect(host: str, port: int, *, timeout_s: float) -> None:
    """Open and close a TCP connection."""
    question = partial(_connect, host, port, timeout_s=timeout_s)
    ask_in_child(question, what=f"connect {host}:{port}", timeout_s=timeout_s)


def fetch(url: str, *, timeout_s: float) -> Answer:
    """GET *url*, through the proxies of the environment, with X509_CERT_DIR trusted."""
    question = partial(_fetch, url, timeout_s=timeout_s)
    return ask_in_child(question, what=f"GET {url}", timeout_s=timeout_s)


def _resolve(host: str) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise UnresolvedError(f"{host} has no address ({error})") from error
    return tuple(sorted({str(address[4][0]) for address in found}))


def _connect(host: str, port: int, *, timeout_s: float) -> None:
    what = f"{host}:{port}"
    try:
        socket.create_connection((host, port), timeout_s).close()
    except OSError as error:
        _raise_for_connection(error, what)


def _fetch(url: str, *, timeout_s: float) -> Answer:
    context = ssl.create_default_context()
    authorities = os.environ.get("X509_CERT_DIR", "")
    if os.path.isdir(authorities):
        context.load_verify_locations(capath=authorities)
    request = urllib.request.Request(url, headers={"User-Agent": "siteverify"})
    try:
        with urllib.request.urlopen(request, timeout=timeout_s, context=context) as response:
            return _answer(response.status, response)
    except urllib.error.HTTPError as error:
        return _answer(error.code, error)
    except urllib.error.URLError as error:
        reason = error.reason
        _raise_for_connection(reason if isinstance(reason, OSError) else OSError(str(reason)), url)
    except OSError as error:
        _raise_for_connection(error, url)
    except http.client.HTTPException as error:
        raise UnreachableError(f"{url} ({type(error).__name__})", "broken") from error


def _answer(status: int, response: _Response) -> Answer:
    body = response.read(BODY_LIMIT).decode("utf-8", "replace")
    headers = {name.lower(): str(value) for name, value in response.headers.items()}
    return Answer(status, body, headers)


def _raise_for_connection(error: OSError, what: str) -> NoReturn:
    if isinstance(error, socket.gaierror):
        raise UnresolvedError(f"{what} has no address ({error})") from error
    if isinstance(error, (socket.timeout, TimeoutError)):
        raise HangError(f"{what}: no answer") from error
    if isinstance(error, ConnectionRefusedError):
        raise UnreachableError(what, "refused") from error
    if isinstance(error, ssl.SSLError):
        raise UnreachableError(f"{what} ({error.reason or error})", "tls") from error
    if isinstance(error, ConnectionError):
        raise UnreachableError(f"{what} ({error})", "broken") from error
    raise UnreachableError(f"{what} ({error})", "unreachable") from error
