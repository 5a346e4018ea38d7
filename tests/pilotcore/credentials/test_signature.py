"""The server's signature on a job record."""

from __future__ import annotations

import base64

import pytest

from fakeserver.signing import server_key
from fakeserver.signing import signature
from pilotcore.credentials.signature import VARIABLE
from pilotcore.credentials.signature import check_record
from pilotcore.credentials.signature import read_key
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import code_of
from tests.pilotcore.grid import record

KEY = server_key("sim").public
ENV = {VARIABLE: base64.b64encode(KEY.der()).decode()}
SIGNED = signature(str(record()["transformation"]), server_id="sim")


def test_what_the_server_signed_is_run() -> None:
    assert 0 == code_of(lambda: check_record(record(encrypt=SIGNED), ENV))


@pytest.mark.parametrize(
    "changes",
    [
        {"transformation": "http://evil.sim/trf"},
        {"transformation": None},
        {"encrypt": ""},
        {"encrypt": "NULL"},
        {"encrypt": "no base64"},
        {"encrypt": base64.b64encode(b"short").decode()},
        {"encrypt": base64.b64encode(bytes(128)).decode()},
        {"encrypt": base64.b64encode(bytes(1) + base64.b64decode(SIGNED)).decode()},
        {"encrypt": base64.b64encode(b"\xff" * 128).decode()},
        {"encrypt": signature("http://pandaserver.sim:25085/trf/user/payload", server_id="other")},
    ],
)
def test_what_it_did_not_sign_is_refused(changes: dict[str, object]) -> None:
    job = record(**{"encrypt": SIGNED, **changes})
    assert 1302 == code_of(lambda: check_record(job, ENV))


def test_without_a_key_nothing_is_checked() -> None:
    assert 0 == code_of(lambda: check_record(record(), {}))


@pytest.mark.parametrize("text", ["no base64!", "AAAA", "MIGJ", base64.b64encode(b"0").decode()])
def test_a_key_that_is_none_proves_nothing(text: str) -> None:
    job = record(encrypt=SIGNED)
    assert 1302 == code_of(lambda: check_record(job, {VARIABLE: text}))


def test_the_key_is_read_as_it_was_written() -> None:
    assert (KEY.modulus, KEY.exponent) == read_key(KEY.der())


def test_a_tampered_job_does_not_run_and_is_reported_with_its_log(grid: Grid) -> None:
    grid.env |= ENV
    grid.jobs = [record(encrypt=SIGNED, transformation="http://pandaserver.sim:25085/trf/user/x")]
    assert (0, 1302) == (grid.fly(), grid.final["pilotErrorCode"])
    assert ([], ["job.log.tgz"]) == (grid.platform.ran("/bin/bash"), list(grid.xml))


def test_a_true_one_does(grid: Grid) -> None:
    grid.env |= ENV
    grid.jobs = [record(encrypt=SIGNED)]
    assert (0, "finished") == (grid.fly(), grid.final["state"])
