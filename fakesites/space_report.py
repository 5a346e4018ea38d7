"""How much room a storage host says it has, over HTTP, in the form of the WLCG.

Models the storage resource reporting of dCache (``/api/v1/srr``) and the file that other systems
publish, with the shares that a site is asked for: names, sizes, how many files, whose they are.
Every element of the host is one share. Not modelled: the rest of dCache's front-end.
Read from the WLCG's storage resource reporting (the field names of storageservice).
"""

from __future__ import annotations

import json
from typing import Any
from typing import Generator
from typing import Mapping

from fakesites.storage import StorageElement
from fakesites.storage import Storages
from simkernel import Network
from simkernel import Request
from simkernel import Response
from simkernel.network import Service

Record = dict[str, Any]
Work = Generator[Any, Any, Response]
PATHS = ("/api/v1/srr", "/static/srr")
JSON = (("Content-Type", "application/json"),)


def open_report(storages: Storages, host: str, port: int, network: Network) -> None:
    """Let *host* tell the space of its elements at *port*; nothing happens if that is 0."""
    if not port:
        return

    def handle(request: Request) -> Work:
        yield from ()
        if request.path not in PATHS:
            return Response(404, JSON, b'{"errors": [{"status": "404", "message": "Not Found"}]}')
        text = json.dumps(report(storages, host), indent=2, sort_keys=True)
        return Response(200, JSON, text.encode())

    network.listen(host, port, Service(handle))


def report(storages: Storages, host: str) -> Record:
    """Return what *host* says of its elements now."""
    elements = [element for element in storages if element.host == host]
    return {
        "storageservice": {
            "name": host,
            "implementation": "dcache",
            "qualitylevel": "production",
            "storageendpoints": [
                endpoint(element, door.protocol) for element in elements for door in element.doors
            ],
            "storageshares": [share(element) for element in elements],
        }
    }


def endpoint(element: StorageElement, protocol: str) -> Record:
    """Return one way in."""
    door = element.door(protocol)
    assert door is not None
    return {
        "name": f"{element.host}#{protocol}",
        "interfacetype": protocol,
        "endpointurl": f"{element.prefix(door)}/".replace("///", "//"),
        "assignedshares": [element.name],
    }


def share(element: StorageElement) -> Record:
    """Return the room of one element; sizes in bytes, *timestamp* in POSIX seconds."""
    quotas: Mapping[str, int] = element.rules.quotas
    return {
        "name": element.name,
        "timestamp": element.wall(),
        "totalsize": element.volume.total,
        "usedsize": element.volume.used,
        "numberoffiles": len(element.files()),
        "path": [element.root],
        "vos": [element.vo] if element.vo else [],
        "servingstate": "readonly" if element.readonly else "open",
        "quotas": dict(quotas),
    }
