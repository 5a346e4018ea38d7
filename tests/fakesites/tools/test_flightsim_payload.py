"""The life of a payload: what it uses, touches, writes, leaves, and how it ends."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from typing import Generator

import pytest

from fakesites.payload import PayloadModel
from fakesites.running import Running
from fakesites.tools.flightsim_payload import WAKES_LIMIT
from fakesites.tools.flightsim_payload import Run
from tests.fakesites.node_world import WORK
from tests.fakesites.node_world import NodeWorld

KEY = "first-job/1"
LINE = f"export X509_USER_PROXY=/srv/cred/x509up;./payload --flightsim-job {KEY} --x 1"
TRANSFORM = '#!/bin/sh\nexec flightsim-payload "$0" "$@"\n'


def start(world: NodeWorld, model: PayloadModel, **options: Any) -> Running:
    world.node.payloads[KEY] = model
    world.script("payload", TRANSFORM)
    return world.spawn(LINE, new_session=True, **options)


def test_the_transform_becomes_the_payload_under_one_pid(node_world: NodeWorld) -> None:
    running = start(node_world, PayloadModel(walltime_s=100))
    process = node_world.node.processes[running.pid]
    argv = ("flightsim-payload", "./payload", "--flightsim-job", KEY, "--x", "1")
    assert (argv, running.pid) == (process.argv, process.pgid)
    assert [] == node_world.node.processes.children(running.pid)


def test_it_lives_for_its_walltime_and_says_so(node_world: NodeWorld) -> None:
    running = start(node_world, PayloadModel(walltime_s=7200, exit_code=3))
    assert 3 == node_world.wait(running).code
    assert 7200.0 == node_world.clock.now
    first, last = node_world.events("payload.start")[0], node_world.events("payload.end")[0]
    assert {"job": KEY, "pid": running.pid} == dict(first.data)
    assert {"job": KEY, "pid": running.pid, "code": 3, "signal": 0} == dict(last.data)


def test_an_unknown_job_is_an_error(node_world: NodeWorld) -> None:
    end = node_world.run(("flightsim-payload", "./payload", "--flightsim-job=nope"))
    assert (2, "flightsim-payload: no job 'nope' on wn001.bnl.sim\n") == (end.code, end.stderr)


def test_it_uses_cpu_and_memory(node_world: NodeWorld) -> None:
    model = PayloadModel(walltime_s=1000, cpu=0.5, rss_kb=1000, rss_growth_kb_s=10.0)
    running = start(node_world, model)
    node_world.forward(100)
    process = node_world.node.processes[running.pid]
    assert (50.0, 2000) == (process.cpu_s(100.0), process.rss_kb(100.0))
    assert "Rs" == node_world.out(f"ps -p {running.pid} -o stat=").strip()


def test_each_further_core_is_a_process_of_its_group(node_world: NodeWorld) -> None:
    running = start(node_world, PayloadModel(walltime_s=1000, cores=4))
    line = f"ps axo pgid,psr | sort | grep {running.pid} | uniq | wc -l"
    assert "4\n" == node_world.out(line)
    node_world.forward(100)
    table = node_world.node.processes
    assert [95.0] * 3 == [table[pid].cpu_s(100.0) for pid in table.children(running.pid)]
    node_world.wait(running)
    assert [] == node_world.alive()


def test_outputs_appear_at_the_end_with_their_size(node_world: NodeWorld) -> None:
    model = PayloadModel(
        walltime_s=50,
        outputs=(("out.root", 500_000_000), ("empty.root", 0)),
        reports=(("jobReport.json", "{}"),),
    )
    running = start(node_world, model)
    node_world.forward(49)
    assert "payload\n" == node_world.out("ls")
    node_world.wait(running)
    real = node_world.node.files.real(WORK)
    assert (500_000_000, 50.0) == ((real / "out.root").stat().st_size, node_world.mtime("out.root"))
    assert (0, "{}") == ((real / "empty.root").stat().st_size, node_world.read("jobReport.json"))


def test_outputs_are_a_function_of_the_job(node_world: NodeWorld) -> None:
    files = node_world.node.files
    model = PayloadModel(walltime_s=1, outputs=(("a", 10_000), ("b", 10_000)), missing=("a",))
    node_world.wait(start(node_world, model))
    assert not files.real(f"{WORK}/a").exists()
    expect = node_world.node.streams.__class__(1)[f"payload/{KEY}"]
    expect.randbytes(4096)
    assert expect.randbytes(4096) == files.read(f"{WORK}/b")[:4096]


def test_what_it_touches_has_the_time_of_the_last_touch(node_world: NodeWorld) -> None:
    running = start(node_world, PayloadModel(walltime_s=1000, touch_interval_s=60))
    node_world.forward(200)
    assert 180.0 == node_world.mtime("payload.progress")
    assert "./payload.progress\n" == node_world.out("find . -mmin -1 -name 'payload.*'")
    assert 180.0 == node_world.mtime("payload.progress")
    node_world.wait(running)
    assert 960.0 == node_world.mtime("payload.progress")


def test_a_day_costs_few_events_and_times_are_exact_all_the_same(node_world: NodeWorld) -> None:
    start(node_world, PayloadModel(walltime_s=86_400, touch_interval_s=10))
    steps = 0
    while node_world.clock.peek() < 80_000:
        node_world.clock.step()
        steps += 1
    assert steps <= WAKES_LIMIT
    node_world.forward(80_003 - node_world.clock.now)
    assert "Mar  2 06:13" in node_world.out("ls -l payload.progress")
    assert "2026-03-02 06:13:20\n" == node_world.out("date -r payload.progress '+%F %T'")
    assert 80_000.0 == node_world.mtime("payload.progress")


def test_a_payload_that_touches_nothing_leaves_nothing(node_world: NodeWorld) -> None:
    node_world.wait(start(node_world, PayloadModel(walltime_s=500, touch_interval_s=0)))
    assert "payload\n" == node_world.out("ls")


def test_lines_are_written_while_it_runs(node_world: NodeWorld) -> None:
    told: list[tuple[float, str, str]] = []
    model = PayloadModel(walltime_s=90, stdout_lines=("a",), stderr_lines=("x", "y", "z"))
    running = start(
        node_world,
        model,
        on_output=lambda stream, text: told.append((node_world.clock.now, stream, text)),
    )
    node_world.wait(running)
    assert [
        (0.0, "stdout", "a\n"),
        (0.0, "stderr", "x\n"),
        (30.0, "stderr", "y\n"),
        (60.0, "stderr", "z\n"),
    ] == told


def test_sigterm_ends_it_with_all_its_processes(node_world: NodeWorld) -> None:
    running = start(node_world, PayloadModel(walltime_s=1000, cores=3, outputs=(("a", 1),)))
    node_world.forward(10)
    node_world.node.processes.signal(running.pid, 15, by="pilot-1")
    assert 15 == node_world.wait(running).signal
    assert [] == node_world.alive()
    assert [(-15, 15)] == [(e["code"], e["signal"]) for e in node_world.events("payload.end")]
    assert not node_world.node.files.real(f"{WORK}/a").exists()


def test_sigkill_leaves_its_other_processes_behind(node_world: NodeWorld) -> None:
    running = start(node_world, PayloadModel(walltime_s=1000, cores=3))
    node_world.node.processes.signal(running.pid, 9, by="pilot-1")
    assert 9 == node_world.wait(running).signal
    assert 2 == len(node_world.alive())
    assert [9] == [event["signal"] for event in node_world.events("payload.end")]


def test_a_stubborn_payload_heeds_sigkill_only(node_world: NodeWorld) -> None:
    running = start(node_world, PayloadModel(walltime_s=1000, ignores_sigterm=True))
    table = node_world.node.processes
    table.signal(running.pid, 15, by="pilot-1")
    node_world.forward(10)
    assert running.finished is None
    table.signal(running.pid, 9, by="pilot-1")
    assert 9 == node_world.wait(running).signal


def test_a_hanging_payload_uses_nothing_and_never_ends(node_world: NodeWorld) -> None:
    running = start(node_world, PayloadModel(walltime_s=1000, hang_at_s=300, cpu=1.0))
    node_world.forward(1e6)
    process = node_world.node.processes[running.pid]
    assert (None, 300.0) == (running.finished, process.cpu_s(1e6))
    node_world.node.settle()
    assert 300.0 == node_world.mtime("payload.progress")
    node_world.node.processes.signal(running.pid, 15, by="pilot-1")
    assert running.finished is not None


def test_it_can_die_of_a_signal_of_its_own_and_leave_a_core(node_world: NodeWorld) -> None:
    running = start(node_world, PayloadModel(walltime_s=10, signal=11, core_bytes=3_000_000))
    assert (-11, 11) == (node_world.wait(running).code, 11)
    core = node_world.node.files.real(f"{WORK}/core.{running.pid}")
    assert 3_000_000 == core.stat().st_size


def test_it_can_leave_orphans_of_its_group(node_world: NodeWorld) -> None:
    running = start(node_world, PayloadModel(walltime_s=10, orphans=2))
    node_world.wait(running)
    table = node_world.node.processes.entered()
    orphans = [each for each in table if each.argv[0] == "orphan"]
    assert [(1, running.pid)] * 2 == [(each.ppid, each.pgid) for each in orphans]


@pytest.mark.parametrize("pattern", [f"payload.{KEY}", "payload.*"])
def test_a_fault_may_replace_its_life(node_world: NodeWorld, pattern: str) -> None:
    def shorten(run: Run, proceed: Any) -> Generator[Any, Any, int]:
        run.model = dataclasses.replace(run.model, walltime_s=5, exit_code=65)
        code: int = yield from proceed()
        return code

    node_world.points.attach(pattern, shorten)
    end = node_world.wait(start(node_world, PayloadModel(walltime_s=1000)))
    assert (65, 5.0) == (end.code, node_world.clock.now)


def test_a_payload_of_no_time_is_over_at_once(node_world: NodeWorld) -> None:
    running = start(node_world, PayloadModel(walltime_s=0, outputs=(("a", 5),)))
    assert running.finished is not None
    assert "a\npayload\n" == node_world.out("ls")


def test_a_full_disk_at_the_end_is_the_payload_s_failure(node_world: NodeWorld) -> None:
    running = start(node_world, PayloadModel(walltime_s=10, outputs=(("a", 10**12),)))
    end = node_world.wait(running)
    assert 1 == end.code
    assert "No space left on device" in end.stderr


def test_it_may_leave_a_report_of_a_job_transform(node_world: NodeWorld) -> None:
    node_world.node.payloads[KEY] = PayloadModel(walltime_s=100, outputs=(("a.root", 5),))
    node_world.script("Reco_tf.py", "#!/flightsim/tool flightsim-payload --job-report r.json\n")
    node_world.out(f"./Reco_tf.py --flightsim-job {KEY}")
    report = json.loads(node_world.read("r.json"))
    assert (0, "OK", "Reco_tf", 100) == (
        report["exitCode"],
        report["exitMsg"],
        report["name"],
        report["resource"]["transform"]["wallTime"],
    )
    (file,) = report["files"]["output"][0]["subFiles"]
    assert ("a.root", 5, 36) == (file["name"], file["file_size"], len(file["file_guid"]))


def test_a_report_tells_of_a_failure_and_may_be_missing(node_world: NodeWorld) -> None:
    node_world.script("Reco_tf.py", "#!/flightsim/tool flightsim-payload --job-report r.json\n")
    node_world.node.payloads[KEY] = PayloadModel(exit_code=65)
    assert 65 == node_world.run(f"./Reco_tf.py --flightsim-job {KEY}").code
    report = json.loads(node_world.read("r.json"))
    assert (65, "TRF_EXEC_FAIL") == (report["exitCode"], report["exitAcronym"])
    node_world.out("rm r.json")
    node_world.node.payloads[KEY] = PayloadModel(missing=("r.json",))
    node_world.out(f"./Reco_tf.py --flightsim-job {KEY}")
    assert "r.json" not in node_world.out("ls")
