"""Credentials: files, lifetimes, and tools that say strange things."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pilotcore.credentials import Credential
from pilotcore.credentials import check_file
from pilotcore.credentials import seconds_of
from pilotcore.credentials import token_file
from pilotcore.errors import PilotError
from pilotcore.logbook import Logbook
from pilotcore.platform import Exit
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import code_of

NO_LIBRARY = Exit(127, 0, "", "arcproxy: error while loading shared libraries: libarc.so")


def check(grid: Grid, *, verify: bool = True, least_s: float = 100.0) -> int:
    """Return the error code with which the credential is refused; 0 if it is not."""
    log = Logbook(grid.platform, stream=io.StringIO())
    credential = Credential(grid.platform, log, env=grid.env, verify=verify)
    codes: list[int] = []

    def work() -> None:
        codes.append(code_of(lambda: credential.check(least_s=least_s, soon=1382)))

    grid.platform.spawn(work, name="check")
    grid.platform.clock.run(lambda: bool(codes))
    return codes[0]


def voms(grid: Grid, *, timeleft: Exit, actimeleft: Exit) -> None:
    """Let there be no arcproxy, and a voms-proxy-info that says this."""
    grid.run_arcproxy = lambda child: NO_LIBRARY  # type: ignore[method-assign]
    answers = {"-timeleft": timeleft, "-actimeleft": actimeleft}
    grid.run_voms_proxy_info = lambda child: answers[child.argv[1]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Exit(0, 0, "1\n3600\n1\n3600\n"), 0),
        (Exit(0, 0, "1\n3600\n1\n0\n"), 1177),
        (Exit(0, 0, "1\n3600\n\n\n"), 1177),
        (Exit(0, 0, "1\n3600\nN/A\nN/A\n"), 1177),
        (Exit(0, 0, "1\n0\n1\n3600\n"), 1163),
        (Exit(0, 0, "1\n3600\n1\n50\n"), 1382),
        (Exit(0, 0, "what is this"), 0),
        (Exit(1, 0, "", "ERROR: no"), 0),
        (NO_LIBRARY, 0),
    ],
)
def test_what_arcproxy_says_decides_if_it_can_be_read(grid: Grid, said: Exit, code: int) -> None:
    grid.run_arcproxy = lambda child: said  # type: ignore[method-assign]
    assert code == check(grid)


@pytest.mark.parametrize(
    ("timeleft", "actimeleft", "code"),
    [
        (Exit(0, 0, "3600\n"), Exit(0, 0, "3600\n"), 0),
        (Exit(0, 0, "3600\n"), Exit(1, 0, "0\n"), 1177),
        (Exit(0, 0, "3600\n"), Exit(1, 0, "", ""), 1177),
        (Exit(0, 0, "3600\n"), Exit(1, 0, "", "segmentation fault"), 0),
        (Exit(1, 0, "0\n"), Exit(1, 0, "0\n"), 1163),
        (Exit(0, 0, "1:00:00\n"), Exit(0, 0, "0:00:50\n"), 1382),
        (Exit(0, 0, "WARNING: old\n3600\n"), Exit(0, 0, "3600\n"), 0),
        (Exit(1, 0, "", "Couldn't find a valid proxy.\n"), Exit(1), 1163),
        (Exit(127, 0, "", "error while loading shared libraries"), Exit(127), 0),
    ],
)
def test_voms_proxy_info_is_asked_when_arcproxy_cannot_tell(
    grid: Grid, timeleft: Exit, actimeleft: Exit, code: int
) -> None:
    voms(grid, timeleft=timeleft, actimeleft=actimeleft)
    assert code == check(grid)


def test_a_node_without_tools_has_no_bad_proxy(grid: Grid) -> None:
    grid.run_arcproxy = None  # type: ignore[assignment,method-assign]
    assert 0 == check(grid)


def test_a_tool_that_hangs_says_nothing(grid: Grid) -> None:
    def hang(child: object) -> Exit:
        grid.platform.sleep(1e6)
        return Exit(0)

    grid.run_arcproxy = hang  # type: ignore[method-assign]
    assert (0, True) == (check(grid), grid.platform.clock.now < 200.0)


def test_lifetimes_are_not_looked_at_if_nobody_wants_it(grid: Grid) -> None:
    grid.lifetimes = [0, 0]
    assert (0, []) == (check(grid, verify=False), grid.platform.children)


def test_a_token_stands_in_for_the_proxy(grid: Grid, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("x")
    grid.env.update(PANDA_AUTH_TOKEN="token", PANDA_AUTH_ORIGIN="vo", PANDA_AUTH_DIR=str(tmp_path))
    grid.proxy.unlink()
    assert (0, str(tmp_path / "token")) == (check(grid), token_file(grid.env))


@pytest.mark.parametrize(
    ("mode", "text", "words"),
    [
        (0o600, "-----BEGIN CERTIFICATE-----", ""),
        (0o400, "-----BEGIN CERTIFICATE-----", ""),
        (0o644, "-----BEGIN CERTIFICATE-----", "mode 644"),
        (0o600, "", "no PEM"),
        (0o600, None, "No such file"),
    ],
)
def test_a_proxy_is_a_pem_file_of_its_owner_alone(
    tmp_path: Path, mode: int, text: str | None, words: str
) -> None:
    path = tmp_path / "x509up"
    if text is not None:
        path.write_text(text)
        path.chmod(mode)
    said = ""
    try:
        check_file(path)
    except PilotError as error:
        assert 1163 == error.failure.code
        said = str(error)
    assert (bool(words), True) == (bool(said), words in said)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3600", 3600.0), ("1:00:01", 3601.0), ("-1", -1.0), ("N/A", None), ("", None)],
)
def test_seconds_come_as_number_or_clock(text: str, seconds: float | None) -> None:
    assert seconds == seconds_of(text)
