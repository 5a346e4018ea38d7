"""A whole grid: it adds up, and the same spec gives the same digest."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakesites.grid import Grid
from fakesites.grid import GridSite
from fakesites.grid import GridSpec
from fakesites.grid import check
from fakesites.grid import default_grid
from fakesites.grid.spec import Incident
from fakesites.grid.spec import Rates
from fakesites.grid.systems import SYSTEMS
from fakesites.grid.workload import WorkloadSpec
from tests.fakesites.grid.small_grid import Small
from tests.fakesites.grid.small_grid import jobs
from tests.fakesites.grid.small_grid import site


def test_four_slots_run_eight_jobs_in_two_rounds() -> None:
    small = Small(work=jobs(8, output_bytes=0))
    assert (small.at()["finished"], len(small.rows)) == (8, 8)
    ends = [row["endtime"] for row in small.rows]
    # The factory's first turn lies within a minute, the scheduler's and the next turn also.
    assert 2000 <= small.outcome.duration_s <= 2300
    assert ends == sorted(ends)


def test_a_faster_core_takes_less_time() -> None:
    small = Small(site(power=2.0), work=jobs(4))
    assert {row["cpuconsumptiontime"] for row in small.rows} == {"500"}


def test_a_job_without_a_host_wide_enough_fails_instead_of_waiting_for_ever() -> None:
    small = Small(work=[*jobs(1), *jobs(1, cores=2)])
    assert (small.outcome.grid["unplaced"], small.at()["finished"]) == (1, 1)


def test_wide_jobs_share_hosts_with_narrow_ones() -> None:
    wide = jobs(3, cores=8)
    narrow = jobs(20, cores=1)
    small = Small(site(hosts=2, cores=8), work=[*wide, *narrow])
    assert small.at()["finished"] == 23
    assert small.at()["slot_use"] <= 1.0


def test_data_draw_jobs_to_where_they_lie() -> None:
    work = jobs(4, input_bytes=10**9, source="B")
    small = Small(site("A"), site("B", hosts=10), work=work)
    assert (small.at("B")["finished"], small.outcome.grid["wan"]) == (4, 0)


def test_too_many_of_them_are_read_from_afar() -> None:
    work = jobs(40, input_bytes=10**9, source="B")
    small = Small(site("A"), site("B"), work=work)
    assert small.at("A")["finished"] > 10
    assert small.outcome.grid["wan"] == small.at("A")["finished"] * 10**9
    assert small.at("B")["read"] == 40 * 10**9


def test_a_link_of_its_own_is_what_two_sites_share() -> None:
    work = jobs(2, input_bytes=10**9, source="B", payload_s=0.0)
    sites = site("A"), site("B", hosts=1, idle_most=0)
    slow = Small(*sites, work=work, links={"A:B": 1e6}, policy="load", hours=2)
    took = [float(row["pilottiming"].split("|")[1]) for row in slow.rows]
    assert (len(took), min(took) >= 1000) == (1, True)


def test_a_slow_storage_for_two_hours_is_two_hours_of_slow_copies() -> None:
    work = jobs(40, every_s=600, input_bytes=10**9)
    incident = Incident("A", "storage", at_s=7200, lasting_s=7200, factor=1e-3)
    small = Small(site(hosts=40), work=work, incidents=(incident,))
    slow = [row for row in small.rows if float(row["pilottiming"].split("|")[1]) > 100]
    assert len(slow) == pytest.approx(12, abs=2)
    assert small.at()["finished"] == 40


def test_a_closed_queue_starts_nothing_until_it_opens() -> None:
    incident = Incident("A", "slots", at_s=0, lasting_s=7200)
    small = Small(work=jobs(4), incidents=(incident,))
    assert min(row["starttime"] for row in small.rows) >= "2026-03-01 10:00:00"


def test_the_grid_of_the_catalogue_has_5000_slots_on_ten_sites() -> None:
    spec = default_grid()
    assert (spec.slots, len(spec.sites)) == (5000, 10)
    assert {each.system for each in spec.sites} == set(SYSTEMS)
    assert {each.factory for each in spec.sites} == {"cron", "pull", "push"}


rates = st.builds(
    Rates,
    stage_in=st.sampled_from([0.0, 0.3]),
    payload=st.sampled_from([0.0, 0.3]),
    stage_out=st.sampled_from([0.0, 0.3]),
    hold=st.sampled_from([0.0, 0.5]),
    silent=st.sampled_from([0.0, 0.5]),
    output_lost=st.sampled_from([0.0, 0.5]),
    twice=st.sampled_from([0.0, 0.4]),
    preempt=st.sampled_from([0.0, 20.0]),
    host_down=st.sampled_from([0.0, 5.0]),
)
sites = st.builds(
    site,
    system=st.sampled_from(sorted(SYSTEMS)),
    factory=st.sampled_from(["cron", "pull", "push"]),
    hosts=st.integers(1, 6),
    cores=st.integers(1, 4),
    idle_most=st.integers(1, 20),
    collapse=st.integers(1, 50),
    startup_s=st.sampled_from([0.0, 1000.0]),
    movers=st.integers(0, 3),
    storage=st.sampled_from([1e6, 1e8]),
    uplink=st.sampled_from([1e6, 1e9]),
    walltime_s=st.sampled_from([1800.0, 86400.0]),
    timefloor_s=st.sampled_from([0.0, 3600.0]),
    hold_s=st.just(1800.0),
)
workloads = st.builds(
    WorkloadSpec,
    jobs=st.integers(1, 120),
    payload_s=st.sampled_from([60.0, 2000.0]),
    input=st.sampled_from([10**6, 10**9]),
    wide=st.sampled_from([0.0, 0.3]),
    wide_cores=st.just(2),
)


@settings(max_examples=40, deadline=None)
@given(
    drawn=st.lists(st.tuples(sites, rates), min_size=1, max_size=3),
    workload=workloads,
    hours=st.sampled_from([3.0, 30.0]),
    seed=st.integers(0, 9),
)
def test_whatever_goes_wrong_jobs_pilots_and_bytes_add_up(
    drawn: list[Any], workload: WorkloadSpec, hours: float, seed: int
) -> None:
    named = tuple(
        replace(each, name=f"S{number}", rates=bad) for number, (each, bad) in enumerate(drawn)
    )
    spec = GridSpec(named, workload=workload, duration_s=hours * 3600, seed=seed)
    grid = Grid(spec)
    wrong: list[str] = []
    first = grid.run(progress=lambda at: wrong.extend(check(at)))
    assert wrong == []
    assert Grid(spec).run().digest == first.digest


@settings(max_examples=30, deadline=None)
@given(
    drawn=st.lists(st.tuples(sites, rates), min_size=1, max_size=3),
    workload=workloads,
    seed=st.integers(0, 9),
)
def test_whatever_goes_wrong_every_job_comes_to_an_end(
    drawn: list[Any], workload: WorkloadSpec, seed: int
) -> None:
    named = tuple(
        replace(each, name=f"S{number}", rates=bad) for number, (each, bad) in enumerate(drawn)
    )
    # The last resort is a site that does nothing wrong: some walltimes and hosts are too short.
    spec = GridSpec(
        (*named, site("Z")), workload=replace(workload, over_s=36000.0), duration_s=0.0, seed=seed
    )
    grid = Grid(spec)
    figures = grid.run(progress=lambda at: None).grid
    assert figures["finished"] + figures["failed"] + figures["unplaced"] == workload.jobs
    assert check(grid) == []


PROGRAM = """
from dataclasses import replace
from fakesites.grid import Grid, default_grid
from fakesites.grid.workload import WorkloadSpec
spec = replace(default_grid(), workload=WorkloadSpec(jobs=2000), duration_s=21600.0)
print(Grid(spec).run().digest)
"""


def test_the_digest_does_not_depend_on_the_hash_seed() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert (len(runs[0]), runs[0]) == (65, runs[1])


def test_another_seed_is_another_day() -> None:
    def digest(seed: int) -> str:
        spec = GridSpec((GridSite("A"),), workload=WorkloadSpec(jobs=50), seed=seed)
        return Grid(spec).run().digest

    assert digest(1) == digest(1) != digest(2)
