"""Storage doors on the simulated network.

Each host and port of a door listens; what comes in is a DoorCall, carried in the notes of a
network request, because the bytes of a simulated file never travel. A door that is cut off by
a fault of the network is therefore out of reach of every tool. Not modelled: the protocols
themselves; another request (a curl of a davs door) is answered 405.
"""

from __future__ import annotations

from typing import Any
from typing import Generator

from fakesites.storage import DoorCall
from fakesites.storage import StorageError
from fakesites.storage import Storages
from fakesites.turls import Turl
from simkernel import Network
from simkernel import Request
from simkernel import Response
from simkernel.network import Service

Work = Generator[Any, Any, Any]
CALL = "door"
ANSWER = "file"


def open_doors(storages: Storages, network: Network) -> None:
    """Make every door of *storages* listen on *network*, whose hosts are added as needed."""
    for element in storages:
        for door in element.doors:
            if door.protocol == "file":
                continue
            if not network.knows(element.host):
                network.add_host(element.host)
            desk = Desk(storages, network, protocol=door.protocol, host=element.host)
            network.listen(element.host, door.port, Service(desk.handle))


class Desk:
    """What listens at one port of a door host, for all the elements behind it."""

    def __init__(self, storages: Storages, network: Network, *, protocol: str, host: str) -> None:
        self._storages = storages
        self._network = network
        self._protocol = protocol
        self._host = host

    def handle(self, request: Request) -> Work:
        """Serve the DoorCall in *request*; its answer goes into the notes. Raises StorageError."""
        call = request.notes.get(CALL)
        if not isinstance(call, DoorCall):
            return Response(405)
        found = self._storages.at(Turl(self._protocol, self._host, request.port, call.path))
        if found is None:
            raise StorageError("missing", call.path)
        element, _ = found
        call.protocol, call.endpoint = self._protocol, element.name
        path = self._network.path(request.source, self._host).bandwidth
        call.limit = min(call.limit, path)
        call.path_link = element.wires.link(f"{request.source} {self._host}", path)
        request.notes[ANSWER] = yield from element.serve(call)
        return Response(200)
