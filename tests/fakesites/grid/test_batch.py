"""The five batch systems and the pilot factories: what each does that others do not."""

from __future__ import annotations

import pytest

from fakesites.grid.hosts import Hosts
from fakesites.grid.spec import Tag
from fakesites.grid.systems import SYSTEMS
from tests.fakesites.grid.small_grid import Small
from tests.fakesites.grid.small_grid import jobs
from tests.fakesites.grid.small_grid import site

SHORT = {"walltime_s": 500.0}


@pytest.mark.parametrize(
    ("system", "word", "code"),
    [
        ("htcondor-ce", "X", "1201"),
        ("slurm", "TIMEOUT", "1201"),
        ("sge", "137", "1207"),
    ],
)
def test_a_pilot_that_is_warned_at_its_wall_time_reports(system: str, word: str, code: str) -> None:
    small = Small(site(system=system, **SHORT), work=jobs(1), hours=6)
    assert (small.at()["words"][word], small.at()["codes"]) == (3, {code: 3})
    assert (small.at()["walltime"], small.at()["failed"], small.at()["lost"]) == (3, 1, 0)


@pytest.mark.parametrize("system", ["lsf", "pbs"])
def test_one_that_cannot_is_lost(system: str) -> None:
    small = Small(site(system=system, **SHORT), work=jobs(1), hours=2.4)
    assert (small.at()["walltime"] > 0, small.at()["lost"], small.at()["codes"]) == (True, 1, {})
    assert small.rows[0]["jobdispatchererrorcode"] == "100"
    took = float(small.rows[0]["job_walltime"])
    assert took == pytest.approx(7200 + 500, abs=60)


def preempted(system: str, count: int = 20, **options: object) -> Small:
    return Small(site(system=system, hosts=1, preempt=30.0, **options), work=jobs(count), hours=24)


def test_condor_puts_a_preempted_pilot_back_and_slurm_does_not() -> None:
    condor, slurm = preempted("htcondor-ce"), preempted("slurm")
    assert condor.at()["requeued"] == condor.at()["preempted"] > 0
    assert (slurm.at()["requeued"], slurm.at()["words"]["PREEMPTED"]) == (
        0,
        slurm.at()["preempted"],
    )
    # Notice is what makes the difference to the jobs.
    assert (condor.at()["lost"], slurm.at()["lost"] > 0) == (0, True)
    assert "1201" in condor.at()["codes"]


def test_a_suspended_job_takes_longer_and_finishes() -> None:
    small = preempted("sge", suspend_s=1000.0)
    assert (small.at()["preempted"] > 0, small.at()["finished"], small.at()["lost"]) == (
        True,
        20,
        0,
    )
    assert max(float(row["job_walltime"]) for row in small.rows) > 1500
    assert {row["cpuconsumptiontime"] for row in small.rows} == {"1000"}


def test_one_that_was_suspended_for_too_long_has_been_given_up() -> None:
    small = preempted("lsf", suspend_s=20_000.0)
    assert small.at()["lost"] > 0


def test_a_pushed_pilot_that_is_started_again_has_the_same_job() -> None:
    # PBS kills without notice and requeues: the server still thinks that the job runs.
    small = preempted("pbs", 4, factory="push")
    again = small.at()["requeued"]
    assert (again > 0, small.at()["lost"]) == (True, 0)
    assert len({row["pandaid"] for row in small.rows}) == len(small.rows)


def test_a_wide_pilot_blocks_pbs_and_not_condor() -> None:
    work = [*jobs(2), *jobs(1, cores=2, every_s=1.0), *jobs(10, payload_s=10.0)]
    for number, job in enumerate(work):
        job.number, job.created = number, float(number)
    options = {"hosts": 1, "cores": 3, "factory": "push", "interval_s": 30.0}
    firsts = {}
    for system in ("pbs", "slurm"):
        small = Small(site(system=system, **options), work=[*work])
        firsts[system] = [row["pandaid"] for row in small.rows][:3]
        for job in work:
            job.state, job.attempt, job.mark = "activated", 1, 0
    assert set(firsts["slurm"]) > {"3"}


def test_idle_pilots_are_held_back_and_counted() -> None:
    tags = (Tag("prod", each=50),)
    small = Small(site(factory="cron", idle_most=20, tags=tags, hosts=1), work=jobs(5), hours=2)
    assert small.at()["idle_most"] == 20
    assert small.at()["held_back"] + small.at()["pilots"] == 50 * 120
    assert small.at()["empty"] > small.at()["finished"]


def test_a_queue_with_thousands_of_idle_pilots_collapses() -> None:
    def wait(idle_most: int) -> float:
        tags = (Tag("prod", each=2000),)
        crowded = site(
            factory="cron", idle_most=idle_most, collapse=100, tags=tags, asks=1, hosts=40
        )
        value: float = Small(crowded, work=jobs(100, every_s=60), hours=12).at()["job_wait_p95_s"]
        return value

    assert wait(5000) > 3 * wait(50)


def test_pilots_of_a_higher_priority_go_first() -> None:
    tags = (Tag("test", each=5), Tag("prod", each=5, priority=10))
    small = Small(site(factory="cron", tags=tags, hosts=2, idle_most=10), work=jobs(4), hours=2)
    queue = small.grid.places["A"].batch.waiting()
    assert [pilot.tag for pilot in queue] == sorted(pilot.tag for pilot in queue)


def test_output_may_not_come_back_and_a_pilot_may_start_twice() -> None:
    small = Small(site(output_lost=0.5, twice=0.3), work=jobs(60))
    assert small.at()["output_lost"] > 10
    assert small.at()["started"] > small.at()["pilots"] - small.at()["idle"]
    assert small.at()["finished"] == 60


def test_held_pilots_are_released_or_removed() -> None:
    small = Small(site(hold=1.0, removed=0.5, hold_s=600.0), work=jobs(8), hours=24)
    assert (small.at()["removed"] > 0, small.at()["finished"]) == (True, 8)


def test_a_host_that_goes_down_takes_its_pilots_with_it() -> None:
    small = Small(site(hosts=2, cores=4, host_down=20.0), work=jobs(60, every_s=300), hours=24)
    assert small.at()["node_down"] > 0
    assert small.at()["finished"] + small.at()["failed"] <= 60


def test_each_system_has_words_for_the_same_things() -> None:
    assert {frozenset(system.words) for system in SYSTEMS.values()} == {
        frozenset(SYSTEMS["slurm"].words)
    }


def test_hosts_give_what_they_have_and_no_more() -> None:
    hosts = Hosts(2, cores=4)
    taken = [hosts.take(3), hosts.take(3), hosts.take(3), hosts.take(1), hosts.take(1)]
    assert (sorted(taken[:2]), taken[2], sorted(taken[3:])) == ([0, 1], -1, [0, 1])
    assert (hosts.free, hosts.take(1)) == (0, -1)
    hosts.take_down(0)
    hosts.give(0, cores=3)
    assert hosts.take(3) == -1
    hosts.bring_back(0)
    assert hosts.take(3) == 0
