"""The catalogues before Rucio: LFC of a region, LRC of a site.

Models entries by GUID with their logical name, size, checksum and replicas, as `lcg-*` commands and
the web interface of DQ2's LRC read and write them. Registering asks for size and checksum, and says
which is missing; a GUID has one size and one checksum. A site says by *catalogue* which it has.
Not modelled: folders of the name space with owners, sessions, transactions.
Read from lcg-util's and LFC's man pages (lcg-rf, lcg-lr, lcg-lg, lfc-ls), and the DQ2 LRC interface
that pilot 1 spoke (PoolFileCatalog).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Generator
from urllib.parse import parse_qs
from xml.sax.saxutils import quoteattr

from simkernel import Network
from simkernel import Request
from simkernel import Response
from simkernel.network import Service

Work = Generator[Any, Any, Response]
KINDS = ("rucio", "lfc", "lrc")
LFC_HOST, LFC_PORT = "lfc.sim", 5010
LRC_PORT = 8000
LRC_PATH = "/dq2/lrc/PoolFileCatalog"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n<!-- Edited By POOL -->\n'


class CatalogueError(Exception):
    """A catalogue says no; the words are LFC's own."""


@dataclass(slots=True)
class Entry:
    """One file: *size* in bytes, *adler32* in eight digits, *replicas* in order of registration."""

    guid: str
    lfn: str
    size: int
    adler32: str
    replicas: list[str] = field(default_factory=list)


class Catalogue:
    """Entries by GUID and by logical name."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def register(self, guid: str, lfn: str, pfn: str, *, size: int | None, adler32: str) -> Entry:
        """Enter a replica, and the file if it is new. Raises CatalogueError."""
        if not size or not adler32:
            missing = "size" if not size else "checksum"
            raise CatalogueError(f"{lfn}: Invalid argument: no {missing} given")
        found = self._entries.get(guid)
        if found is None:
            other = self.by_lfn(lfn)
            if other is not None:
                raise CatalogueError(f"{lfn}: File exists")
            found = self._entries[guid] = Entry(guid, lfn, size, adler32)
        if (found.size, found.adler32) != (size, adler32):
            text = f"{found.size} {found.adler32} is registered, not {size} {adler32}"
            raise CatalogueError(f"{lfn}: Invalid argument: {text}")
        if pfn in found.replicas:
            raise CatalogueError(f"{pfn}: File exists")
        found.replicas.append(pfn)
        return found

    def by_guid(self, guid: str) -> Entry | None:
        """Return the entry of *guid*."""
        return self._entries.get(guid)

    def by_lfn(self, lfn: str) -> Entry | None:
        """Return the entry of the logical name *lfn*."""
        return next((each for each in self._entries.values() if each.lfn == lfn), None)

    def find(self, name: str) -> Entry | None:
        """Return the entry of *name*: ``guid:…``, ``lfn:…``, a replica, or a bare name."""
        kind, colon, rest = name.partition(":")
        if colon and kind == "guid":
            return self.by_guid(rest)
        if colon and kind == "lfn":
            return self.by_lfn(rest)
        held = (each for each in self._entries.values() if name in each.replicas)
        return next(held, None) or self.by_lfn(name)

    def names(self) -> list[str]:
        """Return the logical names, sorted."""
        return sorted(each.lfn for each in self._entries.values())


def as_xml(entries: list[Entry]) -> str:
    """Return *entries* as a PoolFileCatalog."""
    files = "".join(
        f"  <File ID={quoteattr(each.guid)}>\n    <physical>\n"
        + "".join(f'      <pfn filetype="" name={quoteattr(pfn)}/>\n' for pfn in each.replicas)
        + f"    </physical>\n    <logical>\n      <lfn name={quoteattr(each.lfn)}/>\n"
        f'    </logical>\n    <metadata att_name="fsize" att_value={quoteattr(str(each.size))}/>\n'
        f'    <metadata att_name="adler32" att_value={quoteattr(each.adler32)}/>\n  </File>\n'
        for each in entries
    )
    return f"{HEAD}<POOLFILECATALOG>\n{files}</POOLFILECATALOG>\n"


def open_lfc(catalogue: Catalogue, network: Network) -> None:
    """Let *catalogue* answer as the LFC of the world, for the tools of the nodes."""

    def handle(request: Request) -> Work:
        yield from ()
        question = json.loads(request.body)
        try:
            answer = _asked(catalogue, question)
        except CatalogueError as error:
            return Response(409, body=json.dumps({"error": str(error)}).encode())
        return Response(200, body=json.dumps(answer).encode())

    if not network.knows(LFC_HOST):
        network.add_host(LFC_HOST)
    network.listen(LFC_HOST, LFC_PORT, Service(handle))


def _asked(catalogue: Catalogue, question: dict[str, Any]) -> dict[str, Any]:
    if question["do"] == "names":
        return {"names": catalogue.names()}
    if question["do"] == "register":
        entry: Entry | None = catalogue.register(**question["entry"])
    else:
        entry = catalogue.find(question["name"])
    if entry is None:
        raise CatalogueError(f"{question['name']}: No such file or directory")
    return {
        "guid": entry.guid,
        "lfn": entry.lfn,
        "size": entry.size,
        "adler32": entry.adler32,
        "replicas": entry.replicas,
    }


def open_lrc(catalogue: Catalogue, host: str, network: Network) -> None:
    """Let *catalogue* answer as the LRC of a site, over HTTP: GET by guids or lfns, POST one."""

    def handle(request: Request) -> Work:
        yield from ()
        path, _, query = request.path.partition("?")
        if path.rstrip("/") != LRC_PATH:
            return Response(404, body=b"no such page\n")
        if request.method == "POST":
            return _posted(catalogue, parse_qs(request.body.decode()))
        given = parse_qs(query)
        found = [catalogue.by_guid(guid) for guid in " ".join(given.get("guids", [])).split()]
        found += [catalogue.by_lfn(lfn) for lfn in " ".join(given.get("lfns", [])).split()]
        text = as_xml([each for each in found if each is not None])
        return Response(200, (("Content-Type", "text/xml"),), text.encode())

    network.add_host(host)
    network.listen(host, LRC_PORT, Service(handle))


def _posted(catalogue: Catalogue, given: dict[str, list[str]]) -> Response:
    one = {name: values[0] for name, values in given.items()}
    try:
        catalogue.register(
            one.get("guid", ""),
            one.get("lfn", ""),
            one.get("pfn", ""),
            size=int(one.get("size") or 0),
            adler32=one.get("adler32", ""),
        )
    except (CatalogueError, ValueError) as error:
        return Response(400, body=f"Error: {error}\n".encode())
    return Response(200, body=b"OK\n")
