"""The computing element of an ARC cluster, which moves a job's files for the pilot.

Models what surrounds the mv copytool: inputs lie in the pilot's start folder before it begins,
and what it names in ``output.list`` is put on storage after it ended, if the checksum that it
gives is right. Not modelled: the time this takes, caches, retries.
Read from pilot3@a090538b:pilot/copytool/mv.py (create_output_list).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fakesites import contents
from fakesites.files import NodeFiles
from fakesites.site import PlacedFile
from fakesites.storage import StorageError
from fakesites.storage import Storages

FOLDER = "/srv/work"
LIST = "output.list"
LINE = re.compile(
    r"(?P<lfn>\S+) (?P<turl>\S+?)(:checksumtype=(?P<kind>\w+):checksumvalue=(?P<value>\w+))?"
)
BY = "arc"


@dataclass(frozen=True, slots=True)
class Output:
    """One line of the output list, and why its file was not put on storage ("" if it was)."""

    lfn: str
    turl: str
    why: str = ""


def deliver_input(
    placed: PlacedFile, storages: Storages, files: NodeFiles, *, folder: str = FOLDER
) -> None:
    """Put the input *placed* into the *folder* of a node. Raises StorageError, OSError."""
    found = storages.locate(placed.surl)
    stored = found[0].find(found[1]) if found else None
    if stored is None:
        raise StorageError("missing", placed.surl)
    files.write_sparse(f"{folder}/{placed.lfn}", stored.content.prefix, stored.content.size)


def collect_outputs(
    storages: Storages, files: NodeFiles, *, folder: str = FOLDER
) -> tuple[Output, ...]:
    """Put on storage what the output list in *folder* names; return what became of each line."""
    real = files.real(f"{folder}/{LIST}")
    text = real.read_text() if real.exists() else ""
    matches = [LINE.fullmatch(line.strip()) for line in text.splitlines()]
    return tuple(
        Output(match["lfn"], match["turl"], _store(match, storages, files, folder))
        for match in matches
        if match is not None
    )


def _store(match: re.Match[str], storages: Storages, files: NodeFiles, folder: str) -> str:
    found = storages.locate(match["turl"])
    if found is None:
        return "no such storage"
    try:
        content = contents.read(files.real(f"{folder}/{match['lfn']}"))
    except OSError as error:
        return error.strerror or "not readable"
    if match["kind"] == "adler32" and match["value"] != content.adler32:
        return f"checksum {content.adler32} is not {match['value']}"
    try:
        found[0].place(found[1], content, by=BY)
    except StorageError as error:
        return str(error)
    return ""
