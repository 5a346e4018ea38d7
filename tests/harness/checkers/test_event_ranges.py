"""An event range is finished once, by who has it, and only when its file is stored."""

from __future__ import annotations

from harness.checkers.event_ranges import event_ranges
from tests.harness.journals import Story
from tests.harness.journals import story
from tests.harness.journals import texts

FILE = "made.tar.gz"


def given(*jobs: int) -> Story:
    """Tell of *jobs* of one jobset, and of one range that each is given."""
    told = story()
    for job in jobs:
        told.define(job, kind="event").dispatch(job, at=job, pilot=f"pilot-{job}")
        names = [range_of(job)]
        told.add("event.ranges", at=job, job=job, pilot=f"pilot-{job}", ranges=names, why="")
    return told


def range_of(job: int) -> str:
    return f"7-{job}-1-1-10"


def say(told: Story, job: int, *, at: float, file: str = FILE, state: str = "finished") -> Story:
    return told.add(
        "event.range_said",
        at=at,
        job=job,
        range=range_of(job),
        pilot=f"pilot-{job}",
        state=state,
        file=file,
        taken=True,
    )


def test_a_range_that_is_stored_and_then_reported_is_right() -> None:
    assert [] == event_ranges(say(given(1).store(FILE, at=50), 1, at=60).flight())


def test_a_range_reported_before_its_file_is_stored_is_found() -> None:
    (finding,) = event_ranges(say(given(1), 1, at=60).store(FILE, at=70).flight())
    assert "is finished, but its file made.tar.gz was not stored" in finding.text
    assert ("1", 60.0) == (finding.job, finding.at_s)


def test_a_range_that_is_in_no_file_is_found() -> None:
    (text,) = texts(event_ranges(say(given(1), 1, at=60, file="").flight()))
    assert text.endswith("is finished, but nobody said in which file")


def test_a_range_that_failed_needs_no_file() -> None:
    assert [] == event_ranges(say(given(1), 1, at=60, state="failed").flight())


def test_a_range_finished_by_two_jobs_is_found() -> None:
    told = say(given(1, 2).store(FILE, at=50), 1, at=60)
    (text,) = texts(event_ranges(say(told, 2, at=70).flight()))
    assert "7-2-1-1-10 is finished, as job 1 had said at 0:01:00" in text


def test_who_says_a_thing_twice_has_done_it_once() -> None:
    told = say(given(1).store(FILE, at=50), 1, at=60)
    assert [] == event_ranges(say(told, 1, at=70).flight())


def test_what_is_said_after_the_job_has_ended_is_not_held_against_anybody() -> None:
    told = say(given(1, 2).store(FILE, at=50), 2, at=60).state("failed", at=65, job=1, by="reaper")
    assert [] == event_ranges(say(told, 1, at=70).flight())


def test_a_range_that_the_job_was_never_given_is_found() -> None:
    told = story().define(1, kind="event").dispatch(1).store(FILE, at=50)
    (text,) = texts(event_ranges(say(told, 1, at=60).flight()))
    assert text.endswith("is finished, which it was never given")
