"""A site that stands in a world: its storage elements with their doors, its queues, its files.

Models what is needed to run pilots at one site: input files that are placed where Rucio puts
them, what the information system says, the batch queue, the environment that the site gives to
a pilot. The site itself is data, see fakesites.sitespec.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Collection

from fakesites import contents
from fakesites import features
from fakesites import slurm
from fakesites.authorization import Authorization
from fakesites.batch import BatchQueue
from fakesites.batch import Lose
from fakesites.batch import Signal
from fakesites.batch import Start
from fakesites.catalogues import LFC_HOST
from fakesites.catalogues import Catalogue
from fakesites.catalogues import open_lfc
from fakesites.catalogues import open_lrc
from fakesites.contents import FileContent
from fakesites.doors import open_doors
from fakesites.files import NodeFiles
from fakesites.queuedata import Record
from fakesites.queuedata import ddmendpoints
from fakesites.queuedata import queuedata
from fakesites.queuedata import schedconfig
from fakesites.replicas import open_catalogue
from fakesites.sitespec import QueueSpec
from fakesites.sitespec import SiteSpec
from fakesites.sitespec import StorageSpec
from fakesites.sitespec import load_site
from fakesites.sitespec import unknown
from fakesites.space_report import open_report
from fakesites.storage import StorageElement
from fakesites.storage import Storages
from fakesites.storage import Volume
from fakesites.storage_rules import Rules
from fakesites.turls import rucio_path
from simkernel import Clock
from simkernel import Journal
from simkernel import Network
from simkernel import Points
from simkernel import Streams

__all__ = ["PlacedFile", "Site", "load_site"]

DECISION_FIELDS = ("kind", "account", "role", "banned", "answer", "limited")


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """An input file on storage, as the record of a job names it; *checksum* has its prefix."""

    lfn: str
    scope: str
    size: int
    adler32: str
    guid: str
    surl: str
    endpoint: str

    @property
    def checksum(self) -> str:
        """Return the checksum in the form of a job record, e.g. ``ad:f65bfee9``."""
        return f"ad:{self.adler32}"


class Site:
    """One site of a world; several may share its *storages*.

    *trusted* are the CAs that the doors accept, None for all.
    """

    def __init__(
        self,
        spec: SiteSpec,
        *,
        clock: Clock,
        journal: Journal,
        points: Points,
        network: Network,
        streams: Streams,
        storages: Storages | None = None,
        trusted: Collection[str] | None = None,
    ) -> None:
        self.spec = spec
        self.name = spec.name
        self.storages = storages if storages is not None else Storages()
        self._clock = clock
        self._journal = journal
        self._points = points
        self._streams = streams
        for storage in spec.storages:
            self.storages.add(self._element(storage, trusted))
        self.authorization = self._authorization(network)
        open_doors(self.storages, network)
        open_catalogue(self.storages, network)
        self.catalogue = Catalogue()
        self._open_old_catalogue(network)
        for storage in spec.storages:
            open_report(self.storages, storage.host, storage.report_port, network)
        self.slurm: slurm.Controller | None = None
        if spec.grid.get("system") == "slurm":
            self.slurm = slurm.Controller(slurm.of_site(spec.domain, spec.node), clock=clock)
            self.slurm.listen(network)

    def _open_old_catalogue(self, network: Network) -> None:
        """Open what the site had before Rucio, if it still has it."""
        if self.spec.catalogue == "lfc":
            open_lfc(self.catalogue, network)
        elif self.spec.catalogue == "lrc":
            open_lrc(self.catalogue, f"lrc.{self.spec.domain}", network)

    def _authorization(self, network: Network) -> Authorization | None:
        """Open the site's decision point, if it has one. Raises ScenarioError."""
        given = dict(self.spec.authorization)
        if not given:
            return None
        for name in given:
            if name not in DECISION_FIELDS:
                where = f"{self.name}.authorization"
                raise unknown(f"field {name!r}", name, list(DECISION_FIELDS), where=where)
        found = Authorization(
            self.spec.domain,
            self._clock.wall,
            distrust=self.storages.distrust,
            **{**given, "banned": tuple(given.get("banned", ()))},
        )
        found.open(network)
        return found

    def node_files(self) -> dict[str, str]:
        """Return the files of the system that the site puts on every node, by path."""
        files = dict(self.authorization.configuration()) if self.authorization else {}
        if self.slurm is not None:
            files[slurm.CONFIG_PATH] = slurm.configuration(self.slurm.spec)
        return files

    def _element(self, spec: StorageSpec, trusted: Collection[str] | None) -> StorageElement:
        return StorageElement(
            spec.name,
            host=spec.host,
            doors=spec.doors,
            root=spec.root,
            volume=Volume(spec.space, used=spec.used, bandwidth=spec.bandwidth),
            clock=self._clock,
            journal=self._journal,
            points=self._points,
            site=self.name,
            vo=self.spec.vo,
            trusted=trusted,
            visible_after_s=spec.visible_after_s,
            software=spec.software,
            readonly=spec.readonly,
            deterministic=spec.deterministic,
            distrust=self.storages.distrust,
            rules=Rules(spec.owners, spec.file_mode, spec.quotas, spec.tape),
            wires=self.storages.wires(self._clock),
        )

    def queue(self, name: str) -> QueueSpec:
        """Return the queue *name*. Raises ScenarioError with the nearest names."""
        return self.spec.queue(name)

    def place_input(
        self, job: str, lfn: str, scope: str, size: int, *, endpoint: str = ""
    ) -> PlacedFile:
        """Put an input of *size* bytes for *job* on storage, where Rucio would have it.

        The *endpoint* is the site's first unless given. Its bytes and its guid come from a
        stream of their own, so that one more file changes no other. Raises StorageError.
        """
        element = self.storages[endpoint or self.spec.storages[0].name]
        rng = self._streams[f"input/{job}/{scope}:{lfn}"]
        content = contents.make(rng, size)
        guid = uuid.UUID(int=rng.getrandbits(128), version=4)
        path = f"{element.root}/{rucio_path(scope, lfn)}"
        element.place(path, content, by="scenario")
        surl = element.prefix(element.doors[0]) + path
        self._register(str(guid).upper(), lfn, surl, content)
        return PlacedFile(lfn, scope, size, content.adler32, str(guid).upper(), surl, element.name)

    def _register(self, guid: str, lfn: str, surl: str, content: FileContent) -> None:
        """Tell a catalogue of the old kind, which has one file of a name."""
        old = self.spec.catalogue != "rucio" and content.size
        if old and self.catalogue.by_lfn(lfn) is None:
            self.catalogue.register(guid, lfn, surl, size=content.size, adler32=content.adler32)

    def queuedata(self, queue: str) -> Record:
        """Return the ``.all.json`` record of *queue*."""
        return queuedata(self.spec, queue)

    def schedconfig(self, queue: str) -> Record:
        """Return the record of *queue* under its name."""
        return schedconfig(self.spec, queue)

    def ddmendpoints(self) -> dict[str, Record]:
        """Return the endpoints of this site."""
        return ddmendpoints(self.spec)

    def environ(self, queue: str) -> dict[str, str]:
        """Return what the site sets in the environment of a pilot in *queue*."""
        old = {"LFC_HOST": LFC_HOST} if self.spec.catalogue == "lfc" else {}
        return {
            **old,
            "RUCIO_LOCAL_SITE_ID": self.name,
            "PANDA_SITE_NAME": queue,
            **features.variables(self.spec.node),
            **{key: str(value) for key, value in self.queue(queue).environ.items()},
        }

    def tell_features(self, files: NodeFiles, job: str, *, walltime_s: float) -> None:
        """Put the features of machine and slot into *files*, as *job* begins, if the site does."""
        spec = self.spec.node
        if not spec.features:
            return
        features.write(files, features.MACHINE, features.machine_features(spec))
        now = self._clock.wall()
        values = features.job_features(
            spec, self.spec.batch, job=job, now=now, walltime_s=walltime_s
        )
        features.write(files, features.JOB, values)

    def batch(
        self, queue: str, *, start: Start, signal: Signal, lose: Lose = lambda _pilot: None
    ) -> BatchQueue:
        """Return the batch queue behind *queue*; see BatchQueue for *start*, *signal*, *lose*."""
        return BatchQueue(
            self.queue(queue).name,
            clock=self._clock,
            journal=self._journal,
            points=self._points,
            start=start,
            signal=signal,
            lose=lose,
            spec=self.spec.batch,
        )
