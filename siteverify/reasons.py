"""Short stable words for the ways in which a question fails, to build reason codes from."""

from __future__ import annotations

from siteverify.vantage import FaultError
from siteverify.vantage import ForbiddenError
from siteverify.vantage import HangError
from siteverify.vantage import MissingError
from siteverify.vantage import UnreachableError
from siteverify.vantage import UnresolvedError
from siteverify.vantage import VantageError

_WORDS: tuple[tuple[type[VantageError], str], ...] = (
    (MissingError, "MISSING"),
    (ForbiddenError, "FORBIDDEN"),
    (HangError, "HANG"),
    (UnresolvedError, "UNRESOLVED"),
)


def word_for(error: VantageError) -> str:
    """Return MISSING, FORBIDDEN, HANG, UNRESOLVED, or what a fault or a server calls itself."""
    if isinstance(error, FaultError):
        return error.code
    if isinstance(error, UnreachableError):
        return error.kind.upper()
    return next((word for kind, word in _WORDS if isinstance(error, kind)), "UNANSWERED")
