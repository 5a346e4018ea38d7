"""How ``send-job`` reaches a server: HTTPS with a proxy or a token, or plain HTTP.

Whatever goes wrong on the way is said in the user's words, with what to do about it.
"""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Mapping
from urllib.parse import urlencode
from urllib.parse import urlsplit

from simkernel import ScenarioError

TIMEOUT_S = 60.0
WHERE = "send-job"


@dataclass(frozen=True, slots=True)
class Door:
    """A server at *url* and by what to enter: files of *proxy*, *authorities* or *token*."""

    url: str
    proxy: str = ""
    authorities: str = ""
    token: str = ""
    origin: str = ""

    def get(self, path: str, **query: str) -> Any:
        """Return the data that api/v1 answers to a GET. Raises ScenarioError."""
        where = f"{self._base()}{path}?{urlencode(query)}"
        return self._ask(urllib.request.Request(where, headers=self._headers()))

    def post(self, path: str, values: Mapping[str, Any]) -> Any:
        """Return the data that api/v1 answers to a POST. Raises ScenarioError."""
        where = f"{self._base()}{path}"
        body = json.dumps(values).encode()
        return self._ask(urllib.request.Request(where, data=body, headers=self._headers()))

    def _base(self) -> str:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ScenarioError(
                f"{self.url!r} is no address of a server",
                where=f"{WHERE} --url",
                remedy="for example https://localhost:25443",
            )
        return f"{self.url.rstrip('/')}/api/v1/"

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token:
            text = _read(self.token, option="--token").strip()
            headers |= {"Authorization": f"Bearer {text}", "Origin": self.origin}
        return headers

    def _ask(self, request: urllib.request.Request) -> Any:
        try:
            with urllib.request.urlopen(
                request, timeout=TIMEOUT_S, context=self._context()
            ) as answer:
                envelope = json.loads(answer.read())
        except urllib.error.HTTPError as error:
            text = error.read(2000).decode("utf-8", "replace").strip()
            raise _refused(f"the server answers {error.code}: {text}") from None
        except urllib.error.URLError as error:
            raise self._unreachable(error.reason) from None
        except (OSError, ValueError) as error:
            raise _refused(f"the answer cannot be read: {error}") from None
        if not isinstance(envelope, dict) or not envelope.get("success"):
            message = envelope.get("message") if isinstance(envelope, dict) else envelope
            raise _refused(f"the server refuses: {message}")
        return envelope.get("data")

    def _context(self) -> ssl.SSLContext | None:
        if urlsplit(self.url).scheme == "http":
            return None
        try:
            return self._trusting()
        except OSError as error:
            raise ScenarioError(
                f"the credential cannot be used: {error}",
                where=f"{WHERE} --proxy",
                remedy="give a PEM file with certificate and key, and a folder of authorities",
            ) from None

    def _trusting(self) -> ssl.SSLContext:
        trusted = Path(self.authorities) if self.authorities else None
        folder = str(trusted) if trusted and trusted.is_dir() else None
        file = str(trusted) if trusted and not trusted.is_dir() else None
        context = ssl.create_default_context(capath=folder, cafile=file)
        if self.proxy:
            context.load_cert_chain(self.proxy)
        return context

    def _unreachable(self, reason: object) -> ScenarioError:
        remedy = "is it there? `flightsim serve` starts one"
        if isinstance(reason, ssl.SSLCertVerificationError):
            remedy = "give the folder of its authority: --authorities"
        elif isinstance(reason, ssl.SSLError):
            remedy = "give a proxy that is valid: --proxy"
        return ScenarioError(
            f"{self.url} cannot be reached: {reason}", where=f"{WHERE} --url", remedy=remedy
        )


def _refused(what: str) -> ScenarioError:
    return ScenarioError(what, where=WHERE)


def _read(path: str, *, option: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ScenarioError(
            f"{path} cannot be read: {error.strerror}", where=f"{WHERE} {option}"
        ) from None
