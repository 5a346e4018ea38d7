"""Request variables: which an endpoint knows, and what the server says of others.

The real server binds variables to the arguments of a Python function, so an unexpected one is
refused. The legacy API lets the TypeError escape: HTTP 500 with its text. api/v1 answers 200 with
``Argument error`` or, for a wrong type in a POST, ``Type error``; values of a GET are cast.
Read from panda-server@2e1a1449:server/panda.py and 9cc36033:api/v1/common.py request_validation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Mapping

TYPES: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float,),
    "number": (int, float),
    "bool": (bool,),
    "list": (list,),
    "ints": (list,),
    "dict": (dict,),
    "text|dict": (str, dict),
    "any": (object,),
}
ABSENT = "-"
TRUE_WORDS = ("true", "1")


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: *legacy* and *modern* are its spellings, empty where it is unknown."""

    legacy: str
    modern: str
    kind: str
    required: bool = False

    @property
    def name(self) -> str:
        """Return the spelling that the model uses: the legacy one if there is one."""
        return self.legacy or self.modern


class VariableError(Exception):
    """The variables of a request cannot be taken; the text is what the server answers."""


def variables(table: str) -> tuple[Variable, ...]:
    """Return the variables of a *table*: legacy name, modern name, kind, perhaps ``required``."""
    return tuple(_variable(line.split()) for line in table.splitlines() if line.strip())


def _variable(row: list[str]) -> Variable:
    legacy, modern, kind, *rest = row
    assert kind in TYPES
    assert rest in ([], ["required"])
    return Variable(
        legacy="" if legacy == ABSENT else legacy,
        modern="" if modern == ABSENT else modern,
        kind=kind,
        required=bool(rest),
    )


def bind_legacy(
    known: tuple[Variable, ...], given: Mapping[str, Any], *, method: str
) -> dict[str, Any]:
    """Return *given* by model name; raise VariableError as a Python call would complain."""
    names = {each.legacy for each in known if each.legacy}
    for name in given:
        if name not in names:
            raise VariableError(f"{method}() got an unexpected keyword argument '{name}'")
    missing = [each.legacy for each in known if each.required and each.legacy]
    missing = [name for name in missing if name not in given]
    if missing:
        plural = "" if len(missing) == 1 else "s"
        raise VariableError(
            f"{method}() missing {len(missing)} required positional argument{plural}: "
            + listed(missing)
        )
    return dict(given)


def listed(names: list[str]) -> str:
    """Return *names* quoted, as Python lists missing arguments."""
    quoted = [f"'{name}'" for name in names]
    if len(quoted) < 3:
        return " and ".join(quoted)
    return ", ".join(quoted[:-1]) + f", and {quoted[-1]}"


def bind_modern(
    known: tuple[Variable, ...], given: Mapping[str, Any], *, cast: bool, anything: bool = False
) -> dict[str, Any]:
    """Return *given* by model name, cast if it came as text; raise VariableError otherwise.

    *anything* lets unknown variables pass as they are.
    """
    by_name = {each.modern: each for each in known if each.modern}
    for name, variable in by_name.items():
        if variable.required and name not in given:
            raise VariableError(f"Argument error: missing a required argument: '{name}'")
    bound: dict[str, Any] = {}
    for name, value in given.items():
        if name not in by_name and anything:
            bound[name] = value
            continue
        if name not in by_name:
            raise VariableError(f"Argument error: got an unexpected keyword argument '{name}'")
        variable = by_name[name]
        usable = cast_text(variable, value) if cast else value
        check_type(variable, usable)
        bound[variable.name] = usable
    return bound


def cast_text(variable: Variable, value: Any) -> Any:
    """Return a value of a query string as what *variable* wants; raise VariableError."""
    if value == "None" and not variable.required:
        return None
    try:
        return _cast(variable.kind, value)
    except (TypeError, ValueError):
        raise VariableError(
            f"Type error: '{variable.modern}' with value '{value}' could not be casted to type "
            f"{variable.kind} from {type(value).__name__}."
        ) from None


def _cast(kind: str, value: Any) -> Any:
    match kind:
        case "int":
            return int(float(value))
        case "float" | "number":
            return float(value)
        case "bool":
            return str(value).lower() in TRUE_WORDS
        case "list":
            return value if isinstance(value, list) else [value]
        case "ints":
            several: list[Any] = value if isinstance(value, list) else [value]
            return [int(float(each)) for each in several]
    return value


def check_type(variable: Variable, value: Any) -> None:
    """Raise VariableError unless *value* is of the kind that *variable* wants."""
    if value is None and not variable.required:
        return
    kind = "list" if variable.kind == "ints" else variable.kind
    if not isinstance(value, TYPES[variable.kind]):
        raise VariableError(
            f"Type error: '{variable.modern}' must be of type {kind}, got {type(value).__name__}."
        )
    elements = value if isinstance(value, list) else []
    if variable.kind == "ints" and not all(isinstance(each, int) for each in elements):
        raise VariableError(f"Type error: All elements in '{variable.modern}' must be int.")
