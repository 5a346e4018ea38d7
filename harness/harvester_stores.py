"""What Harvester does with files for workers that have no network: inputs in, outputs out.

The copies are made by xrdcp on an edge node, which sees the files of the worker's node and has
a network. Read from harvester@master:pandaharvester/harvesterpreparator and harvesterstager.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import Generator
from typing import Mapping
from typing import Sequence

from fakesites.node import Command
from fakesites.node import Node
from fakesites.turls import rucio_path

if TYPE_CHECKING:
    from harness.world import World

Work = Generator[Any, Any, Any]
TRIES = 3


class Stores:
    """Copies files for *owner* between the storages of *world* and the folders of *node*."""

    def __init__(self, world: World, node: Node, *, owner: str) -> None:
        self._world = world
        self._node = world.edge(node)
        self._owner = owner

    def bring(self, record: Mapping[str, Any], place: str) -> Work:
        """Copy the inputs of a job to the folder *place*."""
        for lfn, scope, endpoint in _files(record, "inFiles", "scopeIn", "ddmEndPointIn"):
            turl = self._turl(endpoint, scope, lfn)
            yield from self._copy(turl, f"{place}/{lfn}")

    def store(self, record: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> Work:
        """Copy what a job has declared; return its report on them: {lfn: {guid, …}}."""
        report: dict[str, Any] = {}
        scope = str(record.get("scopeOut") or record.get("scopeLog") or "").split(",")[0]
        endpoint = str(record.get("ddmEndPointOut") or "").split(",")[0]
        for each in files:
            if not each.get("fsize"):
                continue
            lfn = str(each.get("lfn") or str(each["path"]).rpartition("/")[2])
            turl = self._turl(endpoint, scope, lfn)
            if (yield from self._copy(str(each["path"]), turl)):
                report[lfn] = {
                    "guid": each.get("guid"),
                    "fsize": each.get("fsize"),
                    "adler32": str(each.get("chksum") or "").removeprefix("ad:"),
                    "surl": turl,
                    "endpoint": endpoint,
                }
        return report

    def _turl(self, endpoint: str, scope: str, lfn: str) -> str:
        element = self._world.site.storages[endpoint]
        door = next(each for each in element.doors if each.protocol == "root")
        return f"{element.prefix(door)}{element.root}/{rucio_path(scope, lfn)}"

    def _copy(self, source: str, target: str) -> Work:
        for _ in range(TRIES):
            command = Command(
                ("xrdcp", "-np", "-f", source, target),
                env={"X509_USER_PROXY": f"{self._node.files.seen}/cred/x509up"},
                cwd=f"{self._node.files.seen}/work",
                owner=self._owner,
            )
            running = self._node.spawn(command)
            end = running.finished or (yield running.done)
            self._node.processes.collect(running.pid)
            if end.code == 0:
                return True
        return False


def report_of(declared: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the report on files that the pilot has declared and stored itself."""
    found = {str(each.get("path") or "").rpartition("/")[2]: each for each in declared}
    return {
        lfn: {
            "guid": each.get("guid"),
            "fsize": each.get("fsize"),
            "adler32": str(each.get("chksum") or "").removeprefix("ad:"),
        }
        for lfn, each in found.items()
        if lfn
    }


def _files(record: Mapping[str, Any], *names: str) -> list[tuple[str, ...]]:
    columns = [str(record.get(name) or "").split(",") for name in names]
    rows = len([lfn for lfn in columns[0] if lfn])
    return [tuple(column[min(at, len(column) - 1)] for column in columns) for at in range(rows)]
