"""What the checks expect of a site: thresholds, servers, repositories, the queue.

The defaults are those of an ATLAS worker node; a VO or a site writes its own as a JSON object
whose keys are the fields below. Repositories and tools are data, not code, because a nightly
repository in a hard-coded list once took healthy sites out (pilot-wrapper 5b4ad69).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import fields
from dataclasses import replace
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

GB = 10**9
MB = 10**6


class SettingsError(Exception):
    """The caller asked for something that does not exist or cannot be."""


@dataclass(frozen=True)
class Settings:
    """Expectations of a run; sizes in bytes unless the name says otherwise."""

    queue: str = ""  # PanDA queue; empty: the panda.* checks do not apply
    queuedata_url: str = "http://pandaserver.cern.ch:25085/cache/schedconfig/{pandaqueue}.all.json"
    server_urls: tuple[str, ...] = ("https://pandaserver.cern.ch:25443/server/panda/isAlive",)
    repositories: tuple[str, ...] = ("atlas.cern.ch", "atlas-condb.cern.ch")
    cvmfs_root: str = "/cvmfs"
    vo: str = "atlas"  # empty: any
    proxy_fail_h: float = 12.0  # glideinWMS check_proxy.sh
    proxy_warn_h: float = 72.0  # what a pilot wants at its start (pilot3@a090538b)
    work_dir: str = ""  # empty: where the job starts
    space_fail_bytes: int = 2 * GB  # pilot3@a090538b: 2 GB at start
    space_warn_bytes: int = 10 * GB  # OSG: 10 GB per core recommended
    write_bytes: int = 16 * MB
    cores: int = 0  # 0: the queue's corecount, else 1
    tools: tuple[str, ...] = ("bash", "tar", "gzip", "curl", "awk", "sed", "grep", "ps", "timeout")
    tools_wanted: tuple[str, ...] = ("wget", "lsof", "lspci")
    osg_variables: tuple[str, ...] = (
        "OSG_GRID",
        "OSG_APP",
        "OSG_DATA",
        "OSG_WN_TMP",
        "OSG_SITE_NAME",
        "OSG_HOSTNAME",
        "OSG_DEFAULT_SE",
        "OSG_SQUID_LOCATION",
    )  # empty: not an OSG site

    def with_values(self, values: dict[str, Any]) -> Settings:
        """Return these settings with *values* in place; raise SettingsError for a bad one."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        changes = {}
        for name in sorted(values):
            if name not in known:
                raise SettingsError(f"unknown setting {name!r}{_advice(name, list(known))}")
            changes[name] = _fitted(name, values[name], known[name])
        return _checked(replace(self, **changes))


DEFAULTS = Settings()


def read_settings(text: str, *, source: str) -> dict[str, Any]:
    """Return the JSON object in *text*; raise SettingsError naming *source*."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise SettingsError(f"{source} is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise SettingsError(f"{source} must be a JSON object of settings")
    return document


def _advice(name: str, known: list[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f" - did you mean {near[0]!r}?" if near else ""


def _fitted(name: str, value: Any, default: Any) -> Any:
    """Return *value* in the type of *default*; raise SettingsError if it cannot be."""
    if isinstance(default, tuple):
        if isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise SettingsError(f"setting {name!r} must be a list of strings")
    if isinstance(default, str):
        if isinstance(value, str):
            return value
        raise SettingsError(f"setting {name!r} must be a string")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise SettingsError(f"setting {name!r} must be a number, zero or more")
    if isinstance(default, int) and value != int(value):
        raise SettingsError(f"setting {name!r} must be a whole number")
    return type(default)(value)


def _checked(settings: Settings) -> Settings:
    for url in (settings.queuedata_url, *settings.server_urls):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(f"not an http or https URL: {url!r}")
    return settings
