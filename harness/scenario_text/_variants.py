"""Variants: one file, several scenarios that differ in a few places.

A variant is a table of dotted paths and the values that stand there instead:
``"stage-in" = { "fault.0.at.phase" = "stage-in" }``. With variants, the file itself is only
their template; a variant without changes (``plain = {}``) is the template as it stands.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from typing import Mapping

from harness.scenario_text._flaws import Flaw
from harness.scenario_text._lines import KeyPath
from harness.scenario_text._lines import Lines
from harness.scenario_text._lines import dotted

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
NOT_VARIED = ("name", "variants")
VARIANTS_MAX = 1000


@dataclass(frozen=True, slots=True)
class Document:
    """One scenario's decoded tables; *changed* are the places that its variant set."""

    tables: Mapping[str, Any]
    variant: str = ""
    changed: Mapping[KeyPath, KeyPath] | None = None

    def line_of(self, path: KeyPath, lines: Lines) -> int:
        """Return the line of *path*: in the variant if that set it, else in the template."""
        for length in range(len(path), 0, -1):
            written = (self.changed or {}).get(path[:length])
            if written is not None:
                return lines.of((*written, *path[length:]))
        return lines.of(path)


def documents(tables: Mapping[str, Any]) -> tuple[list[Document], list[Flaw]]:
    """Return the scenarios that *tables* hold, and what is wrong with the variants as such."""
    variants = tables.get("variants", {})
    # Anything but a table of tables is a flaw of shape: it is reported with the others.
    if not isinstance(variants, dict) or not all(isinstance(v, dict) for v in variants.values()):
        return [Document(tables)], []
    if not variants:
        return [Document(tables)], []
    found: list[Document] = []
    flaws: list[Flaw] = []
    if len(variants) > VARIANTS_MAX:
        return found, [Flaw(("variants",), f"more than {VARIANTS_MAX} variants")]
    for name, changes in variants.items():
        document, wrong = _varied(tables, name, changes)
        found.append(document)
        flaws.extend(wrong)
    return found, flaws


def _varied(
    tables: Mapping[str, Any], name: str, changes: Mapping[str, Any]
) -> tuple[Document, list[Flaw]]:
    varied = deepcopy({key: value for key, value in tables.items() if key != "variants"})
    flaws, changed = [], {}
    if not NAME.fullmatch(name):
        text = f"{name!r} cannot name a variant: use letters, digits and hyphens"
        flaws.append(Flaw(("variants", name), text))
    for target, value in changes.items():
        written = ("variants", name, target)
        path, reason = _put(varied, dotted(target), value)
        if reason:
            flaws.append(Flaw(written, f"variant {name!r} cannot set {target!r}: {reason}"))
        else:
            changed[path] = written
    return Document(varied, name, changed), flaws


def _put(tables: dict[str, Any], target: tuple[str, ...], value: Any) -> tuple[KeyPath, str]:
    """Put *value* at *target*, making tables on the way; return its path, or why it cannot be."""
    if not target or target[0] in NOT_VARIED:
        return (), "that is no place to vary"
    place: Any = {"": tables}
    path: KeyPath = ()
    last: str | int = ""
    for part in target:
        place = place.setdefault(last, {}) if isinstance(place, dict) else place[last]
        last = _step(place, part)
        if last == "":
            return (), f"there is no {part!r}"
        path = (*path, last)
    place[last] = value
    return path, ""


def _step(place: Any, part: str) -> str | int:
    """Return the key or index of *part* in *place*; nothing if it cannot have one."""
    if isinstance(place, dict):
        return part
    indices = [str(index) for index in range(len(place))] if isinstance(place, list) else []
    return indices.index(part) if part in indices else ""
