"""Packages of experiments as an installer leaves them: modules, and a .dist-info beside them."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

from pilotcore.experiments import GROUP

EXAMPLE = Path(__file__).resolve().parents[3] / "docs/examples/tidal"


def entry_points(source: Path) -> str:
    """Return what an installer writes of the entry points that *source* declares."""
    project = tomllib.loads((source / "pyproject.toml").read_text())["project"]
    rows = (f"{name} = {value}\n" for name, value in project["entry-points"][GROUP].items())
    return f"[{GROUP}]\n" + "".join(rows)


def install(source: Path, target: Path) -> Path:
    """Put the package of *source* into the folder *target*; return it."""
    target.mkdir(parents=True, exist_ok=True)
    for module in source.glob("*.py"):
        shutil.copy(module, target)
    write(target, source.name, entry_points(source))
    return target


def write(target: Path, name: str, points: str) -> None:
    """Write the .dist-info of a package *name* with these entry points."""
    info = target / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(points)
