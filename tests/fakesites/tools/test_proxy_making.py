"""grid-proxy-init, voms-proxy-destroy and grid-proxy-destroy."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakesites import issuers
from fakesites.credentials import check
from fakesites.credentials import read_pem
from tests.fakesites.site_world import DN
from tests.fakesites.site_world import PROXY
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world

CERT, KEY, OUT = "/srv/cred/cert", "/srv/cred/key", "/srv/work/made"
USER = {"X509_USER_CERT": CERT, "X509_USER_KEY": KEY, "X509_USER_PROXY": OUT}
HOUR = 3600


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    made = make_world(tmp_path)
    person = issuers.person(DN)
    made.node.files.real(CERT).write_text(person.certificate.pem())
    made.node.files.real(KEY).write_text(person.key.pem())
    return made


def made_by(world: SiteWorld) -> str:
    return world.node.files.real(OUT).read_text()


def test_a_proxy_is_made_and_is_good(world: SiteWorld) -> None:
    ran = world.run("grid-proxy-init", **USER)
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"Your identity: {DN}\nCreating proxy ")
    assert ran.stdout.endswith("Your proxy is valid until: Sun Mar  1 20:00:00 2026\n")
    made = read_pem(made_by(world))
    now = world.clock.wall()
    assert (made.dn, made.bits, made.not_after) == (DN, 2048, now + 12 * HOUR)
    assert check(made, now=now) is None
    assert world.node.files.real(OUT).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("words", "hours", "limited"),
    [(("-hours", "5"), 5, False), (("-valid", "1:30", "-limited"), 1.5, True)],
)
def test_it_is_as_was_asked(
    world: SiteWorld, words: tuple[str, ...], hours: float, limited: bool
) -> None:
    assert world.run("grid-proxy-init", "-q", *words, **USER).stdout == ""
    made = read_pem(made_by(world))
    assert made.not_after == world.clock.wall() + hours * HOUR
    assert made.chain.is_limited is limited


def test_two_proxies_are_two(world: SiteWorld) -> None:
    world.run("grid-proxy-init", **USER)
    first = made_by(world)
    world.run("grid-proxy-init", **USER)
    assert first != made_by(world)


def test_a_proxy_of_a_proxy_lasts_no_longer(world: SiteWorld) -> None:
    given = world.put_proxy(lifetime_s=HOUR)
    world.run("grid-proxy-init", "-cert", PROXY, "-key", PROXY, **USER)
    made = read_pem(made_by(world))
    assert (made.issuer, made.dn) == (given.subject, DN)
    assert made.not_after == given.not_after
    assert made.fqans == given.fqans


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-cert", "/srv/none"), "Error: Couldn't find valid credentials to generate a proxy.\n"),
        (("-key", PROXY), "Error: Couldn't find valid credentials to generate a proxy.\n"),
        (("-out", "/srv/none/x"), "\n\nERROR: Couldn't write proxy to: /srv/none/x\n"),
        (("-nonsense",), "\nERROR: option -nonsense : unknown option\n"),
        (("-valid", "x"), "\nERROR: option -valid : need a value\n"),
    ],
)
def test_why_there_is_none_is_told(world: SiteWorld, words: tuple[str, ...], said: str) -> None:
    ran = world.run("grid-proxy-init", *words, **USER)
    assert (ran.code, ran.stderr[: len(said)]) == (1, said)


@pytest.mark.parametrize("program", ["voms-proxy-destroy", "grid-proxy-destroy"])
def test_it_is_gone_afterwards(world: SiteWorld, program: str) -> None:
    dry = "-dry" if program.startswith("voms") else "-dryrun"
    assert world.run(program, dry).stdout == f"Would remove {PROXY}\n"
    ran = world.run(program)
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
    assert not world.node.files.real(PROXY).exists()
    ran = world.run(program)
    assert ran.code == 1
    assert "Proxy file doesn't exist or has bad permissions\n" in ran.stderr


def test_files_may_be_named(world: SiteWorld) -> None:
    assert world.run("voms-proxy-destroy", "--file", "/srv/none").code == 1
    assert world.run("voms-proxy-destroy", "/srv/none").stderr == (
        "Found non option element /srv/none in command line.\n"
    )
    assert world.run("grid-proxy-destroy", CERT, "/srv/none").code == 0
    assert not world.node.files.real(CERT).exists()
    assert world.node.files.real(PROXY).exists()


@pytest.mark.parametrize("program", ["voms-proxy-destroy", "grid-proxy-destroy"])
def test_a_wrong_option_removes_nothing(world: SiteWorld, program: str) -> None:
    assert world.run(program, "-nonsense").code == 1
    assert world.node.files.real(PROXY).exists()
