"""The information service: where the definitions of queue and storages come from.

Read from pilot3@a090538b:pilot/info/extinfo.py. Not modelled: caches on disk, cvmfs, overrides.
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


class InformationService:
    """Fetches the definitions that the pilot needs."""

    def __init__(self, platform: Platform, log: Logbook, *, options: Options, host: str) -> None:
        self._platform = platform
        self._log = log
        self._options = options
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
        """Return all storage endpoints by name. Raises PilotError (1116)."""
        url = self._options.storagedata_url or f"{self._cache}/cache/ddmendpoints.json"
        return parse_storages(self._fetch(url, orders))

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
