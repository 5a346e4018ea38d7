"""What the pilot says of itself when it asks for a job, and where it asks.

Read from pilot3@a090538b:pilot/control/job.py#get_dispatcher_dictionary, #get_job_label and
pilot/util/https.py#get_panda_server.
"""

from __future__ import annotations

from typing import Mapping
from urllib.parse import urlsplit

from pilotcore.definitions import Queue
from pilotcore.options import Options

DEFAULT_URL = "https://pandaserver.cern.ch"


def server_url(options: Options) -> str:
    """Return scheme, host and port of the server."""
    url = (options.url or DEFAULT_URL).rstrip("/")
    if "://" not in url:
        url = f"https://{url}"
    return url if urlsplit(url).port else f"{url}:{options.port}"


def label_of(options: Options, *, status: str) -> str:
    """Return the prodSourceLabel to ask for; *status* is the queue's."""
    tag, label = options.version_tag, options.label
    if tag == "RC" and label in ("rc_test2", "ptest"):
        return label
    if tag == "RCM" and label == "ptest":
        return "rcm_test2"
    if tag == "ALRB":
        return "rc_alrb"
    return "test" if status == "test" and label != "ptest" else label


def wishes(
    options: Options, queue: Queue, *, env: Mapping[str, str], node: str, free: int | None
) -> dict[str, object]:
    """Return the fields of a request for a job; *free* is the space on the node in bytes."""
    return {
        "queue": options.queue,
        "resource": queue.resource,
        "label": label_of(options, status=queue.status),
        "node": node,
        "disk_mb": "" if free is None else free >> 20,
        "resource_type": options.resource_type,
        "job_type": options.job_type,
        "harvester_id": env.get("HARVESTER_ID", ""),
        "worker_id": env.get("HARVESTER_WORKER_ID", ""),
    }


def worker_fields(
    options: Options, *, env: Mapping[str, str], node: str, status: str
) -> dict[str, object] | None:
    """Return what is told about Harvester's worker; None if there is none or it is not wanted."""
    worker, harvester = env.get("HARVESTER_WORKER_ID", ""), env.get("HARVESTER_ID", "")
    if not options.worker_status or not worker or not harvester:
        return None
    return {
        "worker_id": worker,
        "harvester_id": harvester,
        "status": status,
        "queue": options.queue,
        "node": node,
    }
