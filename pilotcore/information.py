"""The information service: where the definitions of queue and storages come from.

Read from pilot3@a090538b:pilot/info/extinfo.py. Not modelled: caches on disk, overrides.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Mapping
from typing import Optional

from pilotcore.definitions import Queue
from pilotcore.definitions import Storage
from pilotcore.definitions import check_queue
from pilotcore.definitions import parse_queue
from pilotcore.definitions import parse_storages
from pilotcore.errors import PilotError
from pilotcore.logbook import Logbook
from pilotcore.options import Options
from pilotcore.orders import Orders
from pilotcore.platform import HttpFailure
from pilotcore.platform import Platform
from pilotcore.platform import Request

NOT_READ = 1116
TRIES = 3
PAUSE_S = 30.0
CACHE_PORT = 25085
STORAGES_COPY = "atlas.cern.ch/repo/sw/local/etc/cric_ddmendpoints.json"


class InformationService:
    """Fetches the definitions that the pilot needs."""

    def __init__(
        self,
        platform: Platform,
        log: Logbook,
        *,
        options: Options,
        host: str,
        copies: str = "",
    ) -> None:
        self._platform = platform
        self._log = log
        self._options = options
        self._copies = copies
        self._cache = f"http://{host}:{CACHE_PORT}"

    def queue(self, *, fallback_url: str, orders: Orders) -> Queue:
        """Return the queue's definition, checked. Raises PilotError (1116, 1117, 1359, 1386).

        *fallback_url* serves {queue: definition}; it is asked if the first source fails.
        """
        name = self._options.queue
        usual = f"{self._cache}/cache/schedconfig/{{pandaqueue}}.all.json"
        url = self._options.queuedata_url or usual
        try:
            queue = queue_in(self._fetch(url.replace("{pandaqueue}", name), orders), name)
        except PilotError as error:
            if not fallback_url or error.failure.code != NOT_READ:
                raise
            answer = table_in(self._fetch(fallback_url, orders)) or {}
            queue = parse_queue(answer.get(name), name)
        check_queue(queue)
        return queue

    def storages(self, *, orders: Orders) -> dict[str, Storage]:
        """Return all storage endpoints by name. Raises PilotError (1116).

        The copy on /cvmfs is as old as the last time that somebody published it (INC-107): it is
        for when nobody else answers.
        """
        url = self._options.storagedata_url or f"{self._cache}/cache/ddmendpoints.json"
        try:
            text = self._fetch(url, orders)
        except PilotError:
            text = self._copy()
            if not table_in(text):
                raise
        return storages_in(text)

    def _copy(self) -> str:
        """Return the copy of the definitions on /cvmfs, "" if there is none to read."""
        if not self._copies:
            return ""
        copy = self._platform.path(f"{self._copies}/{STORAGES_COPY}")
        try:
            return copy.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            self._log.warning(f"no copy of the definitions either: {error}")
            return ""

    def _fetch(self, url: str, orders: Orders) -> str:
        """Return the text of a table. Raises PilotError (1116)."""
        why = ""
        for attempt in range(TRIES):
            if attempt:
                orders.sleep(self._platform, PAUSE_S)
            try:
                response = self._platform.http(Request("GET", url, timeout_s=60.0))
            except HttpFailure as failure:
                why = str(failure)
            else:
                text = response.text()
                if response.status == 200 and table_in(text) is not None:
                    return text
                why = f"HTTP {response.status}: {text[:60]!r}"
            self._log.warning(f"cannot read {url}: {why}")
        raise PilotError(NOT_READ, f"{url}: {why}")


# Of many pilots in one process, each need not have its own: what is read is never changed.
@lru_cache(maxsize=16)
def table_in(text: str) -> Optional[Mapping[str, object]]:
    """Return the JSON table in *text*, or None: an HTML page is no definition."""
    try:
        answer = json.loads(text)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


@lru_cache(maxsize=16)
def queue_in(text: str, name: str) -> Queue:
    """Return the queue *name* as *text* defines it. Raises PilotError (1117)."""
    return parse_queue(table_in(text), name)


@lru_cache(maxsize=16)
def storages_in(text: str) -> dict[str, Storage]:
    """Return the storages that *text* defines, by name."""
    return parse_storages(table_in(text))
