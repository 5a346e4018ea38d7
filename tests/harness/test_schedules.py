"""Schedules in one line, and what was chosen in one file."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from harness.schedules import FIFO
from harness.schedules import Choices
from harness.schedules import Schedule
from harness.schedules import parse_schedule
from harness.schedules import read_choices
from harness.schedules import write_choices
from simkernel import HarnessError
from simkernel import ScenarioError


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        ("fifo", "fifo"),
        ("random", "random"),
        ("pct", "pct:depth=3,steps=10000"),
        ("pct:depth=2,steps=500", "pct:depth=2,steps=500"),
        ("random:preempt=7", "random:preempt=7"),
    ],
)
def test_a_schedule_is_written_with_all_its_parameters(given: str, expect: str) -> None:
    schedule = parse_schedule(given)
    assert expect == schedule.text
    assert schedule == parse_schedule(schedule.text)


def test_preempting_adds_its_rate_unless_one_was_given() -> None:
    assert "random:preempt=50" == parse_schedule("random", preempt=True).text
    assert "random:preempt=7" == parse_schedule("random:preempt=7", preempt=True).text
    with pytest.raises(ScenarioError, match="nobody is preempted by the schedule fifo"):
        parse_schedule("fifo", preempt=True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("randon", "did you mean 'random'"),
        ("", "give fifo, random, pct"),
        ("pct:depth=0", "depth=0 is no parameter of pct"),
        ("random:depth=3", "depth=3 is no parameter of random"),
        ("pct:deep", "did you mean 'pct'"),
    ],
)
def test_what_is_no_schedule_is_refused_with_what_to_write(given: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        parse_schedule(given)
    assert said in str(refused.value)


def test_a_guest_is_told_all_parameters_and_the_seed_of_its_stream() -> None:
    order = Schedule("pct", depth=2, steps=9).order(seed=5)
    assert {"name": "pct", "depth": 2, "steps": 9, "preempt": 0, "seed": 5} == order


def test_choices_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    chosen = {
        "pilot-1": Choices([0, 2, 0, 2, 0, 2, 2, 3], [4, 9]),
        "pilot-2": Choices(),
    }
    write_choices(tmp_path / "one.gz", FIFO, chosen)
    write_choices(tmp_path / "other.gz", FIFO, chosen)
    assert chosen == read_choices(tmp_path / "one.gz")
    assert b"0/2*3 2/3" in gzip.decompress((tmp_path / "one.gz").read_bytes())
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "other.gz").read_bytes()


def test_a_file_that_holds_no_schedule_is_told(tmp_path: Path) -> None:
    for content in (b"", b"no gzip", gzip.compress(b'{"format": 2}'), gzip.compress(b"[]")):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(HarnessError, match="no schedule can be read"):
            read_choices(tmp_path / "file")


def test_the_first_choice_that_differs_is_told() -> None:
    one = Choices([0, 2, 1, 3], [5])
    assert "" == one.differ(Choices([0, 2, 1, 3], [5]))
    expect = "choice 1: recorded thread 2 of 3, now thread 1 of 3"
    assert expect == one.differ(Choices([0, 2, 0, 3], [5]))
    assert "choice 1: recorded thread 2 of 3, now none" == one.differ(Choices([0, 2], [5]))
    assert "choice 0: recorded none, now thread 1 of 2" == Choices().differ(one)
    assert "preempted at bytecode 5, now at 6" == one.differ(Choices([0, 2, 1, 3], [6]))


def test_switches_are_the_choices_that_were_not_in_turn() -> None:
    choices = Choices()
    choices.add([[0, 2, 1, 2], []])
    choices.add([[2, 3], [8]])
    assert ([1, 2], [8]) == (choices.switches, choices.preempted)
