"""Which servers a job talks to, and whether it does so directly or through a proxy.

The same rules as Python's own urllib, which a pilot uses: http_proxy, https_proxy, no_proxy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping
from typing import Optional
from urllib.parse import SplitResult
from urllib.parse import urlsplit

from siteverify.settings import Settings

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, order=True)
class Endpoint:
    """A host and a port to connect to."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def urls(settings: Settings) -> tuple[str, ...]:
    """Return every URL that a job of this run needs, the servers' first."""
    queue = (queuedata_url(settings),) if settings.queue else ()
    return (*settings.server_urls, *queue)


def queuedata_url(settings: Settings) -> str:
    """Return the address of the queue's definition."""
    return settings.queuedata_url.replace("{pandaqueue}", settings.queue)


def direct_endpoints(settings: Settings, env: Mapping[str, str]) -> tuple[Endpoint, ...]:
    """Return where a job connects to without a proxy in between, in order, each once."""
    split = [urlsplit(url) for url in urls(settings)]
    return tuple(sorted({_endpoint(parts) for parts in split if not _proxy_for(parts, env)}))


def proxies(env: Mapping[str, str]) -> dict[str, str]:
    """Return the proxies set in *env*, by scheme."""
    found = {scheme: _variable(f"{scheme}_proxy", env) for scheme in sorted(PORTS)}
    return {scheme: value for scheme, value in found.items() if value}


def proxy_endpoint(value: str) -> Optional[Endpoint]:
    """Return where the proxy *value* listens, or None if *value* cannot be understood."""
    parts = urlsplit(value if "://" in value else f"http://{value}")
    try:
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or not port or any(mark in value for mark in " \"'"):
        return None
    return Endpoint(parts.hostname, port)


def _endpoint(parts: SplitResult) -> Endpoint:
    return Endpoint(parts.hostname or "", parts.port or PORTS[parts.scheme])


def _proxy_for(parts: SplitResult, env: Mapping[str, str]) -> str:
    if _is_exempt(parts.hostname or "", _variable("no_proxy", env)):
        return ""
    return proxies(env).get(parts.scheme, "")


def _is_exempt(host: str, no_proxy: str) -> bool:
    suffixes = [word.strip().lstrip(".").lower() for word in no_proxy.split(",") if word.strip()]
    return no_proxy == "*" or any(host == end or host.endswith(f".{end}") for end in suffixes)


def _variable(name: str, env: Mapping[str, str]) -> str:
    return (env.get(name) or env.get(name.upper()) or "").strip()
