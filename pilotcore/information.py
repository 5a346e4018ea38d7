"""The information service: where the definitions of queue and storages come from.

Read from pilot3@a090538b:pilot/info/extinfo.py. Not modelled: caches on disk, overrides.
"""

from __future__ import annotations

import json

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
            raw = self._fetch(url.replace("{pandaqueue}", name), orders)
        except PilotError:
            if not fallback_url:
                raise
            answer = self._fetch(fallback_url, orders)
            raw = answer.get(name) if isinstance(answer, dict) else answer
        queue = parse_queue(raw, name)
        check_queue(queue)
        return queue

    def storages(self, *, orders: Orders) -> dict[str, Storage]:
        """Return all storage endpoints by name. Raises PilotError (1116).

        The copy on /cvmfs is as old as the last time that somebody published it (INC-107): it is
        for when nobody else answers.
        """
        url = self._options.storagedata_url or f"{self._cache}/cache/ddmendpoints.json"
        try:
            raw = self._fetch(url, orders)
        except PilotError:
            raw = self._copy()
            if raw is None:
                raise
        return parse_storages(raw)

    def _copy(self) -> object:
        """Return the copy of the definitions on /cvmfs, None if there is none to read."""
        if not self._copies:
            return None
        try:
            return _table(
                self._platform.path(f"{self._copies}/{STORAGES_COPY}").read_text(encoding="utf-8")
            )
        except (OSError, ValueError) as error:
            self._log.warning(f"no copy of the definitions either: {error}")
            return None

    def _fetch(self, url: str, orders: Orders) -> object:
        why = ""
        for attempt in range(TRIES):
            if attempt:
                orders.sleep(self._platform, PAUSE_S)
            try:
                response = self._platform.http(Request("GET", url, timeout_s=60.0))
            except HttpFailure as failure:
                why = str(failure)
            else:
                if response.status == 200 and (answer := _table(response.text())) is not None:
                    return answer
                why = f"HTTP {response.status}: {response.text()[:60]!r}"
            self._log.warning(f"cannot read {url}: {why}")
        raise PilotError(1116, f"{url}: {why}")


def _table(text: str) -> object:
    """Return the JSON table in *text*, or None: an HTML page is no definition."""
    try:
        answer = json.loads(text)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None
