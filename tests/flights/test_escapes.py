"""A pilot that tries to leave: refused, told with its call site, and the run is broken."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.flights.conftest import Fly

SHELL = "import subprocess; subprocess.run(['/bin/bash', '-c', 'kill -9 1'])"
ATTEMPTS = {
    "os.kill(1, 9)": ("import os; os.kill(1, 9)", "signal", "pilot.py:2"),
    "os.kill of a stranger": ("import os; os.kill({decoy}, 9)", "signal", "pilot.py:2"),
    "os.killpg of a stranger": ("import os; os.killpg({decoy}, 9)", "signal", "pilot.py:2"),
    "os.kill(-1, 9)": ("import os; os.kill(-1, 9)", "signal", "pilot.py:2"),
    "an outside address": (
        "import socket; socket.create_connection(('192.0.2.7', 443), 5)",
        "connect",
        "pilot.py:2",
    ),
    "the home directory": ("open('{home}/flightsim-escape', 'w')", "write", "pilot.py:2"),
    "kill in a shell line": (SHELL, "signal", "kill -9 1"),
    "kill of a stranger in a shell line": (
        SHELL.replace("kill -9 1", "kill -9 {decoy}"),
        "signal",
        "kill -9 {decoy}",
    ),
    "fork": ("import os; os.fork()", "process", "pilot.py:2"),
}
PILOT = "try:\n    {code}\nexcept OSError as error:\n    print(error)\n"


@pytest.mark.parametrize("name", ATTEMPTS)
def test_an_attempt_makes_the_run_broken(name: str, flights: Fly, tmp_path: Path) -> None:
    decoy = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True
    )
    code, kind, place = ATTEMPTS[name]
    facts = {"decoy": decoy.pid, "home": Path.home()}
    pilot = tmp_path / "hostile"
    pilot.mkdir()
    (pilot / "pilot.py").write_text(PILOT.format(code=code.format(**facts)))
    try:
        verdict, flight = flights("first-job", pilot)
        assert decoy.poll() is None
    finally:
        decoy.communicate(b"\n")
    assert "broken" == verdict.state
    escapes = [(event["kind"], event["place"]) for event in flight.of("guest.escape")]
    assert kind in {found for found, _ in escapes}
    assert all(place.format(**facts) in where for _, where in escapes)
    assert not (Path.home() / "flightsim-escape").exists()


def test_an_unknown_endpoint_is_an_event_with_the_nearest_name(
    flights: Fly, tmp_path: Path
) -> None:
    pilot = tmp_path / "curious"
    pilot.mkdir()
    (pilot / "pilot.py").write_text(
        "import urllib.request\n"
        "try: urllib.request.urlopen('http://pandaserver.sim:25080/server/panda/getJobb', b'x=1')\n"
        "except OSError as error: print(error)\n"
    )
    _, flight = flights("first-job", pilot)
    (event,) = flight.of("server.unknown_endpoint")
    assert "/server/panda/getJobb" == event["path"]
    assert "getJob" in str(event["nearest"])
