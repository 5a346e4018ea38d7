"""The lists of a job's files, in the words of POOL's file catalogues.

OutputFiles.xml says what was stored where. It lies in the work directory, and with it in the log
tarball: whoever has a job's log and nothing else knows its files. PoolFileCatalog.xml tells the
payload where its inputs are: beside it, or, for direct access, behind the door of a storage.
Read from PanDAWMS/pilot@a0cb471:pUtil.py#PFCxml, pilot3@a090538b:pilot/util/filehandling.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Iterable
from xml.sax.saxutils import quoteattr

from pilotcore.data.stage_out import StoredFile

NAME = "OutputFiles.xml"
INPUTS = "PoolFileCatalog.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n'
    '<!DOCTYPE POOLFILECATALOG SYSTEM "InMemory">\n'
    "<POOLFILECATALOG>\n"
)
TAIL = "</POOLFILECATALOG>\n"


@dataclass(frozen=True)
class Placed:
    """An input file, and where the payload finds it: a name, or a URL."""

    lfn: str
    guid: str
    pfn: str


def leave_inputs(directory: Path, files: Iterable[Placed]) -> None:
    """Write the catalogue of input *files* into *directory*. Raises OSError."""
    (directory / INPUTS).write_text(HEAD + "".join(map(_input, files)) + TAIL, encoding="utf-8")


def _input(each: Placed) -> str:
    return (
        f"  <File ID={quoteattr(each.guid)}>\n"
        f'   <physical><pfn filetype="ROOT_All" name={quoteattr(each.pfn)}/></physical>\n'
        f"   <logical><lfn name={quoteattr(each.lfn)}/></logical>\n  </File>\n"
    )


def catalogue_of(files: Iterable[StoredFile]) -> str:
    """Return the catalogue of *files*."""
    return HEAD + "".join(map(_entry, files)) + TAIL


def _entry(each: StoredFile) -> str:
    metadata = {
        "surl": each.surl,
        "fsize": each.size,
        "adler32": each.adler32,
        "endpoint": each.endpoint,
    }
    rows = (
        f"  <metadata att_name={quoteattr(name)} att_value={quoteattr(str(value))}/>\n"
        for name, value in metadata.items()
    )
    return (
        f"  <File ID={quoteattr(each.guid)}>\n"
        f"   <logical><lfn name={quoteattr(each.lfn)}/></logical>\n" + "".join(rows) + "  </File>\n"
    )


def leave(directory: Path, files: Iterable[StoredFile]) -> None:
    """Write the catalogue of *files* into *directory*. Raises OSError."""
    (directory / NAME).write_text(catalogue_of(files), encoding="utf-8")
