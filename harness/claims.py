"""What a scenario claims of a flight's end, and which of it did not come true."""

from __future__ import annotations

from typing import Mapping
from typing import Protocol
from typing import Sequence
from typing import runtime_checkable

from harness.checkers import checker_names
from harness.claims_fields import unmet_fields
from harness.findings import Finding
from harness.findings import length
from harness.findings import moment
from harness.record import Flight
from harness.record import JobView
from simkernel import nearest


class Expectation(Protocol):
    """What a scenario claims of a flight's end; None makes no claim.

    *within_s* counts from the start of the flight; *violations* and
    *tolerated* are names of checkers: those must fire, these may.
    """

    @property
    def states(self) -> tuple[str, ...] | None: ...
    @property
    def pilot_error_codes(self) -> tuple[int, ...] | None: ...
    @property
    def within_s(self) -> float | None: ...
    @property
    def fields(self) -> Mapping[str, tuple[str, ...]] | None: ...
    @property
    def counts(self) -> Mapping[str, int] | None: ...
    @property
    def exit_codes(self) -> tuple[int, ...] | None: ...
    @property
    def violations(self) -> tuple[str, ...] | None: ...
    @property
    def tolerated(self) -> tuple[str, ...] | None: ...


@runtime_checkable
class Expectations(Protocol):
    """Something that claims different things of different families of pilots: a scenario."""

    def expect_for(self, family: str, /) -> Expectation:
        """Return what must hold for a pilot of *family*."""


def claims_on(expectation: Expectation | Expectations, *, family: str) -> Expectation:
    """Return what *expectation* claims of a pilot of *family*."""
    if isinstance(expectation, Expectations):
        return expectation.expect_for(family)
    return expectation


def unmet_claims(flight: Flight, claims: Expectation, *, findings: Sequence[Finding]) -> list[str]:
    """Return in words what *claims* says and *flight* did not do."""
    jobs = flight.jobs()
    unmet = _wrong_states(jobs, claims) + _wrong_counts(jobs, claims.counts)
    unmet += _wrong_codes(jobs, claims.pilot_error_codes) + _late(jobs, claims.within_s)
    unmet += unmet_fields(jobs, claims.fields or {}) + _wrong_exits(flight, claims.exit_codes)
    return unmet + _silent(claims.violations or (), findings)


def _wrong_states(jobs: list[JobView], claims: Expectation) -> list[str]:
    if claims.states is None:
        return []
    if not jobs:
        return [f"expected a job to be {_one_of(claims.states)}, but there was no job"]
    return [
        f"job {job.job} is {job.state}{_why(job)}, expected {_one_of(claims.states)}"
        for job in jobs
        if job.state not in claims.states
    ]


def _why(job: JobView) -> str:
    if not job.attempts:
        return " and was never dispatched"
    if job.pilot_error_code or job.pilot_error_diag:
        return f" ({job.pilot_error_code}: {job.pilot_error_diag})"
    return ""


def _wrong_counts(jobs: list[JobView], counts: Mapping[str, int] | None) -> list[str]:
    states = [job.state for job in jobs]
    return [
        f"expected {count} job(s) to be {state}, got {states.count(state)}"
        for state, count in (counts or {}).items()
        if states.count(state) != count
    ]


def _wrong_codes(jobs: list[JobView], codes: tuple[int, ...] | None) -> list[str]:
    if codes is None:
        return []
    failed = [job for job in jobs if job.state == "failed"]
    return [
        f"job {job.job} failed with pilotErrorCode {job.pilot_error_code}, "
        f"expected {_one_of(codes)}"
        for job in failed
        if job.pilot_error_code not in codes
    ]


def _late(jobs: list[JobView], within_s: float | None) -> list[str]:
    if within_s is None:
        return []
    limit = f"expected a final state within {length(within_s)}"
    unmet = []
    for job in jobs:
        if job.ended_s is None:
            unmet.append(f"job {job.job} is {job.state} at the end, {limit}")
        elif job.ended_s > within_s:
            unmet.append(f"job {job.job} was {job.state} only at {moment(job.ended_s)}, {limit}")
    return unmet


def _wrong_exits(flight: Flight, codes: tuple[int, ...] | None) -> list[str]:
    if codes is None:
        return []
    unmet = []
    for pilot in flight.pilots():
        gone = flight.departures.get(pilot)
        # A shell says 128+n of a process that signal n ended.
        code = gone and (128 + gone.signal if gone.signal else gone.code)
        if gone is None or code not in codes:
            fate = "never ended" if gone is None else f"exited with {code}"
            unmet.append(f"{pilot} {fate}, expected {_one_of(codes)}")
    return unmet


def _silent(wanted: Sequence[str], findings: Sequence[Finding]) -> list[str]:
    fired = {finding.checker for finding in findings}
    unmet = []
    for name in wanted:
        if name not in fired:
            close = nearest(name, checker_names()) if name not in checker_names() else []
            hint = f"; did you mean {close[0]!r}?" if close else ""
            unmet.append(f"expected {name!r} to fire, but it found nothing{hint}")
    return unmet


def _one_of(values: Sequence[object]) -> str:
    return " or ".join(map(str, values)) or "nothing"
