"""Fields of other floors' values, written by people: ``disk = "20 GB"`` for ``disk_bytes``."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Iterable
from typing import Iterator
from typing import Mapping

from harness.scenario_text._flaws import Flaw
from harness.scenario_text._flaws import dotted_text
from harness.scenario_text._lines import KeyPath
from harness.units import DURATION_HELP
from harness.units import SIZE_HELP
from harness.units import duration_s
from harness.units import size_bytes

ENDINGS: Mapping[str, tuple[Callable[[str], float], str]] = {
    "_s": (duration_s, DURATION_HELP),
    "_bytes": (size_bytes, SIZE_HELP),
}


def written_names(fields: Iterable[str]) -> dict[str, str]:
    """Return each of *fields* by the name that a scenario gives it."""
    return {_without_ending(name): name for name in fields}


def override_value(field: str, value: Any) -> Any:
    """Return *value* as *field* wants it. Raises ValueError for a wrong or missing unit."""
    for ending, (parse, expected) in ENDINGS.items():
        if field.endswith(ending):
            if not isinstance(value, str):
                raise ValueError(f"{value!r} has no unit: write {expected}")
            return parse(value)
    return value


def override_flaw(path: KeyPath, field: str, value: Any) -> Iterator[Flaw]:
    """Yield what is wrong with *value* at *path*, if anything is."""
    try:
        override_value(field, value)
    except ValueError as error:
        yield Flaw(path, f"{dotted_text(path)}: {error}")


def _without_ending(name: str) -> str:
    return next((name.removesuffix(each) for each in ENDINGS if name.endswith(each)), name)
