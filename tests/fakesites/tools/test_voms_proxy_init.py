"""voms-proxy-init, and the VOMS server that it asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakesites import issuers
from fakesites.credentials import Credential
from fakesites.credentials import check
from fakesites.credentials import read_pem
from fakesites.recipes import fqans_of
from fakesites.vomsd import Membership
from fakesites.vomsd import VomsService
from tests.fakesites.site_world import DN
from tests.fakesites.site_world import PROXY
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world

CERT, KEY, OUT = "/srv/cred/cert", "/srv/cred/key", "/srv/work/made"
USER = {"X509_USER_CERT": CERT, "X509_USER_KEY": KEY, "X509_USER_PROXY": OUT}
HOUR = 3600


class Yard:
    """A node with a user's certificate, and the VOMS server of atlas."""

    def __init__(self, root: Path) -> None:
        self.world: SiteWorld = make_world(root)
        self.server = VomsService("atlas", wall=self.world.clock.wall)
        self.server.open(self.world.network)
        person = issuers.person(DN)
        self.world.node.files.real(CERT).write_text(person.certificate.pem())
        self.world.node.files.real(KEY).write_text(person.key.pem())

    def say(self, *words: str, **env: str) -> tuple[int, str, str]:
        ran = self.world.run("voms-proxy-init", *words, **{**USER, **env})
        return ran.code, ran.stdout, ran.stderr

    def made(self, path: str = OUT) -> Credential:
        return read_pem(self.world.node.files.real(path).read_text())


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path)


def test_a_proxy_without_attributes_needs_no_server(yard: Yard) -> None:
    code, said, trouble = yard.say()
    assert (code, trouble) == (0, "")
    assert said.startswith(f"Your identity: {DN}\nCreating proxy ")
    assert said.endswith(" Done\n\nYour proxy is valid until Sun Mar  1 20:00:00 2026\n")
    assert (yard.made().dn, yard.made().vo) == (DN, "")


@pytest.mark.parametrize(
    ("voms", "roles"),
    [("atlas", ()), ("atlas:/atlas/Role=production", ("production",)), ("atlas:/atlas", ())],
)
def test_attributes_are_those_asked_for(yard: Yard, voms: str, roles: tuple[str, ...]) -> None:
    code, said, _ = yard.say("-voms", voms, "-valid", "10:00")
    server = issuers.host_dn("voms.atlas.sim")
    assert code == 0
    assert f'Contacting  voms.atlas.sim:15001 [{server}] "atlas" Done\n' in said
    made, now = yard.made(), yard.world.clock.wall()
    assert made.fqans == fqans_of("atlas", *roles)
    assert check(made, now=now) is None
    assert (made.not_after, made.voms_not_after) == (int(now) + 10 * HOUR, int(now) + 10 * HOUR)


def test_attributes_last_a_day_at_most(yard: Yard) -> None:
    code, _, trouble = yard.say("-voms", "atlas", "-valid", "96:00")
    assert code == 0
    assert "is shortened to 86400 seconds!" in trouble
    made, now = yard.made(), int(yard.world.clock.wall())
    assert (made.not_after, made.voms_not_after) == (now + 96 * HOUR, now + 24 * HOUR)


def test_attributes_are_renewed_with_the_proxy_itself(yard: Yard) -> None:
    yard.world.put_proxy(lifetime_s=96 * HOUR, voms_lifetime_s=60)
    yard.world.clock.run(until=120)
    words = ("-noregen", "-voms", "atlas:/atlas/Role=pilot", "-valid", "20:00", "-q")
    assert yard.say(*words, X509_USER_PROXY=PROXY) == (0, "", "")
    made = yard.made(PROXY)
    assert made.fqans == fqans_of("atlas", "pilot")
    assert check(made, now=yard.world.clock.wall()) is None
    assert len(made.chain.certificates) == 3


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("-voms", "cms"), "VOMS Server for cms not known!\n", 1),
        (("-voms", "atlas:/atlas/Role=king"), "Unable to satisfy /atlas/Role=king Request!", 1),
        (("-voms", "atlas:/cms"), "Unable to satisfy /cms Request!", 1),
        (("-cert", "/srv/none"), "Coudln't find valid credentials to generate a proxy.\n", 3),
        (("-nonsense",), "voms-proxy-init: unrecognized option '-nonsense'\n", 1),
        (("-voms",), "voms-proxy-init: option '-voms' requires an argument\n", 1),
        (("-valid", "x"), "voms-proxy-init: option '-valid' requires an argument\n", 1),
        (("-out", "/srv/none/x"), "cannot write to /srv/none/x\n", 1),
        (("odd",), "Found non option element odd in command line.\n", 1),
    ],
)
def test_why_there_is_none_is_told(
    yard: Yard, words: tuple[str, ...], said: str, code: int
) -> None:
    ended, _, trouble = yard.say(*words)
    assert ended == code
    assert said in trouble
    assert not yard.world.node.files.real(OUT).exists()


def test_without_a_proxy_none_can_be_renewed(yard: Yard) -> None:
    code, _, trouble = yard.say("-noregen", "-voms", "atlas")
    assert (code, trouble) == (1, f"Unable to find user certificate or key: {OUT}\n")


def test_who_is_no_member_gets_nothing(yard: Yard) -> None:
    yard.server.membership = Membership({"/CN=other": ()}, default=None)
    code, said, trouble = yard.say("-voms", "atlas")
    assert code == 1
    assert said.endswith("Failed\n")
    assert "atlas: User unknown to this VO." in trouble
    assert "None of the contacted servers for atlas were capable" in trouble


def test_a_server_that_does_not_trust_one_grants_nothing(yard: Yard) -> None:
    yard.world.put_proxy(lifetime_s=60)
    yard.world.clock.run(until=61)
    code, _, trouble = yard.say("-noregen", "-voms", "atlas", X509_USER_PROXY=PROXY)
    assert code == 1
    assert "Could not establish authenticated connection with the server." in trouble
