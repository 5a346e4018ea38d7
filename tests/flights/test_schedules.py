"""Flights whose threads do not go in turn: drawn from the seed, kept, and flown again."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli import main
from harness.flight import fly
from harness.manner import Manner
from harness.pilots import parse_choice
from harness.replay import recorded
from harness.replay import replay
from harness.replay import retry
from harness.schedules import FILE
from harness.schedules import Choices
from harness.schedules import parse_schedule
from harness.schedules import read_choices
from harness.schedules import write_choices
from harness.shrink import SHRUNK
from harness.shrink import shrink
from harness.verdict import Verdict
from simkernel import ScenarioError
from tests.flights.conftest import scenario_named
from tests.flights.mutants import plant

THERE = "        payload = Payload(\n"
# Both threads read before either writes, if they are made to.
RACE = f"""
        import threading
        lock, count = threading.Lock(), [0]
        def add():
            for _ in range(3):
                with lock: seen = count[0]
                with lock: count[0] = seen + 1
        threads = [threading.Thread(target=add) for _ in range(2)]
        for each in threads: each.start()
        for each in threads: each.join()
        if count[0] != 6: raise RuntimeError("an update was lost")
{THERE}"""


def flown(
    runs: Path, schedule: str, *, seed: int, pilot: str | Path = "core", name: str = "first-job"
) -> Verdict:
    """Fly once by *schedule*."""
    manner = Manner(schedule=parse_schedule(schedule))
    choice = parse_choice(str(pilot))
    return fly(scenario_named(name), choice, seed=seed, runs=runs, manner=manner)


def test_a_schedule_is_a_function_of_the_seed_and_stands_where_a_run_is_described(
    tmp_path: Path,
) -> None:
    one, other = (flown(tmp_path / each, "pct:steps=300", seed=3) for each in ("a", "bb"))
    assert (one.sha256, "pass") == (other.sha256, one.state)
    run = Path(one.run_dir)
    assert (run / FILE).read_bytes() == (Path(other.run_dir) / FILE).read_bytes()
    text = "pct:depth=3,steps=300"
    header = json.loads((run / "events.jsonl").read_text().splitlines()[0])
    assert text == header["schedule"]
    assert text == json.loads((run / "verdict.json").read_text())["schedule"]
    assert f"--schedule {text} --seeds 3" in one.rerun


def test_first_come_first_served_keeps_no_schedule(tmp_path: Path) -> None:
    verdict = flown(tmp_path, "fifo", seed=3)
    assert ("fifo", False) == (verdict.schedule, (Path(verdict.run_dir) / FILE).exists())
    assert "--schedule" not in verdict.rerun


def test_a_replay_chooses_what_was_kept_and_tells_what_it_cannot_choose(tmp_path: Path) -> None:
    verdict = flown(tmp_path, "random", seed=3)
    run = Path(verdict.run_dir)
    assert replay(run).same
    kept = json.loads(gzip.decompress((run / FILE).read_bytes()))
    first, _, rest = kept["pilots"]["pilot-1"]["choices"].partition(" ")
    kept["pilots"]["pilot-1"]["choices"] = f"{first[0]}/9 {rest}"
    (run / FILE).write_bytes(gzip.compress(json.dumps(kept).encode()))
    result = replay(run)
    recorded_one = f"recorded thread {int(first[0]) + 1} of 9"
    assert (
        result.choice == f"pilot-1, choice 0: {recorded_one}, now thread {int(first[0]) + 1} of 2"
    )
    assert result.same  # it was drawn from the seed, as it had been


def test_choices_that_another_version_drew_are_flown_as_they_are(tmp_path: Path) -> None:
    run = Path(flown(tmp_path, "random", seed=3).run_dir)
    journal = run / "events.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    lines[0] = re.sub(r'"flightsim":"[^"]+"', '"flightsim":"0.0.1"', lines[0])
    journal.write_text("".join(lines))
    result = replay(run)
    assert (1, "") == (result.line, result.choice)  # nothing but the header differs
    choices = read_choices(run / FILE)
    choices["pilot-1"].taken[1] = 9
    write_choices(run / FILE, parse_schedule("random"), choices)
    assert replay(run).choice.startswith("pilot-1, choice 0: recorded thread ")


def test_other_choices_are_flown_tolerantly(tmp_path: Path) -> None:
    flight = recorded(Path(flown(tmp_path, "random", seed=3).run_dir))
    verdict, _ = retry(flight, {"pilot-1": Choices([7, 9] * 5, [])})
    assert "pass" == verdict.state


@pytest.mark.slow
def test_a_race_is_found_repeated_and_shrunk_to_the_switches_that_matter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    racy = plant(tmp_path / "racy", {"work.py": (THERE, RACE)})
    runs = tmp_path / "runs"
    assert "pass" == flown(runs, "fifo", seed=1, pilot=racy).state
    # The race is among the first choices of a flight: few steps make it likely to be met.
    schedule = "pct:depth=3,steps=80"
    verdicts = (flown(runs, schedule, seed=seed, pilot=racy) for seed in range(1, 40))
    found = next(each for each in verdicts if each.state == "fail")
    assert any("an update was lost" in text for text in found.unmet)
    assert found.sha256 == flown(tmp_path / "again", schedule, seed=found.seed, pilot=racy).sha256
    run = Path(found.run_dir)
    assert replay(run).same
    assert 0 == main(["replay", str(run), "--shrink-schedule"])
    said = capsys.readouterr().out
    assert "switches are enough" in said
    assert "(add) at pilot/pilotcore/work.py:" in said
    assert (run / SHRUNK).is_file()


def test_only_a_flight_that_failed_by_its_schedule_can_be_shrunk(tmp_path: Path) -> None:
    for schedule, said in (("fifo", "first come, first served"), ("random", "did not fail")):
        run = Path(flown(tmp_path, schedule, seed=3, name="final-refused").run_dir)
        with pytest.raises(ScenarioError, match=said):
            shrink(run)


def test_the_command_line_refuses_what_cannot_be_flown(capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in (
        (["--schedule", "lifo"], "did you mean 'fifo'"),
        (["--preempt"], "add --schedule random"),
        (["--preempt", "--schedule", "pct"], "cannot switch inside bytecode"),
    ):
        if words[-1] == "pct" and _is_new():
            continue
        assert 3 == main(["run", "first-job", *words])
        assert said in capsys.readouterr().err


def test_a_manner_can_be_changed_in_one_thing() -> None:
    manner = replace(Manner(), script={"pilot-1": Choices([0, 2])}, strict=False)
    told = manner.instruments("pilot-1", seed=1)
    assert ("script", False) == (told["schedule"]["name"], told["schedule"]["strict"])
    assert "schedule" not in manner.instruments("pilot-2", seed=1)


def _is_new() -> bool:
    import sys

    return sys.version_info >= (3, 12)
