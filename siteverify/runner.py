"""Run checks in order and keep the record.

What a run promises: a check that crashes gives UNKNOWN and stops nothing; a check whose
prerequisite is broken is not run and names the first cause; nothing that a check or a site says
gets into the record unscrubbed. Time comes from the vantage, or from the function passed in.
"""

from __future__ import annotations

import traceback
from dataclasses import replace
from typing import Callable
from typing import Iterable
from typing import Mapping
from typing import Optional

from siteverify.catalogue import Check
from siteverify.catalogue import catalogue_hash
from siteverify.catalogue import select
from siteverify.checks import CHECKS
from siteverify.exemptions import date_text
from siteverify.exemptions import exemption_for
from siteverify.exemptions import expiry_check
from siteverify.outcome import Measured
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import Status
from siteverify.outcome import skipped
from siteverify.outcome import unknown
from siteverify.redaction import one_line
from siteverify.results import SUMMARY_LIMIT
from siteverify.results import Evidence
from siteverify.results import Exemption
from siteverify.results import Result
from siteverify.results import RunRecord
from siteverify.settings import DEFAULTS
from siteverify.settings import Settings
from siteverify.vantage import HangError
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError
from siteverify.watched import Watched

BROKEN = (Status.FAIL, Status.UNKNOWN, Status.BLOCKED, Status.EXEMPT)
MILD = (Severity.WARNING, Severity.INFORMATION)
FORGIVABLE = (Status.FAIL, Status.WARN, Status.UNKNOWN)
DETAIL_LIMIT = 200
DETAILS_MAX = 40
TRACE_LINES = 4
# Where batch systems put the id of a job, in the order in which they are looked for.
BATCH_IDS = ("SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID", "GRID_GLOBAL_JOBID")


def run_checks(
    vantage: Vantage,
    settings: Settings = DEFAULTS,
    *,
    profile: str = "standard",
    only: Iterable[str] = (),
    exemptions: Iterable[Exemption] = (),
    monotonic: Optional[Callable[[], float]] = None,
    checks: Mapping[str, Check] = CHECKS,
) -> RunRecord:
    """Run the *profile* (or *only* some checks and what they depend on) and return the record.

    *monotonic* measures durations and time limits; without it, the vantage's clock does.
    Raise SettingsError for an unknown profile or check.
    """
    chosen = select(checks, profile=profile, only=only)
    forgiven = tuple(exemptions)
    if forgiven:
        chosen.append(expiry_check(forgiven))
    run = _Run(vantage, settings, exemptions=forgiven, monotonic=monotonic or vantage.now)
    for check in chosen:
        run.add(check)
    return run.record(profile=profile, checks=chosen)


class _Run:
    """The results so far."""

    def __init__(
        self,
        vantage: Vantage,
        settings: Settings,
        *,
        exemptions: tuple[Exemption, ...],
        monotonic: Callable[[], float],
    ) -> None:
        self._vantage = vantage
        self._settings = settings
        self._exemptions = exemptions
        self._monotonic = monotonic
        self._began_at = vantage.now()
        self._began = monotonic()
        self._results: dict[str, Result] = {}

    def add(self, check: Check) -> None:
        """Run *check*, or note what keeps it from being run."""
        self._results[check.check_id] = self._forgiven(self._found(check))

    def record(self, *, profile: str, checks: list[Check]) -> RunRecord:
        """Return the record of everything added."""
        env = self._vantage.env()
        return RunRecord(
            profile=profile,
            vantage=self._vantage.where,
            host=self._host(),
            site=one_line(env.get("OSG_SITE_NAME", ""), limit=SUMMARY_LIMIT),
            queue=self._settings.queue,
            batch_id=next((env[name] for name in BATCH_IDS if env.get(name)), ""),
            catalogue_hash=catalogue_hash(checks),
            started_at=self._began_at,
            finished_at=self._vantage.now(),
            duration_s=round(self._monotonic() - self._began, 3),
            results=tuple(self._results.values()),
        )

    def _host(self) -> str:
        try:
            return one_line(self._vantage.hostname(), limit=SUMMARY_LIMIT)
        except VantageError:
            return ""  # net.hostname says why

    def _cause_against(self, check: Check) -> str:
        """Return the id of the first cause for which *check* cannot run, or nothing."""
        for needed in check.depends_on:
            before = self._results[needed]
            if before.status in BROKEN:
                return before.blocked_by or needed
        return ""

    def _found(self, check: Check) -> Result:
        lacking = [name for name in check.needs if not getattr(self._settings, name)]
        cause = self._cause_against(check)
        if not lacking and not cause:
            return self._looked(check)
        at = self._vantage.now()
        if lacking:
            outcome = skipped("NOT_APPLICABLE", f"no {lacking[0]} in the settings")
            return self._result(check, outcome, started_at=at)
        outcome = Outcome(Status.BLOCKED, "BLOCKED", f"not tested because of {cause}")
        return self._result(check, outcome, started_at=at, blocked_by=cause)

    def _looked(self, check: Check) -> Result:
        started_at, begin = self._vantage.now(), self._monotonic()
        watched = Watched(self._vantage, monotonic=self._monotonic, budget_s=check.timeout_s)
        outcome = _outcome(check, watched, self._settings)
        return self._result(
            check,
            outcome,
            started_at=started_at,
            duration_s=round(self._monotonic() - begin, 3),
            evidence=watched.evidence,
        )

    def _result(
        self,
        check: Check,
        outcome: Outcome,
        *,
        started_at: float,
        duration_s: float = 0.0,
        evidence: tuple[Evidence, ...] = (),
        blocked_by: str = "",
    ) -> Result:
        return Result(
            check_id=check.check_id,
            version=check.version,
            title=check.title,
            status=_capped(outcome.status, check.severity),
            severity=check.severity,
            owner=outcome.owner or check.owner,
            vantage=self._vantage.where,
            reason_code=outcome.reason_code,
            summary=one_line(outcome.summary, limit=SUMMARY_LIMIT),
            started_at=started_at,
            duration_s=duration_s,
            measured=_clean(outcome.measured),
            threshold=_clean(outcome.threshold),
            unit=outcome.unit,
            details=tuple(
                one_line(line, limit=DETAIL_LIMIT) for line in outcome.details[:DETAILS_MAX]
            ),
            evidence=evidence,
            remedy=check.remedy,
            depends_on=check.depends_on,
            blocked_by=blocked_by,
        )

    def _forgiven(self, result: Result) -> Result:
        exemption = exemption_for(result.check_id, self._exemptions)
        if exemption is None or result.status not in FORGIVABLE:
            return result
        if exemption.expires <= self._vantage.now():
            return replace(result, exemption=exemption)
        line = f"exempt until {date_text(exemption.expires)}, {exemption.owner}: {exemption.reason}"
        details = (*result.details, one_line(line, limit=DETAIL_LIMIT))
        return replace(result, status=Status.EXEMPT, exemption=exemption, details=details)


def _outcome(check: Check, vantage: Vantage, settings: Settings) -> Outcome:
    """Call *check*; whatever it raises becomes UNKNOWN."""
    try:
        outcome = check.look(vantage, settings)
    except HangError as error:
        return unknown("HANG", f"no answer in time: {error}")
    except VantageError as error:
        return unknown("UNANSWERED", f"{type(error).__name__}: {error}")
    except (Exception, SystemExit) as error:  # noqa: BLE001  it is recorded
        return _crash(error)
    if not isinstance(outcome, Outcome):
        text = f"the check returned {type(outcome).__name__}, not an Outcome"
        return unknown("CHECK_CRASHED", text, owner=Owner.HARNESS)
    return outcome


def _crash(error: BaseException) -> Outcome:
    summary = f"the check itself failed: {type(error).__name__}: {error}"
    trace = traceback.format_exception(type(error), error, error.__traceback__)
    lines = "".join(trace).splitlines()[-TRACE_LINES:]
    outcome = unknown("CHECK_CRASHED", summary, owner=Owner.HARNESS)
    return replace(outcome, details=tuple(lines))


def _capped(status: Status, severity: Severity) -> Status:
    return Status.WARN if status is Status.FAIL and severity in MILD else status


def _clean(value: Measured) -> Measured:
    return one_line(value, limit=SUMMARY_LIMIT) if isinstance(value, str) else value
