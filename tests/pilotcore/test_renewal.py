"""Proxies from the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from pilotcore.files import write_private
from pilotcore.platform import Exit
from tests.pilotcore.grid import HOUR
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import record
from tests.pilotcore.scripted import ScriptedChild

PEM = "-----BEGIN CERTIFICATE-----\nnew\n"


def renewing(grid: Grid) -> None:
    """Let the server have one new proxy, which lasts."""
    grid.proxies = [PEM]
    give = grid.getProxy

    def given(fields):  # type: ignore[no-untyped-def]
        grid.lifetimes[1] = 96 * HOUR
        return give(fields)

    grid.getProxy = given  # type: ignore[method-assign]


@pytest.mark.parametrize("dialect", ["legacy", "api"])
def test_a_new_proxy_lets_the_job_go_on(tmp_path: Path, dialect: str) -> None:
    grid = Grid(tmp_path, dialect=dialect)
    grid.lifetimes = [96 * HOUR, HOUR]
    renewing(grid)
    assert (0, PEM) == (grid.fly(), grid.proxy.read_text())
    assert 0o600 == grid.proxy.stat().st_mode & 0o777


def test_a_download_that_fails_ends_the_job_in_time(tmp_path: Path) -> None:
    grid = Grid(tmp_path)
    grid.lifetimes = [96 * HOUR, HOUR]
    assert (68, 1370) == (grid.fly(), grid.final["pilotErrorCode"])
    assert "no new one: StatusCode 90" in grid.final["pilotErrorDiag"]


def test_the_payload_of_a_user_has_the_users_proxy_and_the_next_job_has_not(
    tmp_path: Path,
) -> None:
    grid = Grid(tmp_path)
    grid.proxies = [PEM]
    grid.jobs = [record(prodSourceLabel="user"), record(PandaID=2, prodSourceLabel="managed")]
    definition = {**grid.queue(), "type": "unified", "timefloor": 600}  # type: ignore[dict-item]
    grid.queue = lambda: definition  # type: ignore[method-assign]
    seen: list[str] = []
    run = grid.run_payload

    def noting(child: ScriptedChild) -> Exit:
        assert child.command.env is not None
        seen.append(child.command.env["X509_USER_PROXY"])
        return run(child)

    grid.run_payload = noting  # type: ignore[method-assign]
    assert 0 == grid.fly()
    assert [True, False] == [each.endswith("x509up-unified") for each in seen]
    assert str(grid.proxy) == seen[1]


def test_what_is_stored_is_whole_and_private(tmp_path: Path) -> None:
    write_private(tmp_path / "x", PEM)
    write_private(tmp_path / "x", PEM + PEM)
    assert (PEM + PEM, ["x"]) == (
        (tmp_path / "x").read_text(),
        [p.name for p in tmp_path.iterdir()],
    )
    assert 0o600 == (tmp_path / "x").stat().st_mode & 0o777
