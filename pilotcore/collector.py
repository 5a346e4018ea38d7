"""Messages to a collector of logs, if the queue's environment names one.

``REALTIME_LOGGING_SERVER`` is ``logstash;http://host:port``. What is sent there is for those who
watch; it must never cost a job its last word, however the collector takes it (INC-067: an
exception over a message that was too large). Read from
pilot3@a090538b:pilot/util/realtimelogger.py.
"""

from __future__ import annotations

import json
from typing import Mapping

from pilotcore.logbook import Logbook
from pilotcore.platform import HttpFailure
from pilotcore.platform import Platform
from pilotcore.platform import Request

VARIABLE = "REALTIME_LOGGING_SERVER"
KINDS = ("logstash", "logstash_http")
MESSAGE_MAX = 100_000
TIMEOUT_S = 20.0


def collector_url(env: Mapping[str, str]) -> str:
    """Return the URL of the collector, "" if there is none that can be spoken to."""
    kind, _, url = env.get(VARIABLE, "").partition(";")
    return url if kind in KINDS and url.startswith(("http://", "https://")) else ""


def tell_collector(
    platform: Platform, log: Logbook, env: Mapping[str, str], *, job: int, text: str
) -> None:
    """Send the end of *text* about *job* once; whatever comes of it is only noted."""
    url = collector_url(env)
    if not url:
        return
    body = json.dumps({"PandaID": job, "message": text[-MESSAGE_MAX:]}).encode()
    headers = {"Content-Type": "application/json"}
    try:
        status = platform.http(Request("POST", url, body, headers, timeout_s=TIMEOUT_S)).status
        why = "" if status < 300 else f"HTTP {status}"
    except HttpFailure as failure:
        why = str(failure)
    if why:
        log.warning(f"the collector of logs did not take it: {why}")
