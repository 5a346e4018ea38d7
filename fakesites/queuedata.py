"""What the information system says of a site: queuedata and ddmendpoints.

Models the flat record of ``/cache/schedconfig/<queue>.all.json``, the dict of queues of
``schedconfig.all.json``, and ddmendpoints.json, with the field names of the real ones and
every key that pilot3 reads. Read from pilot3@a090538b:pilot/info/queuedata.py, storagedata.py,
pilot/api/data.py. Not modelled: the hundred fields that no pilot reads.
"""

from __future__ import annotations

from typing import Any
from typing import Iterable

from fakesites.sitespec import QueueSpec
from fakesites.sitespec import SiteSpec
from fakesites.sitespec import StorageSpec
from fakesites.storage import Door
from fakesites.turls import BUCKETS

Record = dict[str, Any]
LAN_READ = ("read_lan", "read_lan_analysis")
LAN_WRITE = ("write_lan", "write_lan_analysis")
ACTIVITIES = (*LAN_READ, "read_wan", *LAN_WRITE, "write_wan", "delete_lan", "delete_wan")
# Who of the pilots' copytools can ask for a scheme by itself; mv and dccp do not ask.
ENDPOINT_STATE = "ACTIVE"
# Copytools that can do with one scheme only, whatever else the queue names.
SCHEMAS = {"gs": ("gs",), "s3": ("https",), "objectstore": ("s3",)}
# Protocol -> the flavour that the definitions of storage endpoints give it.
FLAVOURS = {
    "root": "XROOTD",
    "davs": "WEBDAV",
    "https": "WEBDAV",
    "srm": "SRMv2",
    "dcap": "DCAP",
    "gsiftp": "GSIFTP",
    "s3": "AMAZON_S3",
    "gs": "GCS",
    "file": "FILE",
}


def queuedata(site: SiteSpec, queue: QueueSpec | str) -> Record:
    """Return the ``.all.json`` record of *queue*, a queue of *site* or its name."""
    spec = site.queue(queue) if isinstance(queue, str) else queue
    return {
        **identity(site, spec),
        **limits(spec),
        **transfers(spec),
        "catchall": spec.catchall,
        "appdir": "",
        "environ": "",
        "container_type": "",
        "container_options": "",
        "is_cvmfs": True,
        "use_pcache": False,
        "zip_time_gap": None,
        "pledgedcpu": 0,
        "params": dict(spec.params),
        "uconfig": {},
        **spec.extra,
    }


def schedconfig(site: SiteSpec, queue: QueueSpec | str) -> Record:
    """Return the record of *queue* under its name, as LOCAL_AGIS_SCHEDCONF is to have it."""
    spec = site.queue(queue) if isinstance(queue, str) else queue
    return {spec.name: queuedata(site, spec)}


def identity(site: SiteSpec, queue: QueueSpec) -> Record:
    """Return the fields that say what and where the queue is, and whether it is open."""
    resource = queue.resource or queue.name
    return {
        "name": queue.name,
        "nickname": queue.name,
        "siteid": queue.name,
        "panda_resource": resource,
        "panda_site": resource,
        "panda_queue_name": queue.name,
        "atlas_site": site.name,
        "gstat": site.name,
        "site": site.name,
        "rc_site": site.name,
        "cloud": site.cloud,
        "country": site.country,
        "tier": f"T{site.tier}",
        "vo_name": site.vo,
        "state": queue.state,
        "status": queue.status,
        "site_state": "ACTIVE",
        "type": queue.type,
        "resource_type": queue.resource_type,
        "cmtconfig": "",
        "system": "condor",
        "jobseed": "std",
        "harvester": "",
        "pilot_manager": "Harvester",
        "pilot_version": "current",
        "python_version": "3",
        "workflow": "pull",
    }


def limits(queue: QueueSpec) -> Record:
    """Return the fields that say what a job may use."""
    return {
        "corecount": queue.corecount,
        "coreCount": queue.corecount,
        "maxrss": queue.maxrss_mb,
        "minrss": 0,
        "meanrss": queue.maxrss_mb,
        "memory": queue.maxrss_mb,
        "memkillgrace": queue.memkillgrace,
        "maxwdir": queue.maxwdir_mb,
        "maxinputsize": queue.maxinputsize_mb,
        "maxtime": int(queue.maxtime_s),
        "mintime": 0,
        "timefloor": queue.timefloor_min,
        "corepower": 10,
        "nodes": 0,
        "transferringlimit": None,
        "wansourcelimit": 0,
        "wansinklimit": 0,
    }


def transfers(queue: QueueSpec) -> Record:
    """Return the fields that say how files come in and go out."""
    tools, out = list(queue.copytools), list(queue.copytools_out or queue.copytools)
    names = dict.fromkeys([*tools, *out])
    own = {name: list(SCHEMAS[name]) for name in names if name in SCHEMAS}
    return {
        "copytools": {name: {"setup": queue.copy_setup} for name in names},
        "acopytools": {
            **dict.fromkeys(("default", "pr", "read_lan"), tools),
            **dict.fromkeys(("pw", "pl", "write_lan"), out),
        },
        "acopytools_schemas": {
            key: {"default": list(queue.schemas), **own}
            for key in ("read_lan", "write_lan", "default")
        },
        "astorages": storages_by_activity(queue),
        "aprotocols": {},
        "allow_lan": queue.allow_lan,
        "allow_wan": queue.allow_wan,
        "direct_access_lan": queue.direct_access_lan,
        "direct_access_wan": queue.direct_access_wan,
        "objectstore": None,
        "objectstores": [],
    }


def storages_by_activity(queue: QueueSpec) -> dict[str, list[str]]:
    """Return the endpoints that *queue* uses for each activity."""
    sources = list(queue.read_from or (queue.storage,))
    logs = [queue.log_to or queue.storage]
    targets = [queue.storage]
    return {
        "pr": sources,
        "read_lan": sources,
        "read_lan_analysis": sources,
        "pw": targets,
        "w": targets,
        "write_lan": targets,
        "write_lan_analysis": targets,
        "pl": logs,
        "default": targets,
    }


def ddmendpoints(*sites: SiteSpec) -> dict[str, Record]:
    """Return the endpoints of *sites* by name, numbered in that order."""
    found: dict[str, Record] = {}
    for site in sites:
        for storage in site.storages:
            found[storage.name] = endpoint(site, storage, number=len(found) + 1)
    return found


def endpoint(site: SiteSpec, storage: StorageSpec, *, number: int) -> Record:
    """Return the record of one endpoint."""
    protocols = arprotocols(storage)
    return {
        "name": storage.name,
        "id": number,
        "state": ENDPOINT_STATE,
        "site": site.name,
        "rc_site": site.name,
        "cloud": site.cloud,
        "country_name": site.country,
        "rse": storage.name,
        "type": storage.type,
        "token": storage.token,
        "is_deterministic": storage.deterministic,
        "is_cache": False,
        "is_tape": storage.tape is not None,
        "arprotocols": protocols,
        "rprotocols": {},
        "aprotocols": {},
        "resource": {"id": number, "endpoint": storage.host, "bucket_id": None},
        "space_total": storage.space,
        "space_used": storage.used,
        "tier_level": site.tier,
        "vo_name": site.vo,
    }


def arprotocols(storage: StorageSpec) -> dict[str, list[Record]]:
    """Return the protocols of *storage* for every activity, in the order of its doors."""
    entries = list(protocol_records(storage.doors, storage))
    return {activity: [dict(entry) for entry in entries] for activity in ACTIVITIES}


def protocol_records(doors: Iterable[Door], storage: StorageSpec) -> Iterable[Record]:
    """Yield the record of each door: endpoint + path + Rucio's path make the URL."""
    for number, door in enumerate(doors, start=1):
        slash = "/" if door.protocol == "root" else ""
        host = "localhost" if door.protocol == "file" else f"{storage.host}:{door.port}"
        root = storage.root.rstrip("/")
        if door.protocol == BUCKETS:
            host, _, root = root.lstrip("/").partition("/")
            root = f"/{root}"
        yield {
            "id": number,
            "endpoint": f"{door.scheme or door.protocol}://{host}",
            "path": f"{slash}{door.prefix}{root}/",
            "flavour": FLAVOURS[door.protocol],
        }
