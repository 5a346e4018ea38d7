"""Storage elements and what they hold.

Models a namespace of files with their size, checksum and first bytes, space that runs out, a
bandwidth that the running transfers share fairly at every instant, doors that ask for a credential
or do not and that let only so many copies run at once, partial files left by a transfer that was
cut, and (off by default) files that appear late. Whom it lets do what, quotas and tapes are the
affair of fakesites.storage_rules. Each read, write and deletion is an event, and goes through the
point ``door.<endpoint>``. Not modelled: directories, several pools behind one door.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import Collection
from typing import Generator
from typing import Iterator

import simpy

from fakesites.contents import FileContent
from fakesites.credentials import Credential
from fakesites.credentials import check
from fakesites.distrust import Distrust
from fakesites.sharing import SharedLink
from fakesites.site_events import STORAGE_DELETE
from fakesites.site_events import STORAGE_READ
from fakesites.site_events import STORAGE_STAGED
from fakesites.site_events import STORAGE_WRITE
from fakesites.storage_rules import NOBODY
from fakesites.storage_rules import Movers
from fakesites.storage_rules import Rules
from fakesites.storage_rules import Stage
from fakesites.storage_rules import StorageError
from fakesites.storage_rules import check_owner
from fakesites.storage_rules import check_quota
from fakesites.storage_rules import check_reader
from fakesites.turls import BUCKETS
from fakesites.turls import Turl
from fakesites.turls import parse_turl
from fakesites.wires import Progress
from fakesites.wires import Wires
from simkernel import Clock
from simkernel import Journal
from simkernel import Points

__all__ = [
    "Door",
    "DoorCall",
    "StorageElement",
    "StorageError",
    "Storages",
    "StoredFile",
    "Volume",
]

Work = Generator[simpy.Event, Any, Any]
HOSTLESS = ("file", BUCKETS)


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: *prefix* stands in a URL before the path; *credential*: one is asked for.

    *movers* is how many copies run through it at once (dCache's word; 0: no limit); those that
    come later wait for their turn. *scheme* is what URLs through it begin with, if that is not the
    protocol: object stores are spoken to by HTTPS.
    """

    protocol: str
    port: int
    prefix: str = ""
    credential: bool = True
    movers: int = 0
    scheme: str = ""

    def speaks(self, protocol: str) -> bool:
        """Tell whether URLs with *protocol* lead here."""
        return protocol == self.protocol or bool(self.scheme and protocol == self.scheme)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the namespace; *written_at* in virtual seconds; *whole*: the copy was not cut.

    *owner* wrote it: a person's name in a certificate, or an account of a node; "" for nobody.
    """

    path: str
    content: FileContent
    written_at: float
    whole: bool = True
    owner: str = ""


@dataclass(slots=True, eq=False)
class DoorCall:
    """What passes the point ``door.<endpoint>``; a fault may change any of it.

    *action* is stat, get, put or delete; *content* what a put is about to store, or what a get
    has found (for *progress*, which is told the bytes copied so far); *path_link* is the path to
    the client, which its copies share, and *limit* what one of them can have at most. *user* is the
    account of the node that asks, by which those are known who show no credential.
    """

    action: str
    endpoint: str
    path: str
    by: str
    protocol: str = ""
    content: FileContent | None = None
    credential: Credential | None = None
    overwrite: bool = True
    limit: float = float("inf")
    path_link: SharedLink | None = None
    progress: Progress | None = None
    user: str = ""

    @property
    def asker(self) -> str:
        """Return who asks, as the element knows them."""
        return self.credential.dn if self.credential is not None else self.user or NOBODY


@dataclass(slots=True, eq=False)
class Volume:
    """Space and speed of one element: bytes, and bytes a second for all its transfers."""

    total: int
    used: int = 0
    bandwidth: float = 1e9
    transfers: int = 0

    def free(self) -> int:
        """Return how many bytes still fit."""
        return max(0, self.total - self.used)


class StorageElement:
    """One element (RSE) of a site, e.g. BNL_DATADISK.

    *wires* are the links of the world (its own if none are given); *visible_after_s* is how long
    a new file stays unseen; *trusted* which CAs its doors accept (None: all); *vo* whose members
    they let in; *rules* what they may do. At a *deterministic* one Rucio tells where files lie.
    *software* (dcache, xrootd) is whose words its doors say no with.
    """

    def __init__(
        self,
        name: str,
        *,
        host: str,
        doors: tuple[Door, ...],
        root: str,
        volume: Volume,
        clock: Clock,
        journal: Journal,
        points: Points,
        site: str = "",
        vo: str = "",
        trusted: Collection[str] | None = None,
        wires: Wires | None = None,
        visible_after_s: float = 0.0,
        rules: Rules | None = None,
        readonly: bool = False,
        deterministic: bool = True,
        distrust: Distrust | None = None,
        software: str = "dcache",
    ) -> None:
        self.name = name
        self.host = host
        self.doors = doors
        self.root = root.rstrip("/")
        self.volume = volume
        self.site = site
        self.vo = vo
        self.trusted = trusted
        self.visible_after_s = visible_after_s
        self.wires = wires or Wires(clock)
        self.readonly = readonly
        self.deterministic = deterministic
        self.distrust = distrust or Distrust()
        self.software = software
        self.rules = rules or Rules()
        self.stage = Stage(self.rules.tape, clock) if self.rules.tape else None
        self._clock = clock
        self._journal = journal
        self._points = points
        self._files: dict[str, StoredFile] = {}
        self._movers = {each.protocol: Movers(each.movers, clock) for each in doors}

    def wall(self) -> int:
        """Return the POSIX seconds of the element's clock."""
        return int(self._clock.wall())

    def files(self) -> list[StoredFile]:
        """Return every file, seen or not yet, in order of path."""
        return [self._files[path] for path in sorted(self._files)]

    def find(self, path: str) -> StoredFile | None:
        """Return the file at *path* if there is one to be seen by now."""
        found = self._files.get(path)
        if found is None or self._clock.now < found.written_at + self.visible_after_s:
            return None
        return found

    def door(self, protocol: str) -> Door | None:
        """Return the door of *protocol*, if there is one."""
        return next((door for door in self.doors if door.speaks(protocol)), None)

    def turl(self, path: str, protocol: str) -> str:
        """Return the URL of *path* through the door of *protocol*."""
        door = self.door(protocol)
        if door is None:
            raise KeyError(f"{self.name} has no door for {protocol}")
        return self.prefix(door) + path

    def prefix(self, door: Door) -> str:
        """Return what stands before a path in a URL through *door*."""
        if door.protocol == "file":
            return "file://localhost"
        if door.protocol == BUCKETS:
            return "gs:/"
        # xrootd URLs have a second slash before an absolute path.
        slash = "/" if door.protocol == "root" else ""
        return f"{door.scheme or door.protocol}://{self.host}:{door.port}{door.prefix}{slash}"

    def holds(self, path: str) -> bool:
        """Tell whether *path* lies in this element's part of the namespace."""
        return path == self.root or path.startswith(self.root + "/")

    def place(
        self, path: str, content: FileContent, *, by: str, whole: bool = True, owner: str = ""
    ) -> StoredFile:
        """Store *content* at *path* at once, over what was there. Raises StorageError (space)."""
        before = self._files.get(path)
        freed = before.content.size if before else 0
        if content.size > self.volume.free() + freed:
            raise StorageError("space", path)
        self.volume.used += content.size - freed
        stored = StoredFile(path, content, self._clock.now, whole, owner)
        self._files[path] = stored
        self._journal.emit(
            STORAGE_WRITE,
            who=self.name,
            endpoint=self.name,
            path=path,
            bytes=content.size,
            adler32=content.adler32,
            by=by,
            # Whether a file is listed by the catalogue must follow from the journal alone.
            **({} if whole else {"whole": False}),
        )
        return stored

    def alter(self, path: str, content: FileContent) -> None:
        """Swap what is stored at *path*, unseen by the journal (bit rot). Raises StorageError."""
        found = self._files.get(path)
        if found is None:
            raise StorageError("missing", path)
        self.volume.used += content.size - found.content.size
        self._files[path] = replace(found, content=content)

    def hide(self, path: str, *, for_s: float) -> None:
        """Keep the file at *path* out of sight for *for_s* seconds. Raises StorageError."""
        found = self._files.get(path)
        if found is None:
            raise StorageError("missing", path)
        seen_at = self._clock.now + for_s
        self._files[path] = replace(found, written_at=seen_at - self.visible_after_s)

    def remove(self, path: str, *, by: str) -> None:
        """Delete *path* at once. Raises StorageError (missing)."""
        found = self._files.pop(path, None)
        if found is None:
            raise StorageError("missing", path)
        self.volume.used -= found.content.size
        self._journal.emit(STORAGE_DELETE, who=self.name, endpoint=self.name, path=path, by=by)

    def serve(self, call: DoorCall) -> Work:
        """Do what *call* asks, over virtual time, past the faults at this element's point.

        Returns the StoredFile for stat, get and put. Raises StorageError. A get or put that is
        interrupted or closed journals what it had moved, and a put leaves it as a partial file.
        """
        return (
            yield from self._points.around(f"door.{self.name}", call, lambda: self._serve(call))
        )

    def _serve(self, call: DoorCall) -> Work:
        self._admit(call)
        if call.action == "put":
            return (yield from self._put(call))
        found = self.find(call.path)
        if found is None:
            raise StorageError("missing", call.path)
        if call.action == "get":
            check_reader(self.rules, owner=found.owner, user=call.asker, path=call.path)
            yield from self._recall(call)
            call.content = found.content
            yield from self._get(found, call)
        elif call.action == "delete":
            check_owner(self.rules, owner=found.owner, user=call.asker, path=call.path)
            self.remove(call.path, by=call.by)
        return found

    def _recall(self, call: DoorCall) -> Work:
        if self.stage is None or self.stage.is_online(call.path):
            return
        seconds = yield from self.stage.recall(call.path)
        self._journal.emit(
            STORAGE_STAGED,
            who=self.name,
            endpoint=self.name,
            path=call.path,
            seconds=round(seconds, 6),
            by=call.by,
        )

    def _admit(self, call: DoorCall) -> None:
        door = self.door(call.protocol)
        if door is None or not door.credential:
            return
        now = self._clock.wall()
        lists = self.distrust.lists()
        reason = check(call.credential, now=now, trusted_issuers=self.trusted, crls=lists)
        if reason is None and call.credential and call.credential.dn in self.distrust.banned:
            reason = f"{call.credential.dn} is banned"
        if reason is None and call.credential and self.vo not in ("", call.credential.vo):
            reason = f"not a member of VO {self.vo}"
        if reason is not None:
            raise StorageError("denied", call.path, reason)

    def _get(self, found: StoredFile, call: DoorCall) -> Work:
        moved = Moved(call.progress)
        try:
            yield from self._stream(found.content.size, call, moved)
        finally:
            self._journal.emit(
                STORAGE_READ,
                who=self.name,
                endpoint=self.name,
                path=call.path,
                bytes=moved.bytes,
                by=call.by,
            )

    def _put(self, call: DoorCall) -> Work:
        content = call.content
        assert content is not None, "a put without content"
        self._accept(call, content)
        # The space is taken now: two copies at once must not both count on the last bytes.
        self.volume.used += content.size
        moved = Moved(call.progress)
        whole = False
        try:
            yield from self._stream(content.size, call, moved)
            whole = True
        finally:
            self.volume.used -= content.size
            kept = content if whole else content.truncated(moved.bytes)
            stored = self.place(call.path, kept, by=call.by, whole=whole, owner=call.asker)
            if self.stage is not None:
                self.stage.pin(call.path)  # what was written lies on disk first
        return stored

    def _accept(self, call: DoorCall, content: FileContent) -> None:
        if self.readonly:
            raise StorageError("readonly", call.path)
        before = self._files.get(call.path)
        if before is not None and not call.overwrite:
            raise StorageError("exists", call.path)
        if before is not None:
            check_owner(self.rules, owner=before.owner, user=call.asker, path=call.path)
        freed = before.content.size if before else 0
        if content.size > self.volume.free() + freed:
            raise StorageError("space", call.path)
        held = ((each.owner, each.content.size) for each in self._files.values())
        more = content.size - freed
        check_quota(self.rules, held, user=call.asker, more=more, path=call.path)
        if before is not None:
            self.remove(call.path, by=call.by)

    def _stream(self, size: int, call: DoorCall, moved: Moved) -> Work:
        movers = self._movers.get(call.protocol)
        if movers is not None:
            yield from movers.take()
        self.volume.transfers += 1
        own = self.wires.link(self.name, self.volume.bandwidth)
        links = (own,) if call.path_link is None else (own, call.path_link)
        try:
            yield from self.wires.carry(size, links, limit=call.limit, tell=moved.tell)
        finally:
            self.volume.transfers -= 1
            if movers is not None:
                movers.give_back()


class Moved:
    """How many bytes a copy has moved, told to whoever listens."""

    __slots__ = ("_listener", "bytes")

    def __init__(self, listener: Progress | None) -> None:
        self.bytes = 0
        self._listener = listener

    def tell(self, count: int) -> None:
        """Set the count and pass it on."""
        self.bytes = count
        if self._listener is not None:
            self._listener(count)


class Storages:
    """All the storage elements of a world."""

    def __init__(self) -> None:
        self._elements: dict[str, StorageElement] = {}
        self._wires: Wires | None = None
        self.distrust = Distrust()

    def wires(self, clock: Clock) -> Wires:
        """Return the links that all the elements share, made when first asked for."""
        if self._wires is None:
            self._wires = Wires(clock)
        return self._wires

    def add(self, element: StorageElement) -> None:
        """Enter *element*. Raises ValueError if one of its name is there."""
        if element.name in self._elements:
            raise ValueError(f"two storage elements are called {element.name}")
        self._elements[element.name] = element

    def __getitem__(self, name: str) -> StorageElement:
        return self._elements[name]

    def __contains__(self, name: object) -> bool:
        return name in self._elements

    def __iter__(self) -> Iterator[StorageElement]:
        return iter([self._elements[name] for name in sorted(self._elements)])

    def __len__(self) -> int:
        return len(self._elements)

    def locate(self, turl: str) -> tuple[StorageElement, str] | None:
        """Return the element and the path that *turl* names, or None if it names none here."""
        parsed = parse_turl(turl)
        return None if parsed is None else self.at(parsed)

    def at(self, turl: Turl) -> tuple[StorageElement, str] | None:
        """Return the element behind the door that *turl* names, and the path in it."""
        for element in self:
            door = element.door(turl.protocol)
            if door is None or not element.holds(turl.path):
                continue
            if turl.protocol in HOSTLESS or (element.host, door.port) == (turl.host, turl.port):
                return element, turl.path
        return None
