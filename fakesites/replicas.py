"""The replica catalogue: what Rucio's list_replicas would say of the files on storage.

Models the reply as far as pilot3 reads it (pilot3@a090538b:pilot/api/data.py, add_replicas): one
record a file, with the URLs of every door in one of the schemes asked for. What is on storage is
what the catalogue knows. It answers at a host of its own, so that it can be out of reach.
"""

from __future__ import annotations

import json
from typing import Any
from typing import Generator
from typing import Iterable
from typing import Mapping

from fakesites.storage import StorageElement
from fakesites.storage import Storages
from fakesites.storage import StoredFile
from fakesites.turls import rucio_path
from simkernel import Network
from simkernel import Request
from simkernel import Response
from simkernel.network import Service

Record = dict[str, Any]
Holding = tuple[StorageElement, StoredFile]
Work = Generator[Any, Any, Response]
CATALOGUE_HOST = "rucio.sim"
CATALOGUE_PORT = 443
LIST_PATH = "/replicas/list"
RSE_PATH = "/rses/info"
SCHEMES = ("srm", "root", "davs", "gsiftp", "https", "storm", "file")


def list_replicas(
    storages: Storages,
    dids: Iterable[Mapping[str, str]],
    *,
    schemes: Iterable[str] | None = None,
    local: Iterable[str] = (),
    all_states: bool = False,
) -> list[Record]:
    """Return a record for each of *dids* ({"scope", "name"}), in their order.

    *local* are the endpoints near the client: their URLs come first and are of domain lan. A
    file that is nowhere has a record without URLs; one that was cut is listed with *all_states*.
    """
    wanted = tuple(schemes) if schemes is not None else SCHEMES
    near = tuple(local)
    return [
        record(did, holders(storages, did, all_states=all_states), schemes=wanted, local=near)
        for did in dids
    ]


def record(
    did: Mapping[str, str],
    found: list[Holding],
    *,
    schemes: tuple[str, ...],
    local: tuple[str, ...],
) -> Record:
    """Return the record of one file that is where *found* says."""
    # Endpoints near the client first; among equals the order of names, which is fixed.
    found = sorted(found, key=lambda pair: (pair[0].name not in local, pair[0].name))
    pfns: dict[str, Record] = {}
    rses: dict[str, list[str]] = {}
    for element, stored in found:
        urls = [element.turl(stored.path, scheme) for scheme in schemes if element.door(scheme)]
        rses[element.name] = urls
        for url in urls:
            pfns[url] = pfn(element, len(pfns) + 1, local)
    first = found[0][1].content if found else None
    return {
        "scope": did["scope"],
        "name": did["name"],
        "bytes": first.size if first else None,
        "adler32": first.adler32 if first else None,
        "md5": None,
        "pfns": pfns,
        "rses": rses,
        "states": {element.name: "AVAILABLE" for element, _ in found},
    }


def holders(
    storages: Storages, did: Mapping[str, str], *, all_states: bool = False
) -> list[Holding]:
    """Return the elements that hold the file, with what they hold, by name."""
    found = []
    for element in storages:
        stored = element.find(f"{element.root}/{rucio_path(did['scope'], did['name'])}")
        if stored is not None and (stored.whole or all_states):
            found.append((element, stored))
    return found


def pfn(element: StorageElement, priority: int, local: tuple[str, ...]) -> Record:
    """Return what is said of one URL."""
    return {
        "rse": element.name,
        "rse_id": element.name.lower(),
        "type": "DISK",
        "domain": "lan" if element.name in local else "wan",
        "priority": priority,
        "volatile": False,
        "client_extract": False,
    }


def rse(storages: Storages, name: str) -> Record:
    """Return how the RSE *name* is reached, nothing if there is none: its schemes, in order."""
    if name not in storages:
        return {}
    element = storages[name]
    prefixes = {door.scheme or door.protocol: element.prefix(door) for door in element.doors}
    return {
        "rse": name,
        "site": element.site,
        "availability_write": not element.readonly,
        "deterministic": element.deterministic,
        "protocols": {scheme: prefix + element.root for scheme, prefix in prefixes.items()},
    }


def open_catalogue(storages: Storages, network: Network) -> None:
    """Let the catalogue of *storages* answer at CATALOGUE_HOST, unless one does already."""
    if network.knows(CATALOGUE_HOST):
        return
    network.add_host(CATALOGUE_HOST)

    def handle(request: Request) -> Work:
        yield from ()
        question = json.loads(request.body)
        if request.path == RSE_PATH:
            return Response(200, body=json.dumps(rse(storages, question["rse"])).encode())
        near = [element.name for element in storages if element.site == question.get("site")]
        records = list_replicas(
            storages, question["dids"], schemes=question.get("schemes"), local=near
        )
        return Response(200, body=json.dumps(records).encode())

    network.listen(CATALOGUE_HOST, CATALOGUE_PORT, Service(handle))
