"""A pilot that tries to leave: refused, told with its call site, and the run is broken."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.flights.conftest import Fly

SHELL = "import subprocess; subprocess.run(['/bin/bash', '-c', 'kill -9 1'])"
# The C library of the runtime's own, which no audit event tells of any more.
NATIVE = (
    "import sys; fence = sys.modules['guest.fence.seccomp']; fence.kernel.libc.syscall("
    "fence.NUMBERS['kill'][fence.machine()[1]], {decoy}, 9)"
)
# Two bytes of JSON that are no message; asked for --help, it behaves.
LIAR = """
import posix, sys
wire = posix.open._look.__self__._host.wire
if "--help" not in sys.argv:
    posix.write(wire.fd, (2).to_bytes(4, "big") + b"[]")
"""
# What a shell line does to a link that leads out of the root: the node has nothing there.
THROUGH_A_LINK = """
import os, subprocess
os.symlink({outside!r}, "link")
for line in (
    "echo x > link/new",
    "rm -rf link/precious",
    "mv link/precious x",
    "cp $0 link/precious",
    "tar czf link/new.tgz .",
    "cd link; echo x > new",
    "ln -s {outside} deep; echo x > deep/new",
    "mkdir link/new; touch link/new",
    "find link/ -delete",
    "sed -i s/data/gone/ link/precious",
):
    subprocess.run(["/bin/bash", "-c", line])
"""

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
    "fork, dug out": ("import posix; posix.fork()", "process", "pilot.py:2"),
    "nohup in a shell line": (
        SHELL.replace("kill -9 1", "nohup kill -9 {decoy} &"),
        "signal",
        "nohup kill -9 {decoy} &",
    ),
    "setsid in a shell line": (
        SHELL.replace("kill -9 1", "setsid kill -9 {decoy}"),
        "signal",
        "setsid kill -9 {decoy}",
    ),
    "native code": (NATIVE, "native", "pilot.py:2"),
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


def test_a_shell_line_follows_no_link_out_of_the_root(flights: Fly, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("data")
    pilot = tmp_path / "hostile"
    pilot.mkdir()
    (pilot / "pilot.py").write_text(THROUGH_A_LINK.format(outside=str(outside)))
    flights("first-job", pilot)
    assert {"precious": "data"} == {each.name: each.read_text() for each in outside.iterdir()}


def test_a_guest_that_speaks_nonsense_breaks_the_run(flights: Fly, tmp_path: Path) -> None:
    pilot = tmp_path / "liar"
    pilot.mkdir()
    (pilot / "pilot.py").write_text(LIAR)
    verdict, flight = flights("first-job", pilot)
    assert "broken" == verdict.state
    (event,) = flight.of("guest.stuck")
    assert "no message of the runtime" in str(event["why"])


def test_a_guest_that_the_kernel_ends_breaks_the_run(flights: Fly, tmp_path: Path) -> None:
    pilot = tmp_path / "deaf"
    pilot.mkdir()
    deaf = "import _signal, sys; _signal.signal(_signal.SIGSYS, _signal.SIG_IGN)\n"
    deaf += "if '--help' in sys.argv: sys.exit()\n"
    (pilot / "pilot.py").write_text(deaf + NATIVE.format(decoy=2**22 + 1))
    verdict, flight = flights("first-job", pilot)
    assert "broken" == verdict.state
    (event,) = flight.of("guest.stuck")
    assert "a system call of native code" in str(event["why"])


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
