"""The catalogue: every check under its id, and the order in which a selection of them runs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Callable
from typing import Iterable
from typing import Mapping

from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.settings import Settings
from siteverify.settings import SettingsError
from siteverify.vantage import Vantage

Look = Callable[[Vantage, Settings], Outcome]
PROFILES = ("quick", "standard")


@dataclass(frozen=True)
class Remedy:
    """What to do about a failure, for the person who reads the report."""

    text: str
    commands: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Check:
    """One check: what it is called, who cares, and the function that looks."""

    check_id: str
    title: str  # printed after "Checking "
    severity: Severity
    owner: Owner
    remedy: Remedy
    look: Look
    depends_on: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()  # settings without which the check does not apply
    timeout_s: float = 30.0
    quick: bool = False
    version: int = 1


CHECKS: dict[str, Check] = {}


def check(
    check_id: str,
    *,
    title: str,
    severity: Severity,
    owner: Owner,
    remedy: Remedy,
    depends_on: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    timeout_s: float = 30.0,
    quick: bool = False,
    version: int = 1,
) -> Callable[[Look], Look]:
    """Enter the decorated function into the catalogue under *check_id*."""

    def enter(look: Look) -> Look:
        assert check_id not in CHECKS, f"two checks are called {check_id}"
        CHECKS[check_id] = Check(
            check_id=check_id,
            title=title,
            severity=severity,
            owner=owner,
            remedy=remedy,
            look=look,
            depends_on=depends_on,
            needs=needs,
            timeout_s=timeout_s,
            quick=quick,
            version=version,
        )
        return look

    return enter


def select(
    checks: Mapping[str, Check], *, profile: str = "standard", only: Iterable[str] = ()
) -> list[Check]:
    """Return the checks to run, each after those it depends on.

    *only* names checks regardless of the profile, and brings in what they depend on. Raise
    SettingsError for a name that is not in the catalogue.
    """
    if profile not in PROFILES:
        raise SettingsError(f"unknown profile {profile!r}: one of {', '.join(PROFILES)}")
    named = tuple(only)
    for name in named:
        must_be_known(name, checks)
    wanted = named or tuple(c.check_id for c in checks.values() if _is_in(c, profile))
    ordered: dict[str, Check] = {}
    for check_id in (c for c in checks if c in wanted):
        _add(check_id, checks, ordered, trail=())
    return list(ordered.values())


def must_be_known(name: str, checks: Mapping[str, Check]) -> None:
    """Raise SettingsError, with the nearest id, if no check is called *name*."""
    if name in checks:
        return
    near = get_close_matches(name, sorted(checks), n=1, cutoff=0.5)
    advice = f" - did you mean {near[0]!r}?" if near else ""
    raise SettingsError(f"unknown check {name!r}{advice}")


def catalogue_hash(checks: Iterable[Check]) -> str:
    """Return twelve hex digits that change when any check of *checks* does."""
    rows = sorted(_row(c) for c in checks)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:12]


def _row(check: Check) -> list[object]:
    return [
        check.check_id,
        check.version,
        check.severity.value,
        check.owner.value,
        list(check.depends_on),
        list(check.needs),
        check.timeout_s,
        check.quick,
    ]


def _is_in(check: Check, profile: str) -> bool:
    return profile == "standard" or check.quick


def _add(
    check_id: str,
    checks: Mapping[str, Check],
    ordered: dict[str, Check],
    *,
    trail: tuple[str, ...],
) -> None:
    assert check_id not in trail, f"checks depend on each other: {' > '.join(trail)}"
    assert check_id in checks, f"{trail[-1:]} depends on {check_id}, which does not exist"
    if check_id in ordered:
        return
    for needed in checks[check_id].depends_on:
        _add(needed, checks, ordered, trail=(*trail, check_id))
    ordered[check_id] = checks[check_id]
