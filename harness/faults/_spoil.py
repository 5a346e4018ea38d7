"""Two ways to spoil a file: cut it, or change it and keep its size."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simkernel import ScenarioError


@dataclass(frozen=True, slots=True)
class Cut:
    """Keep the first *fraction* of a file."""

    fraction: float

    def __post_init__(self) -> None:
        if not 0 <= self.fraction < 1:
            raise ScenarioError(f"fraction = {self.fraction}", remedy="use 0 up to, not with, 1")

    def spoil_file(self, real: Path) -> None:
        """Cut the local file *real*."""
        os.truncate(real, int(real.stat().st_size * self.fraction))

    def spoiled(self, content: Any) -> Any:
        """Return the beginning of *content*."""
        return content.truncated(int(content.size * self.fraction))


@dataclass(frozen=True, slots=True)
class Flip:
    """Invert the first byte of a file; an empty file stays as it is."""

    def spoil_file(self, real: Path) -> None:
        """Change the local file *real*."""
        with real.open("r+b") as stream:
            first = stream.read(1)
            stream.seek(0)
            stream.write(bytes(each ^ 0xFF for each in first))

    def spoiled(self, content: Any) -> Any:
        """Return *content* with another first byte."""
        return content.corrupted()
