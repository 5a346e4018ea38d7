"""Storage doors on the simulated network.

Each host and port of a door listens; what comes in is a DoorCall, carried in the notes of a
network request, because the bytes of a simulated file never travel. A door that is cut off by
a fault of the network is therefore out of reach of every tool. Not modelled: the protocols
themselves, but for WebDAV (fakesites.webdav); another request is answered 405.
"""

from __future__ import annotations

from typing import Any
from typing import Generator

from fakesites import webdav
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
    spoken: dict[tuple[str, int], list[str]] = {}
    for element in storages:
        for door in element.doors:
            if door.protocol != "file":
                spoken.setdefault((element.host, door.port), []).append(door.protocol)
    for (host, port), protocols in spoken.items():
        if not network.knows(host):
            network.add_host(host)
        desk = Desk(storages, network, protocols=tuple(dict.fromkeys(protocols)), host=host)
        network.listen(host, port, Service(desk.handle))


class Desk:
    """What listens at one port of a door host, for all the elements behind it.

    Of several *protocols* (HTTPS carries WebDAV, S3 and Google's) a client says which it speaks.
    """

    def __init__(
        self, storages: Storages, network: Network, *, protocols: tuple[str, ...], host: str
    ) -> None:
        self._storages = storages
        self._network = network
        self._protocols = protocols
        self._host = host

    def handle(self, request: Request) -> Work:
        """Serve the DoorCall in *request*; its answer goes into the notes. Raises StorageError."""
        call = request.notes.get(CALL)
        if isinstance(call, DoorCall):
            request.notes[ANSWER] = yield from self._served(request, call)
            return Response(200)
        if not {*webdav.PROTOCOLS} & {*self._protocols}:
            return Response(405)

        def serve(asked: DoorCall) -> Work:
            return (yield from self._served(request, asked))

        return (yield from webdav.answer(request, serve, epoch=self._network.epoch))

    def _served(self, request: Request, call: DoorCall) -> Work:
        if call.protocol not in self._protocols:
            call.protocol = self._protocols[0]
        found = self._storages.at(Turl(call.protocol, self._host, request.port, call.path))
        if found is None:
            raise StorageError("missing", call.path)
        element, _ = found
        call.endpoint = element.name
        path = self._network.path(request.source, self._host).bandwidth
        call.limit = min(call.limit, path)
        call.path_link = element.wires.link(f"{request.source} {self._host}", path)
        try:
            return (yield from element.serve(call))
        except StorageError as error:
            error.software = element.software
            raise
