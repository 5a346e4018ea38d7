"""From a scenario's options to the typed fields of a fault.

A field that ends in ``_s`` is a duration and one that ends in ``_bytes`` a size: a scenario
writes them without that ending and with a unit (``delay = "30s"``, ``size = "3 GB"``), a
program may give the number under the full name (``delay_s=30``).
"""

from __future__ import annotations

from dataclasses import Field
from dataclasses import fields
from typing import Any
from typing import Callable
from typing import Mapping
from typing import TypeVar

from harness.units import duration_s
from harness.units import size_bytes
from simkernel import ScenarioError
from simkernel import nearest

T = TypeVar("T")

UNITS: Mapping[str, Callable[[str], float]] = {"_s": duration_s, "_bytes": size_bytes}
PLAIN: Mapping[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "str": (str,)}


def option_names(make: type[Any]) -> tuple[str, ...]:
    """Return the options of a fault as a scenario writes them, in order."""
    return tuple(_option_of(each)[0] for each in fields(make))


def build(make: type[T], options: Mapping[str, Any]) -> T:
    """Return a fault made from *options*. Raises ScenarioError for a wrong name or value."""
    known: dict[str, Field[Any]] = {each.name: each for each in fields(make)}  # type: ignore[arg-type]
    written = {_option_of(each)[0]: each for each in known.values()}
    values: dict[str, Any] = {}
    for name, value in options.items():
        each = written.get(name) or known.get(name)
        if each is None:
            raise _unknown(name, sorted(written))
        values[each.name] = _value(each, value)
    return make(**values)


def _unknown(name: str, known: list[str]) -> ScenarioError:
    close = nearest(name, known)
    remedy = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known) or 'none'}"
    return ScenarioError(f"unknown option {name!r}", remedy=remedy)


def _option_of(each: Field[Any]) -> tuple[str, Callable[[str], float] | None]:
    for ending, parse in UNITS.items():
        if each.name.endswith(ending):
            return each.name.removesuffix(ending), parse
    return each.name, None


def _value(each: Field[Any], value: Any) -> Any:
    name, parse = _option_of(each)
    if parse is not None and isinstance(value, str):
        try:
            return parse(value)
        except ValueError as error:
            raise ScenarioError(f"{name} = {value!r}: {error}") from error
    if str(each.type) == "tuple[str, ...]":
        return _names(name, value)
    if not _is(value, str(each.type)):
        raise ScenarioError(f"{name} = {value!r} is no {each.type}")
    return value


def _is(value: Any, kind: str) -> bool:
    # True is an int to Python, never to the author of a scenario.
    if kind == "object" or isinstance(value, bool):
        return kind in ("object", "bool")
    return isinstance(value, PLAIN.get(kind, ()))


def _names(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise ScenarioError(f"{name} = {value!r} is no list of names")
