"""The promises of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable

import pytest

from siteverify.catalogue import Check
from siteverify.catalogue import Remedy
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import Status
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.outcome import skipped
from siteverify.outcome import unknown
from siteverify.outcome import warned
from siteverify.results import Exemption
from siteverify.results import Result
from siteverify.results import RunRecord
from siteverify.results import exit_code
from siteverify.runner import run_checks
from siteverify.settings import Settings
from siteverify.settings import SettingsError
from siteverify.vantage import HangError
from siteverify.vantage import MissingError
from siteverify.vantage import Vantage
from tests.siteverify.fake_vantage import NOW
from tests.siteverify.fake_vantage import SETTINGS
from tests.siteverify.fake_vantage import STEP_S
from tests.siteverify.fake_vantage import FakeVantage

Look = Callable[[Vantage, Settings], Outcome]
DAY_S = 86400


def checks(*made: Check) -> dict[str, Check]:
    return {check.check_id: check for check in made}


def make(
    check_id: str,
    look: Look | Outcome,
    *,
    depends_on: tuple[str, ...] = (),
    severity: Severity = Severity.ERROR,
    needs: tuple[str, ...] = (),
    timeout_s: float = 30.0,
    quick: bool = False,
) -> Check:
    called: Look = (lambda vantage, settings: look) if isinstance(look, Outcome) else look
    return Check(
        check_id=check_id,
        title=f"title of {check_id}",
        severity=severity,
        owner=Owner.SITE,
        remedy=Remedy("Do something."),
        look=called,
        depends_on=depends_on,
        needs=needs,
        timeout_s=timeout_s,
        quick=quick,
    )


def run(*made: Check, vantage: FakeVantage | None = None, **options: object) -> list[Result]:
    return list(record(*made, vantage=vantage, **options).results)


def record(*made: Check, vantage: FakeVantage | None = None, **options: object) -> RunRecord:
    return run_checks(vantage or FakeVantage(), SETTINGS, checks=checks(*made), **options)  # type: ignore[arg-type]


def crash(_: Vantage, settings: Settings) -> Outcome:
    raise ZeroDivisionError("in a check")


def leave(_: Vantage, settings: Settings) -> Outcome:
    raise SystemExit(0)


def hang(_: Vantage, settings: Settings) -> Outcome:
    raise HangError("list /cvmfs/x")


def lack(_: Vantage, settings: Settings) -> Outcome:
    raise MissingError("no /etc/x")


GOOD, BAD = passed("good"), failed("BAD", "bad")


@pytest.mark.parametrize(
    ("look", "reason_code", "owner"),
    [
        (crash, "CHECK_CRASHED", Owner.HARNESS),
        (leave, "CHECK_CRASHED", Owner.HARNESS),
        (lambda vantage, settings: None, "CHECK_CRASHED", Owner.HARNESS),
        (hang, "HANG", Owner.SITE),
        (lack, "UNANSWERED", Owner.SITE),
    ],
)
def test_a_check_that_breaks_is_unknown_and_stops_nothing(
    look: Look, reason_code: str, owner: Owner
) -> None:
    first, second = run(make("a.broken", look), make("a.other", GOOD))
    assert (Status.UNKNOWN, reason_code, owner) == (first.status, first.reason_code, first.owner)
    assert Status.PASS is second.status


def test_a_crash_says_where() -> None:
    (result,) = run(make("a.broken", crash))
    assert "the check itself failed: ZeroDivisionError: in a check" == result.summary
    assert any("in crash" in line for line in result.details)


@pytest.mark.parametrize("outcome", [BAD, unknown("ODD", "odd")])
def test_what_depends_on_something_broken_names_the_first_cause(outcome: Outcome) -> None:
    results = run(
        make("a.root", outcome),
        make("a.child", GOOD, depends_on=("a.root",)),
        make("a.grandchild", GOOD, depends_on=("a.child",)),
    )
    assert ["", "a.root", "a.root"] == [result.blocked_by for result in results]
    assert [Status.BLOCKED] * 2 == [result.status for result in results[1:]]


@pytest.mark.parametrize("outcome", [GOOD, warned("SO", "so so"), skipped("NONE", "nothing")])
def test_what_depends_on_something_that_works_or_does_not_apply_is_run(outcome: Outcome) -> None:
    results = run(make("a.root", outcome), make("a.child", GOOD, depends_on=("a.root",)))
    assert Status.PASS is results[1].status


def test_a_check_runs_after_what_it_depends_on_whatever_the_order_of_the_catalogue() -> None:
    results = run(make("a.late", GOOD, depends_on=("a.early",)), make("a.early", GOOD))
    assert ["a.early", "a.late"] == [result.check_id for result in results]


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.INFORMATION])
def test_a_mild_check_never_fails(severity: Severity) -> None:
    (result,) = run(make("a.mild", BAD, severity=severity))
    assert (Status.WARN, "BAD") == (result.status, result.reason_code)


def test_a_check_without_its_setting_does_not_apply_even_if_it_would_be_blocked() -> None:
    results = run_checks(
        FakeVantage(),
        replace(SETTINGS, queue=""),
        checks=checks(
            make("a.root", BAD), make("a.queue", crash, depends_on=("a.root",), needs=("queue",))
        ),
    ).results
    assert (Status.SKIP, "no queue in the settings") == (results[1].status, results[1].summary)


def test_an_outcome_may_name_another_owner() -> None:
    (result,) = run(make("a.b", failed("BAD", "bad", owner=Owner.CENTRAL)))
    assert Owner.CENTRAL is result.owner


def test_only_brings_in_what_it_depends_on_and_no_more() -> None:
    made = (make("a.a", GOOD), make("a.b", GOOD, depends_on=("a.a",)), make("a.c", GOOD))
    assert ["a.a", "a.b"] == [result.check_id for result in run(*made, only=("a.b",))]


def test_the_quick_profile_runs_quick_checks() -> None:
    made = (make("a.quick", GOOD, quick=True), make("a.slow", GOOD))
    assert ["a.quick"] == [result.check_id for result in run(*made, profile="quick")]
    assert 2 == len(run(*made, profile="standard"))


def test_an_unknown_check_or_profile_is_the_callers_error() -> None:
    with pytest.raises(
        SettingsError, match=r"unknown check 'disk.spce' - did you mean 'disk.space'"
    ):
        run(make("disk.space", GOOD), only=("disk.spce",))
    with pytest.raises(SettingsError, match="unknown profile 'fast': one of quick, standard"):
        run(make("disk.space", GOOD), profile="fast")


def test_checks_that_depend_on_each_other_are_our_mistake() -> None:
    with pytest.raises(AssertionError, match="depend on each other"):
        run(make("a.a", GOOD, depends_on=("a.b",)), make("a.b", GOOD, depends_on=("a.a",)))


def test_a_check_gets_no_more_time_than_its_limit() -> None:
    vantage = FakeVantage()
    vantage.listings.update({f"/cvmfs/{n}": HangError("dead") for n in range(9)})

    def many(place: Vantage, settings: Settings) -> Outcome:
        for number in range(9):
            with pytest.raises(HangError):
                place.list_dir(f"/cvmfs/{number}", timeout_s=10.0)
        return BAD

    (result,) = run(make("a.slow", many, timeout_s=25.0), vantage=vantage)
    assert 25.0 == result.duration_s
    assert [10.0, 10.0, 5.0, 0.0] == [note.seconds for note in result.evidence[:4]]
    assert "the check has used up its 25 s" == result.evidence[3].error


def test_durations_come_from_the_function_that_was_passed() -> None:
    ticks = iter(range(0, 1000, 7))
    (result,) = run(make("a.b", GOOD), monotonic=lambda: float(next(ticks)))
    assert NOW == result.started_at
    assert 0 == result.duration_s % 7
    assert 0 < result.duration_s


def test_every_question_becomes_evidence() -> None:
    def ask(vantage: Vantage, _: Settings) -> Outcome:
        vantage.run(["tar", "--version"], timeout_s=5.0)
        vantage.stat("/srv/work")
        return GOOD

    (result,) = run(make("a.b", ask))
    first, second = result.evidence
    assert ("tar --version", 0, STEP_S, "tar 1.0") == (
        first.what,
        first.code,
        first.seconds,
        first.stdout_tail,
    )
    assert ("stat /srv/work", None, "") == (second.what, second.code, second.error)


def test_a_summary_is_one_short_line() -> None:
    (result,) = run(make("a.b", failed("BAD", "one\ntwo " + "x" * 200)))
    assert 120 == len(result.summary)
    assert result.summary.startswith("one two xxx")
    assert result.summary.endswith("...")


def test_nothing_secret_gets_into_a_result() -> None:
    secret = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqZG9lIn0.c2lnbmF0dXJl"

    def ask(vantage: Vantage, _: Settings) -> Outcome:
        vantage.run(["curl", secret], timeout_s=5.0)
        return failed("BAD", secret, measured=secret, threshold=secret, details=(secret,))

    (result,) = run(make("a.b", ask))
    assert "eyJ" not in repr(result)


def test_two_runs_on_equal_nodes_are_equal() -> None:
    assert run_checks(FakeVantage(), SETTINGS) == run_checks(FakeVantage(), SETTINGS)


def test_the_record_says_what_was_run_and_where() -> None:
    vantage = FakeVantage()
    vantage.variables["SLURM_JOB_ID"] = "4711"
    found = record(make("a.b", GOOD), vantage=vantage)
    assert ("WN", "wn001.sim", "BNL_ITB_Test1", "BNL_ITB", "4711") == (
        found.vantage,
        found.host,
        found.site,
        found.queue,
        found.batch_id,
    )


def test_the_hash_of_the_catalogue_changes_with_a_check() -> None:
    check = make("a.b", GOOD)
    hashes = [record(made).catalogue_hash for made in (check, check, replace(check, version=2))]
    assert hashes[0] == hashes[1]
    assert hashes[0] != hashes[2]


def exempt(days: float) -> Exemption:
    return Exemption("a.root", "GGUS 4711", "jane", NOW + days * DAY_S)


@pytest.mark.parametrize("outcome", [BAD, warned("SO", "so"), unknown("ODD", "odd")])
def test_an_exemption_forgives_until_its_date(outcome: Outcome) -> None:
    root, _ = run(make("a.root", outcome), exemptions=(exempt(1),))
    assert Status.EXEMPT is root.status
    assert "exempt until 2010-02-27, jane: GGUS 4711" == root.details[-1]


def test_what_an_exempted_failure_blocks_does_not_count_either() -> None:
    found = record(
        make("a.root", BAD),
        make("a.child", GOOD, depends_on=("a.root",)),
        exemptions=(exempt(1),),
    )
    assert (Status.BLOCKED, 0) == (found.results[1].status, exit_code(found, strict=True))


def test_an_expired_exemption_hides_nothing_and_warns() -> None:
    root, about = run(make("a.root", BAD), exemptions=(exempt(0),))
    assert Status.FAIL is root.status
    assert ("self.exempt", Status.WARN, "EXEMPTION_EXPIRED") == (
        about.check_id,
        about.status,
        about.reason_code,
    )
    assert ("a.root: 2010-02-26, jane: GGUS 4711",) == about.details


def test_an_exemption_of_something_that_works_changes_nothing() -> None:
    root, about = run(make("a.root", GOOD), exemptions=(exempt(1),))
    assert [Status.PASS, Status.PASS] == [root.status, about.status]
