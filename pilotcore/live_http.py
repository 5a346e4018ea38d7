"""HTTP and HTTPS of the standard library, with the pilot's certificate or token.

One deadline counts for a whole request: an answer that drips in byte by byte must not hold the
pilot for longer than one that never comes (INC-065). A body shorter than announced is no answer.
The server's certificate is verified against the grid's CAs where the node has them.
"""

from __future__ import annotations

import http.client
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from typing import Mapping
from typing import Union

from pilotcore import VERSION
from pilotcore.credentials import proxy_file
from pilotcore.credentials import token_file
from pilotcore.live_connect import Connect
from pilotcore.live_connect import connect
from pilotcore.live_connect import open_url
from pilotcore.options import Options
from pilotcore.platform import HttpFailure
from pilotcore.platform import Request
from pilotcore.platform import Response

GRID_CAS = "/etc/grid-security/certificates"
CHUNK = 1 << 16
BODY_MAX = 256 << 20
Answer = Union[http.client.HTTPResponse, urllib.error.HTTPError]


@dataclass(frozen=True)
class Ways:
    """What a browser stands on: connections, TLS, a clock and files."""

    connect: Connect = connect
    secure: Callable[..., ssl.SSLContext] = ssl.create_default_context
    monotonic: Callable[[], float] = time.monotonic
    path: Callable[[str], Path] = Path


LIVE = Ways()


class Browser:
    """Fetches what is asked for, as this pilot."""

    def __init__(self, options: Options, env: Mapping[str, str], ways: Ways = LIVE) -> None:
        self._ways = ways
        self._env = dict(env)
        self._cafile = options.cacert or None
        folder = options.capath or env.get("X509_CERT_DIR") or GRID_CAS
        self._capath = folder if ways.path(folder).is_dir() else None
        self._use_token = options.use_token

    def fetch(self, request: Request) -> Response:
        """Perform *request*; raises HttpFailure if no complete answer came."""
        until = self._ways.monotonic() + request.timeout_s
        try:
            return self._complete(self._open(request), until)
        except urllib.error.HTTPError as error:
            return self._complete(error, until)
        except urllib.error.URLError as error:
            # Raised before anything could be answered: no name, no connection, no handshake.
            raise HttpFailure(f"{type(error).__name__}: {error}", reached=False) from error
        except (OSError, http.client.HTTPException) as error:
            raise HttpFailure(f"{type(error).__name__}: {error}", reached=True) from error
        except ValueError as error:
            raise HttpFailure(f"not a URL: {error}", reached=False) from error

    def _open(self, request: Request) -> http.client.HTTPResponse:
        headers = {"User-Agent": f"pilotcore/{VERSION}", **request.headers}
        secure = request.url.startswith("https:")
        if secure and request.private:
            headers.update(self._token_headers())
        message = urllib.request.Request(
            request.url, request.body or None, headers, method=request.method
        )
        context = self._context(private=request.private) if secure else None
        return open_url(
            message, timeout_s=request.timeout_s, context=context, connect=self._ways.connect
        )

    def _context(self, *, private: bool) -> ssl.SSLContext:
        """Return a context made anew: the proxy file may have been renewed meanwhile."""
        context = self._ways.secure(cafile=self._cafile, capath=self._capath)
        if private and not self._token_headers():
            path = self._ways.path(proxy_file(self._env))
            try:
                context.load_cert_chain(path)
            except OSError as error:
                raise urllib.error.URLError(f"{path.name}: {error.strerror or error}") from error
        return context

    def _token_headers(self) -> dict[str, str]:
        path = token_file(self._env, self._ways.path) if self._use_token else ""
        if not path:
            return {}
        origin = self._env.get("PANDA_AUTH_ORIGIN") or self._env.get("OIDC_AUTH_ORIGIN") or ""
        token = self._ways.path(path).read_text(encoding="utf-8").strip()
        return {"Authorization": f"Bearer {token}", "Origin": origin}

    def _complete(self, answer: Answer, until: float) -> Response:
        with answer:
            return Response(int(answer.status or 0), _body(answer, until, self._ways.monotonic))


def _body(answer: Answer, until: float, monotonic: Callable[[], float]) -> bytes:
    """Return the whole body, read before the instant *until*; raises HttpFailure."""
    parts: list[bytes] = []
    size = 0
    try:
        while part := answer.read1(CHUNK):
            parts.append(part)
            size += len(part)
            if size > BODY_MAX or monotonic() > until:
                raise HttpFailure(f"gave up after {size} bytes of the answer", reached=True)
    except (OSError, http.client.HTTPException) as error:
        raise HttpFailure(f"{type(error).__name__}: {error}", reached=True) from error
    announced = answer.headers.get("Content-Length", "")
    if announced.isdigit() and size < int(announced):
        raise HttpFailure(f"{size} of {announced} bytes of the answer came", reached=True)
    return b"".join(parts)
