"""A pilot that polls sees the same, whether answers stand or the host is asked each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.desks import standing
from harness.record import Flight
from harness.verdict import Verdict
from simkernel import HarnessError
from tests.flights.conftest import Fly

POLLS = 300
PILOT = f"""
import hashlib, subprocess, sys, time
if "--help" in sys.argv: sys.exit()
seen = hashlib.sha256()
def run(line, **options):
    done = subprocess.run(["/bin/bash", "-c", line], capture_output=True, text=True, **options)
    seen.update(repr((done.returncode, done.stdout, done.stderr)).encode())
for poll in range({POLLS}):
    run("ps -eo pid,ppid -m", start_new_session=True)
    run("ps axo pgid,psr | sort | grep 4001 | uniq", start_new_session=True)
    run("ps -eo pid,etime")
    if poll == 50: child = subprocess.Popen(["sleep", "30"]); seen.update(b"%d" % child.pid)
    time.sleep(1)
child = subprocess.Popen(["sleep", "30"])
print(seen.hexdigest(), child.pid)
child.wait()
"""


@pytest.fixture
def polling(tmp_path: Path) -> Path:
    pilot = tmp_path / "polling"
    pilot.mkdir()
    (pilot / "pilot.py").write_text(PILOT)
    return pilot


def told(verdict: Verdict, flight: Flight) -> str:
    assert 0 == flight.of("pilot.exit")[0]["code"]
    return (Path(verdict.run_dir) / "pilot-1.out").read_text()


def test_what_stands_is_what_would_have_been_said(
    polling: Path, flights: Fly, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict, flight = flights("first-job", polling)
    with_standing = told(verdict, flight)
    again = sum(event["times"] for event in flight.of("tool.again"))
    monkeypatch.setattr(standing, "repeat_of", lambda *args, **kwargs: None)
    verdict, asked = flights("first-job", polling)
    assert told(verdict, asked) == with_standing
    assert again + len(flight.of("tool.run")) == len(asked.of("tool.run"))
    assert again > POLLS


def test_an_answer_that_should_not_have_stood_is_our_fault(
    polling: Path, flights: Fly, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = standing.repeat_of

    def wrong(argv: tuple[str, ...], *, new_session: bool) -> standing.Repeat | None:
        timely = standing.Repeat(("ps",), shifts=True)
        return timely if "etime" in argv[-1] else right(argv, new_session=new_session)

    monkeypatch.setattr(standing, "repeat_of", wrong)
    verdict, _ = flights("first-job", polling)
    assert "broken" == verdict.state
    assert any("stood" in note for note in verdict.notes), HarnessError
