"""psutil on a node that offers it: what it says is what /proc and ps say, at each instant."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from fakesites.site import load_site
from harness.record import Flight
from tests.flights.conftest import Fly
from tests.flights.conftest import scenario_named

HEAD = "import os, sys, time\nif '--help' in sys.argv: sys.exit()\n"
AGREE = """
import psutil, subprocess
payload = subprocess.Popen(["sleep", "400"], start_new_session=True)
gone = subprocess.Popen(["sleep", "2"])
def from_ps():
    line = ["ps", "-eo", "pid,ppid,pgid,user,stat,time,comm"]
    rows = subprocess.run(line, stdout=subprocess.PIPE, text=True).stdout.splitlines()[1:]
    rows = [row.split(None, 6) for row in rows]
    return {int(row[0]): row for row in rows if row[6] != "ps"}
def from_proc():
    names = [name for name in os.listdir("/proc") if name.isdigit()]
    return {int(name): open(f"/proc/{name}/stat").read().split() for name in names}
letters = {"running": "R", "sleeping": "S", "zombie": "Z", "disk-sleep": "D"}
for step in range(6):
    seen, ps, proc = {each.pid: each for each in psutil.process_iter()}, from_ps(), from_proc()
    assert sorted(seen) == sorted(ps) == sorted(proc) == psutil.pids(), (sorted(seen), sorted(ps))
    for pid, each in seen.items():
        row = [each.ppid(), os.getpgid(pid), each.username(), letters[each.status()]]
        assert [int(ps[pid][1]), int(ps[pid][2]), ps[pid][3], ps[pid][4][0]] == row, (ps[pid], row)
        assert int(proc[pid][13]) == round(each.cpu_times().user * 100)
        assert int(proc[pid][23]) * 4096 == each.memory_info().rss
        assert psutil.pid_exists(pid)
    if step == 2: assert gone.wait() == 0
    if step == 4:
        psutil.Process(payload.pid).terminate()
        assert payload.wait() == -15
    assert psutil.pid_exists(payload.pid) == (step < 4)
    time.sleep(1)
print("agree", flush=True)
"""
LOOK = """
import psutil, subprocess
me = psutil.Process()
child = subprocess.Popen(["/bin/bash", "-c", "sleep 100; true"])
time.sleep(1)
print({
    "me": [me.pid == os.getpid(), me.name(), me.username(), me.status(), me.num_threads()],
    "below": [each.name() for each in me.children(recursive=True)],
    "above": [each.name() for each in me.parents()][-1],
    "cpus": [psutil.cpu_count(), psutil.cpu_count(logical=False), psutil.cpu_freq().current],
    "memory": psutil.virtual_memory().total // 2**20,
    "disk": psutil.disk_usage("/srv").total // 2**20,
    "began": round(me.create_time() - time.time()),
    "percent": [psutil.cpu_percent(interval=0.5), me.cpu_percent(0.1)],
    "io": psutil.net_io_counters().bytes_sent,
    "gone": psutil.pid_exists(99999),
}, flush=True)
for name in ("sensors_fans", "FileNotFoundError"):
    try: getattr(psutil, name)
    except AttributeError as error: print(error, flush=True)
try: psutil.Process(99999)
except psutil.NoSuchProcess as error: print(error, flush=True)
gone, alive = psutil.wait_procs([psutil.Process(child.pid)], timeout=1)
print(len(gone), len(alive), flush=True)
psutil.Process(child.pid).kill()
print(psutil.Process(child.pid).wait(5), flush=True)
"""


def fly(flights: Fly, folder: Path, text: str, *, packages: list[str]) -> tuple[Flight, list[str]]:
    pilot = folder / "looking"
    pilot.mkdir()
    (pilot / "pilot.py").write_text(HEAD + text)
    scenario = scenario_named("first-job")
    scenario.world.overrides["node"] = {"packages": packages}
    verdict, flight = flights(scenario, pilot)
    return flight, (Path(verdict.run_dir) / "pilot-1.out").read_text().splitlines()


def test_psutil_proc_and_ps_agree_at_each_instant(flights: Fly, tmp_path: Path) -> None:
    assert ["agree"] == fly(flights, tmp_path, AGREE, packages=["psutil"])[1]


def test_psutil_shows_the_machine_and_says_what_it_has_not(flights: Fly, tmp_path: Path) -> None:
    flight, lines = fly(flights, tmp_path, LOOK, packages=["psutil"])
    seen: dict[str, Any] = ast.literal_eval(lines[0])
    assert [True, "python3", "pilot", "sleeping", 1] == seen["me"]
    assert (["bash", "sleep"], "systemd") == (seen["below"], seen["above"])
    node = load_site("BNL").node
    assert [node.cores, node.cores // node.threads_per_core, node.cpu_mhz] == seen["cpus"]
    assert (node.memory_mb, node.disk_mb) == (seen["memory"], seen["disk"])
    assert (-1, [0.0, 0.0], 0, False) == tuple(
        seen[name] for name in ("began", "percent", "io", "gone")
    )
    assert "module 'psutil' has no attribute 'sensors_fans': it is not simulated" == lines[1]
    assert "module 'psutil' has no attribute 'FileNotFoundError'" == lines[2]
    assert "process PID not found (pid=99999)" == lines[3]
    assert ["0 1", "-9"] == lines[4:]
    (note,) = flight.of("guest.note")
    assert "psutil: sensors_fans is not simulated" == note["text"]
    line = f"{HEAD}{LOOK}".split("try: getattr")[0].count("\n") + 1
    assert str(note["place"]).endswith(f"pilot.py:{line}")


def test_a_node_has_no_psutil_unless_it_says_so(flights: Fly, tmp_path: Path) -> None:
    text = "try: import psutil\nexcept ImportError as error: print(error)\n"
    assert ["No module named 'psutil'"] == fly(flights, tmp_path, text, packages=[])[1]
