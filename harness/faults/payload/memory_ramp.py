"""The payload leaks: its memory grows for as long as it runs."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from harness.faults import Fuse
from harness.faults import fault
from harness.faults.payload._models import ON
from harness.faults.payload._models import change_model

HOUR_S = 3600.0


@fault("memory_ramp", on=ON, about="use more and more memory")
@dataclass(frozen=True, slots=True)
class MemoryRamp:
    """Grow by *growth_bytes* of resident memory an hour, beyond what it has from the start."""

    growth_bytes: int = 16_000_000_000

    def install(self, trigger: Fuse) -> None:
        """Change the payload before it begins."""
        rate = self.growth_bytes / 1024 / HOUR_S
        change_model(trigger, lambda model: replace(model, rss_growth_kb_s=rate))
