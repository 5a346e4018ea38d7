"""Three kinds of error, so that *failed* (the pilot's) and *broken* (ours) never mix."""

from __future__ import annotations


class FlightsimError(Exception):
    """Something went wrong: *where* it did, *what* it is, and the *remedy* if one is known."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" — {self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{advice}"


class ScenarioError(FlightsimError):
    """The user's input is wrong."""


class ViolationError(FlightsimError):
    """The pilot broke a rule."""


class HarnessError(FlightsimError):
    """The simulator itself is at fault."""
