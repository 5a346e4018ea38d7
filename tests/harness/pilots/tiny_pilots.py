"""Pilots of a few lines, as checkouts and as released archives. None of them does anything."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

SCRIPT = "print('no pilot at all')\n"

# A build backend of its own, so that pip needs nothing from an index to read the metadata.
PROJECT = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
BACKEND = """import os

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    name = "panda_pilot-{version}.dist-info"
    os.mkdir(os.path.join(folder, name))
    with open(os.path.join(folder, name, "METADATA"), "w") as stream:
        stream.write("Metadata-Version: 2.1\\nName: panda-pilot\\nVersion: {version}\\n")
    return name
"""
INFO = "Metadata-Version: 2.1\nName: panda-pilot\nVersion: {version}\n"


def checkout(folder: Path, *, version: str = "3.9.9.9") -> Path:
    """Make a checkout of a pilot, with the litter that checkouts collect; return its folder."""
    texts = {
        "pilot.py": SCRIPT,
        "PILOTVERSION": version,
        "pilot/__init__.py": "",
        "pilot/info.py": "def where():\n    return __file__\n",
        ".git/HEAD": "ref: refs/heads/main\n",
        "pilot/__pycache__/info.cpython-39.pyc": "stale",
        "runs/latest/events.jsonl": "{}",
        "panda_pilot.egg-info/PKG-INFO": "Name: x\n",
        ".pytest_cache/README.md": "x",
    }
    for name, text in texts.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder


def release(
    folder: Path, *, version: str = "3.9.9.9", evil: str = "", broken: str = "", below: str = ""
) -> Path:
    """Make a released archive in *folder*; *evil* adds a member of that name.

    A *broken* one has no "project" file, or a "backend" that fails; the pilot lies in *below*.
    """
    top = f"panda-pilot-{version}"
    texts = {
        "pilot.py": SCRIPT,
        "PILOTVERSION": f"{version}\n",
        "PKG-INFO": INFO.format(version=version),
        "pyproject.toml": PROJECT,
        "backend.py": BACKEND.format(version=version),
        "pilot/__init__.py": "",
    }
    if broken == "project":
        del texts["pyproject.toml"]
    elif broken == "backend":
        texts["backend.py"] = "raise FileNotFoundError('pilot3/PILOTVERSION')\n"
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{top}.tar.gz"
    with tarfile.open(archive, "w:gz") as stream:
        for name, text in texts.items():
            inside = f"{below}/" if below and name.startswith(("pilot", "PILOT")) else ""
            add(stream, f"{top}/{inside}{name}", text)
        if evil:
            add(stream, evil, "boo")
    return archive


def add(stream: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    member = tarfile.TarInfo(name)
    member.size = len(data)
    stream.addfile(member, io.BytesIO(data))
