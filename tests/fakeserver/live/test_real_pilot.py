"""Pilots in real time against the live server with TLS: it takes as long as it takes.

FLIGHTSIM_LIVE_PILOTS names others than the release from PyPI, e.g. the folder of a checkout.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fakeserver.live.credentials import lend
from harness.interpreters import look
from harness.pilots.cache import install
from harness.pilots.choice import parse_choice
from harness.pilots.pack import pack
from tests.fakeserver.live.piloting import OUTPUT
from tests.fakeserver.live.piloting import PANDA_ID
from tests.fakeserver.live.piloting import TOKEN
from tests.fakeserver.live.piloting import Flight
from tests.fakeserver.live.piloting import content
from tests.fakeserver.live.piloting import fence
from tests.fakeserver.live.piloting import fly_pilot3
from tests.fakeserver.live.piloting import fly_reference_pilot
from tests.fakeserver.live.running import Running

PILOTS = os.environ.get("FLIGHTSIM_LIVE_PILOTS", "pypi:3.7.0.36").split(",")

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.skipif(not fence(), reason="no pid namespaces to be had (unshare --pid)"),
]


@pytest.mark.network
@pytest.mark.parametrize("pilot", PILOTS)
def test_a_released_pilot_completes_a_job_in_real_time(
    secure: Running, tmp_path: Path, pilot: str
) -> None:
    flight = fly_pilot3(secure, install(parse_choice(pilot)), folder=tmp_path)
    job = secure.live.model.jobs[PANDA_ID]
    assert (0, "finished") == (flight.code, job.state.value), flight.said[-3000:]
    assert content().upper() in flight.outputs
    assert [OUTPUT, "live.job.log.tgz"] == sorted(job.registered, reverse=True)
    assert "Production Manager-127.0.0.1" == job.pilot
    assert {} == secure.serving.meter.refusals


@pytest.mark.network
@pytest.mark.parametrize("pilot", PILOTS)
def test_a_released_pilot_does_so_with_a_token_and_no_certificate(
    secure: Running, tmp_path: Path, pilot: str
) -> None:
    assert secure.folder is not None
    lend(secure.live.model, secure.folder, vo="atlas")
    installed = install(parse_choice(pilot))
    flight = fly_pilot3(secure, installed, folder=tmp_path, credential=TOKEN)
    job = secure.live.model.jobs[PANDA_ID]
    assert (0, "finished") == (flight.code, job.state.value), flight.said[-3000:]
    assert "Pilot-127.0.0.1" == job.pilot


def test_the_reference_pilot_completes_a_job_in_real_time(secure: Running, tmp_path: Path) -> None:
    check_reference_pilot(secure, fly_reference_pilot(secure, folder=tmp_path))


def test_packed_as_one_file_it_does_so_on_the_oldest_python(
    secure: Running, tmp_path: Path
) -> None:
    oldest = next(each.found for each in look() if each.found is not None)
    packed = pack(tmp_path / "pilotcore.pyz")
    # Without site-packages, and without the PYTHONPATH on which the source lies.
    command = (oldest.path, "-S", "-E", str(packed))
    flight = fly_reference_pilot(secure, folder=tmp_path, command=command)
    check_reference_pilot(secure, flight)


def check_reference_pilot(secure: Running, flight: Flight) -> None:
    job = secure.live.model.jobs[PANDA_ID]
    assert (0, "finished") == (flight.code, job.state.value), flight.said[-3000:]
    assert content().upper() in flight.outputs
    assert [OUTPUT, "live.job.log.tgz"] == sorted(job.registered, reverse=True)
