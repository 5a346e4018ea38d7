"""The payload dies of a signal, as by a crash or by the kernel's out-of-memory killer."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._signals import signal_number
from harness.faults.payload._models import ON
from harness.faults.payload._models import change_model
from harness.faults.payload._models import check_fraction


@fault("signal", on=ON, about="die of a signal before the outputs are written")
@dataclass(frozen=True, slots=True)
class Signal:
    """Die of *signal* after *fraction* of the walltime, before anything is left behind."""

    signal: str = "SIGSEGV"
    fraction: float = 0.5

    def __post_init__(self) -> None:
        signal_number(self.signal)
        check_fraction(self.fraction)

    def install(self, trigger: Fuse) -> None:
        """Change the payload before it begins."""
        number = signal_number(self.signal)
        change_model(
            trigger,
            lambda model: replace(
                model,
                signal=number,
                walltime_s=model.walltime_s * self.fraction,
                outputs=(),
                reports=(),
            ),
        )
