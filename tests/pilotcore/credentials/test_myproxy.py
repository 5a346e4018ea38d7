"""Proxies from a MyProxy server."""

from __future__ import annotations

from pathlib import Path

import pytest

from pilotcore.credentials.myproxy import MyProxy
from pilotcore.credentials.myproxy import myproxy_of
from pilotcore.credentials.myproxy import owner_of
from pilotcore.logbook import Logbook
from pilotcore.platform import Exit
from tests.pilotcore.grid import HOUR
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import on_clock
from tests.pilotcore.scripted import ScriptedChild

PEM = "-----BEGIN CERTIFICATE-----\nfetched\n"
JANE = "/DC=sim/CN=Jane Doe (1234)"


def serve(grid: Grid, *, text: str = PEM, code: int = 0, said: str = "") -> None:
    """Let myproxy-logon leave *text* where it is told to."""

    def run(child: ScriptedChild) -> Exit:
        if text and not code:
            Path(child.argv[child.argv.index("-o") + 1]).write_text(text)
        return Exit(code, 0, "", said)

    grid.run_myproxy_logon = run  # type: ignore[attr-defined]


def asking(grid: Grid, *, mode: str = "") -> MyProxy:
    log = Logbook(grid.platform)
    return MyProxy(grid.platform, log, env=grid.env, server="my.sim", proxy=grid.proxy, mode=mode)


def fetched(grid: Grid, username: str = JANE, name: str = "key", mode: str = "") -> str:
    target = grid.home / "x509up"
    asked = asking(grid, mode=mode)
    why: str = on_clock(grid, lambda: asked.fetch(target, username=username, name=name))
    return why


def test_a_credential_is_asked_for_by_the_name_of_its_owner_and_its_own(grid: Grid) -> None:
    serve(grid)
    assert ("", PEM) == (fetched(grid), grid.proxy.read_text())
    (child,) = grid.platform.ran("myproxy-logon")
    there = f"{grid.home / 'x509up'}.new"
    assert child.argv == (
        "myproxy-logon", "-s", "my.sim", "-n", "-l", JANE, "-k", "key", "-t", "12", "-o", there,
    )  # fmt: skip
    assert str(grid.proxy) == child.command.env["X509_USER_PROXY"]  # type: ignore[index]


def test_nobody_else_may_read_it(grid: Grid) -> None:
    serve(grid)
    fetched(grid)
    assert 0o600 == grid.proxy.stat().st_mode & 0o777


def test_the_pilots_own_is_renewed_by_showing_the_old_one(grid: Grid) -> None:
    serve(grid)
    fetched(grid, username="", name="")
    (child,) = grid.platform.ran("myproxy-logon")
    assert ("-d", "-a", str(grid.proxy), "-t") == child.argv[4:8]


@pytest.mark.parametrize(("mode", "seen"), [("old", "old"), ("", None)])
def test_old_proxies_are_asked_for_where_the_queue_says_so(
    grid: Grid, mode: str, seen: str | None
) -> None:
    serve(grid)
    fetched(grid, mode=mode)
    (child,) = grid.platform.ran("myproxy-logon")
    assert seen == child.command.env.get("GT_PROXY_MODE")  # type: ignore[union-attr]


def test_a_refusal_leaves_the_old_one_and_its_words(grid: Grid) -> None:
    old = grid.proxy.read_text()
    serve(grid, code=1, said="not authorized by server's policy")
    assert "myproxy-logon 1: not authorized by server's policy" == fetched(grid)
    assert (old, []) == (grid.proxy.read_text(), list(grid.home.glob("*.new")))


@pytest.mark.parametrize("text", ["", "<html>"])
def test_a_yes_without_a_proxy_is_no_proxy(grid: Grid, text: str) -> None:
    old = grid.proxy.read_text()
    serve(grid, text=text)
    assert ("myproxy-logon said yes, but left no proxy", old) == (
        fetched(grid),
        grid.proxy.read_text(),
    )
    assert [] == list(grid.home.glob("*.new"))


def test_a_server_that_hangs_is_given_two_minutes(grid: Grid) -> None:
    def hang(child: ScriptedChild) -> Exit:
        child.sleep(1e7)
        return Exit(0)

    grid.run_myproxy_logon = hang  # type: ignore[attr-defined]
    assert fetched(grid).startswith("myproxy-logon -1")
    assert 120.0 == grid.platform.clock.now


@pytest.mark.parametrize(
    ("dn", "owner"),
    [
        ("/CN=Jane/CN=proxy", "/CN=Jane"),
        ("/CN=Jane/CN=limited proxy/CN=123456", "/CN=Jane"),
        ("/CN=robot/CN=Robot: a (b)", "/CN=robot/CN=Robot: a (b)"),
        ("/CN=Jane 2", "/CN=Jane 2"),
    ],
)
def test_what_proxies_add_to_a_name_is_not_its_owners(dn: str, owner: str) -> None:
    assert owner == owner_of(dn)


def test_without_a_server_nobody_is_asked(grid: Grid) -> None:
    log = Logbook(grid.platform)
    assert myproxy_of(grid.platform, log, env={}, catchall={}, proxy=grid.proxy) is None


def test_a_proxy_that_ends_soon_is_renewed_by_myproxy_first(grid: Grid) -> None:
    grid.env["MYPROXY_SERVER"] = "my.sim"
    grid.lifetimes = [96 * HOUR, HOUR]
    serve(grid)
    run = grid.run_myproxy_logon  # type: ignore[attr-defined]

    def renewing(child: ScriptedChild) -> Exit:
        grid.lifetimes[1] = 96 * HOUR
        done: Exit = run(child)
        return done

    grid.run_myproxy_logon = renewing  # type: ignore[attr-defined]
    assert (0, "finished", PEM) == (grid.fly(), grid.final["state"], grid.proxy.read_text())
    assert not any(each.request.url.endswith("getProxy") for each in grid.platform.asked)


def test_the_server_is_asked_where_myproxy_has_none(grid: Grid) -> None:
    grid.env["MYPROXY_SERVER"] = "my.sim"
    grid.lifetimes = [96 * HOUR, HOUR]
    serve(grid, code=1)
    assert 68 == grid.fly()
    assert any(each.request.url.endswith("getProxy") for each in grid.platform.asked)
