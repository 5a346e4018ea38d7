"""What is noted of a comparison with a real program, and of a difference that is left."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """A *program* of a Debian *package* whose *release* was held against ours.

    *asked* are its options that were compared, *subjects* what they were asked about.
    """

    program: str
    package: str
    release: str
    asked: str
    subjects: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What *program* does, *real* and *ours*, *when*; *why* it is left so."""

    program: str
    when: str
    real: str
    ours: str
    why: str


PROXIES = (
    "a fresh proxy, one without attributes, an expired one, one whose attributes alone have"
    " expired, one not valid yet, a limited one, one of a proxy, old ones of Globus (full and"
    " limited), one of a foreign CA, one of a revoked person, attributes of an unknown server, no"
    " certificate at all, a file that others may read, no file"
)
