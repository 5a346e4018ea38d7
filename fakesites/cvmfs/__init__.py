"""Repositories of software: what a site's /cvmfs has, as data, and how a node mounts it.

A package is a TOML file of this folder: what it is, and the text of its files by path below
/cvmfs. A site of the catalogue names the packages that it has. The tree is written below the
node's own folder, where the guest sees it, and shown at /cvmfs to the programs of the node; pilots
are told where it is by ATLAS_SW_BASE, as at sites that mount it elsewhere. Not modelled: caches,
revisions, catalogues; whatever is big.

Files are shell scripts, mostly. One whose first line is ``#!/flightsim/tool NAME WORDS`` stands
for that tool of fakesites.tools. ``@PUBLISHED@`` in a file is when the repository was last
published, any other word between two @ what the site has under that name.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Iterable
from typing import Mapping

from simkernel import ScenarioError
from simkernel import nearest
from simkernel.clock import utc_text

if TYPE_CHECKING:
    from fakesites.node import Node

FOLDER = "fakesites.cvmfs"
MOUNT_POINT = "/cvmfs"
TREE = "cvmfs"  # below the node's root
WORD = re.compile(r"@([A-Z]+)@")
VARIABLE = "ATLAS_SW_BASE"
PUBLISHED_BEFORE_S = 1_020.0


@dataclass(frozen=True, slots=True)
class Package:
    """One package: *files* are texts by path below /cvmfs, *folders* are there and empty.

    *needs* are the packages without which it is of no use.
    """

    name: str
    about: str
    files: Mapping[str, str]
    folders: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@cache
def package(name: str) -> Package:
    """Return the package *name*. Raises ScenarioError with the nearest names."""
    known = package_names()
    if name not in known:
        near = nearest(name, known, count=2)
        remedy = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
        raise ScenarioError(f"unknown package {name!r} of cvmfs", remedy=remedy)
    table = tomllib.loads(
        resources.files(FOLDER).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    )
    return Package(
        name,
        table["about"],
        table.get("files", {}),
        tuple(table.get("folders", ())),
        tuple(table.get("needs", ())),
    )


def package_names() -> list[str]:
    """Return the names of all packages."""
    files = resources.files(FOLDER).iterdir()
    return sorted(each.name.removesuffix(".toml") for each in files if each.name.endswith(".toml"))


def mount(node: Node, names: Iterable[str], texts: Mapping[str, str] | None = None) -> None:
    """Mount the packages *names* on *node*; *texts* are the site's own, by their names in files.

    Raises ScenarioError for a package that is missing.
    """
    wanted = [package(name) for name in names]
    if not wanted:
        return
    have = {each.name for each in wanted}
    for each in wanted:
        missing = sorted(set(each.needs) - have)
        if missing:
            remedy = f"add it to packages, or take {each.name!r} out"
            raise ScenarioError(f"{each.name!r} needs the package {missing[0]!r}", remedy=remedy)
    root = node.files.root / TREE
    known = {"PUBLISHED": _published(node.clock.epoch - PUBLISHED_BEFORE_S), **(texts or {})}
    for each in wanted:
        _write(root, each, known)
    _stamp(root, node.clock.epoch - PUBLISHED_BEFORE_S)
    node.files.mount(root, MOUNT_POINT, read_only=True)
    node.files.mount(root, f"{node.files.seen}/{TREE}", read_only=True)


def environ(root: str) -> dict[str, str]:
    """Return what a site with /cvmfs sets for jobs on a node whose folder is *root*."""
    return {VARIABLE: f"{root}/{TREE}"}


def _published(posix: float) -> str:
    moment = utc_text(posix).replace("T", " ").rstrip("Z")
    return f"{moment} | stratum0.sim | {int(posix)}"


def _write(root: Path, each: Package, known: Mapping[str, str]) -> None:
    for name in each.folders:
        (root / name).mkdir(parents=True, exist_ok=True)
    for name, text in each.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # In a text of several lines the first one, with its quotes, is a line of its own.
        whole = WORD.sub(lambda found: known.get(found[1], found[0]), text.removeprefix("\n"))
        path.write_text(whole, encoding="utf-8")
        path.chmod(0o755 if whole.startswith("#!") else 0o644)


def _stamp(root: Path, posix: float) -> None:
    moment = int(posix) * 1_000_000_000
    for folder, folders, names in os.walk(root, topdown=False):
        for name in (*folders, *names):
            os.utime(Path(folder, name), ns=(moment, moment))
    os.utime(root, ns=(moment, moment))
