"""Which endpoint a path means.

``/server/panda/<method>``, ``/api/v1/<module>/<method>`` (also ``latest``), and files of the cache.
Read from panda-server@9cc36033:server/panda.py parse_script_name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Mapping

import fakeserver.endpoints
from fakeserver.registry import LEGACY_ROOT
from fakeserver.registry import MODERN_ROOT
from fakeserver.registry import REGISTRY
from fakeserver.registry import Endpoint
from simkernel import nearest

assert fakeserver.endpoints.__name__  # imported so that the registry is full

ENDPOINTS: tuple[Endpoint, ...] = tuple(REGISTRY[name] for name in sorted(REGISTRY))
LATEST_ROOT = "/api/latest/"


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint as it was asked for: in which dialect, and with what in its path."""

    endpoint: Endpoint
    dialect: str
    texts: Mapping[str, str]


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    fixed = [re.escape(part) for part in parts[::2]]
    named = [rf"(?P<{name}>[^/]+)" for name in parts[1::2]] + [""]
    return re.compile("".join(a + b for a, b in zip(fixed, named, strict=True)))


_FIXED: dict[str, tuple[Endpoint, str]] = {}
_FILES: list[tuple[re.Pattern[str], Endpoint]] = []
for _endpoint in ENDPOINTS:
    if _endpoint.legacy:
        _FIXED[LEGACY_ROOT + _endpoint.legacy] = (_endpoint, "legacy")
    if _endpoint.modern:
        _FIXED[MODERN_ROOT + _endpoint.modern] = (_endpoint, "modern")
# The longer template first: X.all.json is not the schedconfig of a queue X.all.
for _length, _file, _name in sorted(
    (-len(file), file, each.name) for each in ENDPOINTS for file in each.files
):
    _FILES.append((_pattern(_file), REGISTRY[_name]))


def find(path: str) -> Route | None:
    """Return the route of *path*, a query in it ignored, or None."""
    plain = path.partition("?")[0]
    if plain.startswith(LATEST_ROOT):
        plain = MODERN_ROOT + plain[len(LATEST_ROOT) :]
    if plain in _FIXED:
        endpoint, dialect = _FIXED[plain]
        return Route(endpoint, dialect, {})
    for pattern, endpoint in _FILES:
        match = pattern.fullmatch(plain)
        if match:
            return Route(endpoint, "file", match.groupdict())
    return None


def endpoint_of(method: str, path: str) -> str | None:
    """Return the canonical name of what *path* means, or None.

    The same for any *method*: a wrong one is the endpoint's business to refuse.
    """
    del method
    route = find(path)
    return route.endpoint.name if route else None


def near(path: str) -> list[str]:
    """Return the known path most like *path*, if any is like it."""
    return nearest(path.partition("?")[0], [each for known in ENDPOINTS for each in known.paths])
