"""The guest's runtime is seen at one place, whatever walls stand: no path of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import grounds
from harness import interpreters
from tests.flights.conftest import Fly

PILOT = """
import subprocess, sys, threading, traceback
if '--help' in sys.argv: sys.exit()
def fail():
    try: subprocess.Popen(['no such program'])
    except OSError: traceback.print_exc(file=sys.stdout)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
print(sys.modules['guest'].__path__[0], sys.dont_write_bytecode)
"""


@pytest.mark.parametrize("wanted", ["", grounds.FILTER, grounds.FIRST])
def test_tracebacks_show_the_runtime_in_the_root(
    wanted: str, flights: Fly, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(grounds.WALLS_VARIABLE, wanted)
    grounds.walls_here.cache_clear()
    root = grounds.SEEN if grounds.walls_here()["namespaces"] else r"/tmp/flightsim."
    pilot = tmp_path / "failing"
    pilot.mkdir()
    (pilot / "pilot.py").write_text(PILOT)
    try:
        verdict, _ = flights("first-job", pilot)
    finally:
        grounds.walls_here.cache_clear()
    output = (Path(verdict.run_dir) / "pilot-1.out").read_text()
    assert str(interpreters.GUEST_FOLDER) not in output
    assert f'File "{root}' in output
    assert '/guest/processes/popen.py"' in output
    assert "from None\n" in output  # the lines are found, too
    assert not list((Path(verdict.run_dir) / "nodes").glob("*/guest"))
