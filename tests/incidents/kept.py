"""Verdicts kept in a folder, so that a table can be made in several goes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from harness.scenario import Scenario

Verdict = dict[str, Any]


class Kept:
    """The verdicts in *folder*; without one nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def find(self, scenario: Scenario, who: str, planted: object) -> Verdict | None:
        """Return the verdict on *who* in just this scenario, with just what was *planted*."""
        path = self._path(scenario, who)
        if path is None or not path.is_file():
            return None
        kept = json.loads(path.read_text(encoding="utf-8"))
        verdict: Verdict = kept["verdict"]
        return verdict if kept["of"] == _digest(scenario, planted) else None

    def keep(self, scenario: Scenario, who: str, planted: object, verdict: Verdict) -> None:
        """Keep a verdict."""
        path = self._path(scenario, who)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"of": _digest(scenario, planted), "verdict": verdict}, indent=2)
            path.write_text(text, encoding="utf-8")

    def _path(self, scenario: Scenario, who: str) -> Path | None:
        return None if self._folder is None else self._folder / f"{scenario.slug}.{who}.json"


def _digest(scenario: Scenario, planted: object) -> str:
    """Return what tells this flight from any other; the pilot itself is not looked at."""
    return hashlib.sha256(f"{scenario!r}{planted!r}".encode()).hexdigest()
