"""Which pilot to fly: ``core``, ``pypi:VERSION``, or the PATH of a checkout.

``core:in-process`` is the core as a part of the host, not as a guest: faster, and the same flight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from simkernel import ScenarioError
from simkernel import nearest

CORE = "core"
IN_PROCESS = "in-process"
PYPI = "pypi"
PATH = "path"
HOST_LABEL = f"{CORE}-{IN_PROCESS}"
SCRIPT = "pilot.py"
VERSION_FILE = "PILOTVERSION"
VERSION_FORM = re.compile(r"\d+(\.\d+)+([a-z]+\d+)?")
FORMS = (
    "core, core:in-process, pypi:VERSION (for instance pypi:3.7.0.36) or the folder that holds"
    " pilot.py"
)
FAMILIES = ("core", "pilot2", "pilot3")
OLD_PYTHON = (3, 9)


@dataclass(frozen=True, slots=True)
class PilotChoice:
    """A pilot that somebody chose.

    *kind* is core, pypi or path; *source* the version or the folder (of a core: in-process, if it
    is to be a part of the host); *label* names the choice
    in journals and folder names; *family* (one of FAMILIES) says which command line it has.
    """

    kind: str
    source: str
    family: str
    label: str


def parse_choice(text: str) -> PilotChoice:
    """Return the pilot that *text* means. Raises ScenarioError, with what to do, if none."""
    if text == CORE:
        return PilotChoice(CORE, "", CORE, CORE)
    kind, colon, version = text.partition(":")
    if kind == CORE and version == IN_PROCESS:
        return PilotChoice(CORE, IN_PROCESS, CORE, HOST_LABEL)
    if colon and kind == PYPI:
        return _from_pypi(version.strip())
    return _from_folder(text)


def family_of(version: str) -> str:
    """Return the family of a foreign pilot of *version*; newer ones count as pilot3."""
    return "pilot2" if version.startswith("2.") else "pilot3"


def chosen_release(version: str) -> PilotChoice:
    """Return the released pilot of *version*."""
    return PilotChoice(PYPI, version, family_of(version), f"pypi-{version}")


def newest_python(choice: PilotChoice) -> tuple[int, int] | None:
    """Return the newest Python that *choice* can run in; None if there is no limit.

    Until 3.1 the pilot imports names from collections that Python 3.10 has no more
    (panda-pilot 3.1.1.10, pilot/util/auxiliary.py#L15).
    """
    if choice.kind == CORE:
        return None
    old = choice.family == "pilot2" or choice.source.startswith("3.1.")
    return OLD_PYTHON if old else None


def _from_pypi(version: str) -> PilotChoice:
    if not VERSION_FORM.fullmatch(version):
        raise ScenarioError(
            f"{version!r} is no version of a pilot", remedy="write it out: pypi:3.7.0.36"
        )
    return chosen_release(version)


def _from_folder(text: str) -> PilotChoice:
    folder = Path(text).expanduser()
    if folder.name == SCRIPT and folder.is_file():
        folder = folder.parent
    if not folder.is_dir():
        raise ScenarioError(f"no pilot {text!r}", remedy=_what_else(text))
    if not (folder / SCRIPT).is_file():
        raise ScenarioError(f"no {SCRIPT} in {text!r}", remedy=_where_else(folder))
    folder = folder.resolve()
    stated = folder / VERSION_FILE
    version = stated.read_text(encoding="utf-8", errors="replace") if stated.is_file() else ""
    return PilotChoice(PATH, str(folder), family_of(version.strip()), f"path-{_safe(folder.name)}")


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._+]+", "-", name).strip("-.") or "pilot"


def _what_else(text: str) -> str:
    if nearest(text, [CORE]):
        return f"did you mean {CORE!r}?"
    if VERSION_FORM.fullmatch(text):
        return f"did you mean 'pypi:{text}'?"
    return f"give {FORMS}"


def _where_else(folder: Path) -> str:
    inside = sorted(found.parent.name for found in folder.glob(f"*/{SCRIPT}"))
    if inside:
        return f"there is one in its folder {inside[0]!r}: give that"
    return "give the folder that holds pilot.py: a checkout of github.com/PanDAWMS/pilot3"
