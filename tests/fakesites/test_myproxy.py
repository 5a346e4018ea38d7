"""The MyProxy server's policies, and the programs that ask it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fakesites import issuers
from fakesites.credentials import Credential
from fakesites.credentials import check
from fakesites.credentials import read_pem
from fakesites.myproxy import HOST
from fakesites.myproxy import Client
from fakesites.myproxy import MyProxy
from fakesites.myproxy import Policies
from fakesites.myproxy import Stored
from fakesites.myproxy import allows
from fakesites.myproxy import expression
from fakesites.myproxy import matches
from fakesites.recipes import Recipe
from tests.fakesites.site_world import DN
from tests.fakesites.site_world import EPOCH
from tests.fakesites.site_world import PROXY
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world

HOUR = 3600
OWNER = "/DC=sim/DC=grid/OU=People/CN=Ada Lovelace (prod)"
PILOT = "FQAN:/atlas/Role=pilot/Capability=NULL"
PRODUCTION = "FQAN:/atlas/Role=production/*"


class Yard:
    """A node, a MyProxy server, and what Ada has stored there for a week."""

    def __init__(self, root: Path) -> None:
        self.world: SiteWorld = make_world(root)
        self.server = MyProxy(wall=self.world.clock.wall, seed="1")
        self.server.open(self.world.network)

    def keep(self, **more: str) -> Credential:
        begin = int(EPOCH)
        proxy = Recipe("ada", OWNER, begin, begin + 168 * HOUR).sign()
        stored = Stored("ada", OWNER, proxy.text, trusted="*", lifetime_s=24 * HOUR)
        self.server.keep(replace(stored, **more))
        return proxy

    def say(self, *argv: str, **env: str) -> tuple[int, str, str]:
        ran = self.world.run(*argv, **{"MYPROXY_SERVER": HOST, **env})
        return ran.code, ran.stdout, ran.stderr

    def logon(self, *more: str, **env: str) -> tuple[int, str, str]:
        return self.say("myproxy-logon", "-l", "ada", "-o", "/srv/work/got", *more, **env)

    def got(self) -> Credential:
        return read_pem(self.world.node.files.real("/srv/work/got").read_text())


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path)


# -- policies


@pytest.mark.parametrize(
    ("policy", "name", "fits"),
    [
        ("*", DN, True),
        (DN, DN, True),
        (DN, f"{DN}/CN=more", False),
        ("*/CN=pilot1", DN, True),
        ("*/CN=pilot?", DN, True),
        ("*/CN=pilot", DN, False),
        (f"/CN=other|{DN}", DN, True),
        (f"/CN=other|{DN}", "/CN=third", False),
        # A name with parentheses does not mean itself.
        (OWNER, OWNER, False),
        (OWNER.replace("(", r"\(").replace(")", r"\)"), OWNER, True),
        ("*(prod", OWNER, False),
        ("/CN=a.b", "/CN=a.b", True),
        ("/CN=a.b", "/CN=aXb", False),
    ],
)
def test_a_policy_is_a_pattern_and_an_expression(policy: str, name: str, fits: bool) -> None:
    assert matches(policy, Client(name)) is fits


def test_a_policy_may_ask_for_a_role() -> None:
    pilot = Client(DN, ("/atlas/Role=pilot/Capability=NULL", "/atlas/Role=NULL/Capability=NULL"))
    assert matches(PILOT, pilot)
    assert not matches(PRODUCTION, pilot)
    assert not matches(PILOT, Client(DN))
    assert matches("fqan:/atlas/*", pilot)


def test_a_star_is_any_text_and_a_dot_itself() -> None:
    assert expression(r"*.a?\(b\)") == r"^(.*\.a.\(b\))\Z"


def test_the_servers_policy_goes_before_that_of_a_credential() -> None:
    assert allows(("*",), "", Client(DN))
    assert not allows((), DN, Client(DN))
    assert not allows(("*",), "/CN=other", Client(DN))


# -- retrieving


def test_a_trusted_retriever_gets_a_proxy_without_a_passphrase(yard: Yard) -> None:
    stored = yard.keep()
    code, said, trouble = yard.logon("-n", "-t", "5")
    expected = "A credential has been received for user ada in /srv/work/got.\n"
    assert (code, said, trouble) == (0, expected, "")
    got, now = yard.got(), yard.world.clock.wall()
    assert (got.dn, got.issuer) == (OWNER, stored.subject)
    assert got.not_after == int(now) + 5 * HOUR
    assert check(got, now=now) is None
    assert yard.world.node.files.real("/srv/work/got").stat().st_mode & 0o777 == 0o600


def test_it_lasts_no_longer_than_was_said_when_it_was_stored(yard: Yard) -> None:
    yard.keep()
    yard.logon("-n", "-t", "100")
    assert yard.got().not_after == int(yard.world.clock.wall()) + 24 * HOUR


@pytest.mark.parametrize(
    ("policy", "code"),
    [(DN, 0), ("/CN=other", 1), (PRODUCTION, 0), (PILOT, 1), (f"/CN=other|{DN}", 0), ("", 1)],
)
def test_who_may_is_told_by_dn_or_by_fqan(yard: Yard, policy: str, code: int) -> None:
    yard.keep(trusted=policy)
    assert yard.logon("-n")[0] == code


def test_expired_attributes_make_no_role(yard: Yard) -> None:
    yard.keep(trusted=PRODUCTION)
    yard.world.put_proxy(voms_lifetime_s=60)
    assert yard.logon("-n")[0] == 0
    yard.world.clock.run(until=61)
    code, _, said = yard.logon("-n")
    refusal = f"ERROR from myproxy-server ({HOST}):\nno passphrase\nauthentication failed\n"
    assert (code, said) == (1, f"Failed to receive credentials.\n{refusal}")


def test_a_passphrase_opens_it(yard: Yard) -> None:
    yard.keep(trusted="", passphrase="secret")
    work = "echo secret | myproxy-logon -S -l ada -o /srv/work/got"
    assert yard.say("sh", "-c", work)[0] == 0
    code, _, said = yard.say("sh", "-c", work.replace("secret", "wrong"))
    assert code == 1
    assert said.endswith("invalid password\n")


def test_nothing_stored_is_told(yard: Yard) -> None:
    code, _, said = yard.logon("-n")
    assert (code, said.splitlines()[-1]) == (1, 'No credentials exist for username "ada".')
    said = yard.logon("-n", "-k", "other")[2]
    named = 'No credentials exist with username "ada" and credential name "other".'
    assert said.splitlines()[-1] == named


def test_the_server_has_policies_of_its_own(yard: Yard) -> None:
    yard.keep()
    yard.server.policies = Policies(retrievers=("/CN=x",), renewers=())
    said = yard.logon("-n")[2]
    assert f'"{DN}" not authorized by server\'s authorized_retrievers policy' in said


def test_what_has_expired_gives_nothing(yard: Yard) -> None:
    yard.keep()
    yard.world.clock.run(until=168 * HOUR + 1)
    yard.world.put_proxy()
    assert "expired" in yard.logon("-n")[2]


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"MYPROXY_SERVER": ""}, "Unspecified myproxy-server. Please set the MYPROXY_SERVER"),
        ({"MYPROXY_SERVER": "no.sim"}, 'Unknown host "no.sim"\nUnable to connect to no.sim\n'),
        ({"MYPROXY_SERVER_PORT": "1"}, f":1\nUnable to connect to {HOST}\nConnection refused\n"),
    ],
)
def test_a_server_that_is_not_there_is_told(yard: Yard, env: dict[str, str], said: str) -> None:
    code, _, trouble = yard.logon("-n", **env)
    assert code == 1
    assert said in trouble


# -- storing


def test_one_stores_looks_and_removes(yard: Yard) -> None:
    owner = issuers.person(DN)
    for name, text in (("cert", owner.certificate.pem()), ("key", owner.key.pem())):
        yard.world.node.files.real(f"/srv/cred/{name}").write_text(text)
    user = {"X509_USER_CERT": "/srv/cred/cert", "X509_USER_KEY": "/srv/cred/key"}
    words = ("myproxy-init", "-l", "me", "-n", "-c", "48", "-x", "-Z", "/CN=a|/CN=b")
    code, said, _ = yard.say(*words, **user)
    assert code == 0
    exists = f"A proxy valid for 48 hours (2.0 days) for user me now exists on {HOST}.\n"
    assert said.endswith(exists)
    code, said, _ = yard.say("myproxy-info", "-l", "me")
    expected = f"owner: {DN}\nusername: me\n  trusted retrieval policy: /CN=a|/CN=b\n"
    assert (code, said[: len(expected)]) == (0, expected)
    assert said.endswith("  timeleft: 48:00:00  (2.0 days)\n")
    assert yard.say("myproxy-destroy", "-l", "me")[0] == 0
    code, _, said = yard.say("myproxy-info", "-l", "me")
    assert (code, "no credentials found for user me" in said) == (1, True)


def test_what_is_anothers_is_not_overwritten(yard: Yard) -> None:
    yard.keep()
    own = {"X509_USER_CERT": PROXY, "X509_USER_KEY": PROXY}
    code, _, said = yard.say("myproxy-init", "-l", "ada", "-n", **own)
    assert code == 1
    assert "Credentials are already stored for user ada" in said
    code, _, said = yard.say("myproxy-destroy", "-l", "ada")
    assert (code, f'Credentials not owned by "{DN}".' in said) == (1, True)


def test_a_name_alone_is_that_of_a_cn(yard: Yard) -> None:
    own = {"X509_USER_CERT": PROXY, "X509_USER_KEY": PROXY}
    assert yard.say("myproxy-init", "-l", "me", "-n", "-Z", "pilot9", **own)[0] == 0
    stored = yard.server.find("me")
    assert stored is not None
    assert stored.trusted == "*/CN=pilot9"
    assert stored.owner == DN
