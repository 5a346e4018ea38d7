"""The verdict on one flight: pass, fail, unknown or broken.

*failed* is the pilot's, *broken* is ours, and the two never mix: whatever the journal shows of
an escape, a refused call or an error of the harness makes the run broken, whatever else it
found. Violations come next, since they are facts however the flight ended. Only then is a flight
that did not get far enough unknown; an expectation that is unmet in a whole flight is a failure.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any
from typing import Collection
from typing import Iterable
from typing import Literal
from typing import Mapping
from typing import Sequence

from harness.checkers import known_checkers
from harness.checkers.bounded_time import NAME as BOUNDED_TIME
from harness.claims import Expectation
from harness.claims import Expectations
from harness.claims import claims_on
from harness.claims import unmet_claims
from harness.findings import Finding
from harness.findings import in_order
from harness.findings import moment
from harness.record import END_CUT_SHORT
from harness.record import END_OURS
from harness.record import STUCK_NOT
from harness.record import Flight
from harness.record import is_pilots_own
from harness.record_fields import first_word
from simkernel import Event

State = Literal["pass", "fail", "unknown", "broken"]

EXIT_CODES: Mapping[str, int] = {"pass": 0, "fail": 1, "unknown": 2, "broken": 4}
# Of many runs the worst word counts. A broken simulator outweighs a failed pilot: who reads the
# failures should first know that not all of the runs can be trusted.
GRAVITY = (130, 3, 4, 1, 2, 0)

# Events by which the journal itself says that the simulator, not the pilot, is at fault.
OUR_FAULTS: Mapping[str, str] = {
    "guest.escape": "the pilot got past the fence",
    "guest.refused": "the pilot made a call that is not simulated",
    "shell.refused": "the pilot ran a shell line that is not simulated",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a flight came to. Times in seconds; *rerun* is the line that repeats it."""

    state: State
    scenario: str
    variant: str = ""
    pilot: str = ""
    seed: int = 0
    schedule: str = "fifo"
    findings: tuple[Finding, ...] = ()
    unmet: tuple[str, ...] = ()
    jobs: Mapping[str, str] = field(default_factory=dict)
    virtual_s: float = 0.0
    wall_s: float = 0.0
    sha256: str = ""
    run_dir: str = ""
    rerun: str = ""
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """The exit code of a run of this one flight."""
        return EXIT_CODES[self.state]

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as verdict.json holds it."""
        return {
            "state": self.state,
            "scenario": self.scenario,
            "variant": self.variant,
            "pilot": self.pilot,
            "seed": self.seed,
            "schedule": self.schedule,
            "findings": [finding.as_dict() for finding in self.findings],
            "unmet": list(self.unmet),
            "jobs": dict(self.jobs),
            "virtual_s": self.virtual_s,
            "wall_s": self.wall_s,
            "sha256": self.sha256,
            "run_dir": self.run_dir,
            "rerun": self.rerun,
            "notes": list(self.notes),
        }


def combine(exit_codes: Iterable[int]) -> int:
    """Return one exit code for many runs: the gravest; 2 (unknown) if there was none.

    Raises ValueError for a code that no verdict and no command has.
    """
    codes = list(exit_codes)
    strange = sorted(set(codes) - set(GRAVITY))
    if strange:
        raise ValueError(f"{strange[0]} is no exit code of flightsim")
    return min(codes, key=GRAVITY.index, default=EXIT_CODES["unknown"])


def judge(
    flight: Flight,
    expectation: Expectation | Expectations,
    *,
    family: str,
    must_fire: Collection[str] = (),
    broken: Sequence[str] = (),
    variant: str = "",
    wall_s: float = 0.0,
    sha256: str = "",
    run_dir: str = "",
    rerun: str = "",
) -> Verdict:
    """Return the verdict on *flight*, flown by a pilot of *family* (core, pilot2, pilot3).

    *must_fire* names faults without which the flight proves nothing (as fault.armed names them);
    *broken* holds what went wrong in the harness, in words. The rest is passed on.
    """
    claims = claims_on(expectation, family=family)
    found, mistakes = _inspect(flight)
    wanted = (*(claims.violations or ()), *(claims.tolerated or ()))
    findings = tuple(replace(each, expected=each.checker in wanted) for each in found)
    unmet = unmet_claims(flight, claims, findings=findings)
    ours = [*broken, *mistakes, *_our_faults(flight)]
    doubts = _doubts(flight, findings) + _unfired(flight, must_fire)
    begin = _beginning(flight)
    return Verdict(
        state=_state(ours=ours, findings=findings, doubts=doubts, unmet=unmet),
        scenario=str(begin.get("scenario", "")),
        variant=variant,
        pilot=str(begin.get("pilot", "")),
        seed=int(begin.get("seed") or 0),
        schedule=str(begin.get("schedule") or "fifo"),
        findings=findings,
        unmet=tuple(unmet),
        jobs={job.job: job.state for job in flight.jobs()},
        virtual_s=flight.end_s,
        wall_s=wall_s,
        sha256=sha256,
        run_dir=run_dir,
        rerun=rerun,
        notes=(*ours, *doubts),
    )


def _state(
    *,
    ours: Sequence[str],
    findings: Sequence[Finding],
    doubts: Sequence[str],
    unmet: Sequence[str],
) -> State:
    if ours:
        return "broken"
    if not all(finding.expected for finding in findings):
        return "fail"
    if doubts:
        return "unknown"
    return "fail" if unmet else "pass"


def _inspect(flight: Flight) -> tuple[list[Finding], list[str]]:
    """Return all findings, and in words which checkers could not do their work."""
    findings: list[Finding] = []
    mistakes = []
    for each in known_checkers():
        try:
            findings += each.check(flight)
        except Exception as error:  # noqa: BLE001 - a checker that breaks is our fault, and said so
            mistakes.append(f"checker {each.name} broke: {type(error).__name__}: {error}")
    return in_order(findings), mistakes


def _beginning(flight: Flight) -> Mapping[str, Any]:
    begins = flight.of("flight.begin")
    return {**flight.header, **(begins[0].data if begins else {})}


# -- ours, and not known


def _our_faults(flight: Flight) -> list[str]:
    faults = [_our_fault(event) for event in flight.of(*OUR_FAULTS)]
    faults += [
        f"{event.who} is stuck at {moment(event.t)}, by our doing: {event['why']}"
        for event in flight.of("guest.stuck")
        if not is_pilots_own(event) and first_word(str(event["why"])) not in STUCK_NOT
    ]
    if first_word(flight.end_reason) in END_OURS:
        faults.append(f"the flight ended at {moment(flight.end_s)}: {flight.end_reason}")
    counts = {fault: faults.count(fault) for fault in faults}
    return [fault if count == 1 else f"{fault} ({count} times)" for fault, count in counts.items()]


def _our_fault(event: Event) -> str:
    what = [event.get(name) for name in ("kind", "target", "line", "why") if event.get(name)]
    place = f" at {event['place']}" if event.get("place") else ""
    return f"{OUR_FAULTS[event.what]}: {' '.join(map(str, what))}{place}"


def _doubts(flight: Flight, findings: Sequence[Finding]) -> list[str]:
    """Return why the flight does not show what would have come of it, in words."""
    if not flight.end_reason:
        return [f"the journal breaks off at {moment(flight.end_s)}"]
    if first_word(flight.end_reason) in END_CUT_SHORT:
        return [f"the flight was cut short at {moment(flight.end_s)}: {flight.end_reason}"]
    if flight.has_horizon or flight.is_deadlock:
        return _idle(flight, findings)
    return []


def _idle(flight: Flight, findings: Sequence[Finding]) -> list[str]:
    """Return what a flight waited for in vain, unless a pilot that ran on for ever explains it.

    Jobs that nobody asked for make no doubt: when every pilot has ended, nobody will.
    """
    pilots = flight.pilots()
    waiting = [pilot for pilot in pilots if pilot not in flight.departures]
    is_explained = any(each.checker == BOUNDED_TIME for each in findings)
    if is_explained or (pilots and not waiting):
        return []
    end = "reached its horizon" if flight.has_horizon else "came to a standstill"
    what = f"{', '.join(waiting)} never ran" if waiting else "there was no pilot"
    return [f"the flight {end} at {moment(flight.end_s)}: {what}"]


def _unfired(flight: Flight, must_fire: Collection[str]) -> list[str]:
    fired = {str(event["fault"]) for event in flight.of("fault.fired")}
    return [f"fault {name} never fired" for name in sorted(set(must_fire) - fired)]
