"""glexec, and the service that says which account it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakesites.authorization import CONFIGURATION
from fakesites.authorization import Authorization
from simkernel import HarnessError
from tests.fakesites.site_world import DN
from tests.fakesites.site_world import PROXY
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world

TARGET = "/srv/work/user_proxy"
ENV = {"GLEXEC_CLIENT_CERT": PROXY, "GLEXEC_SOURCE_PROXY": PROXY, "GLEXEC_TARGET_PROXY": TARGET}


class Yard:
    """A node with glexec, and its site's service."""

    def __init__(self, root: Path, kind: str = "argus") -> None:
        programs = {"node": {"programs": ["glexec"]}}
        self.world: SiteWorld = make_world(root, overrides=programs)
        self.service = Authorization("bnl.sim", self.world.clock.wall, kind=kind)
        self.service.open(self.world.network)
        self.world.node.mounted.update(self.service.configuration())

    def say(self, *argv: str, **env: str) -> tuple[int, str, str]:
        ran = self.world.run("glexec", *argv, **{**ENV, **env})
        return ran.code, ran.stdout, ran.stderr


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path)


@pytest.mark.parametrize("kind", ["argus", "scas"])
def test_the_command_runs_under_another_account(kind: str, tmp_path: Path) -> None:
    yard = Yard(tmp_path, kind)
    running = yard.world.spawn("glexec", "/bin/sleep", "60", **ENV)
    yard.world.clock.run(until=10)
    users = {each.argv[0]: each.user for each in yard.world.node.processes.entered()}
    assert (users["glexec"], users["/bin/sleep"]) == (yard.world.node.spec.user, "glatlas")
    assert yard.world.wait(running).code == 0


def test_its_environment_is_clean(yard: Yard) -> None:
    code, said, trouble = yard.say("/usr/bin/env", SECRET="x", PATH="/usr/bin")
    assert (code, trouble) == (0, "")
    values = dict(line.split("=", 1) for line in said.splitlines())
    assert values["USER"] == values["LOGNAME"] == "glatlas"
    assert values["X509_USER_PROXY"] == values["GLEXEC_TARGET_PROXY"] == TARGET
    assert "SECRET" not in values


def test_the_proxy_is_copied_for_nobody_else_to_read(yard: Yard) -> None:
    assert yard.say("/bin/true")[0] == 0
    target = yard.world.node.files.real(TARGET)
    assert target.read_text() == yard.world.node.files.real(PROXY).read_text()
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("command", "code"),
    [("exit 3", 3), ("exit 200", 200), ("exit 201", 204), ("exit 204", 204)],
)
def test_the_exit_code_is_the_commands(yard: Yard, command: str, code: int) -> None:
    assert yard.say("/bin/sh", "-c", command)[0] == code


@pytest.mark.parametrize(
    ("env", "argv", "code", "said"),
    [
        ({"GLEXEC_CLIENT_CERT": ""}, ("/bin/true",), 201, "GLEXEC_CLIENT_CERT"),
        ({"GLEXEC_CLIENT_CERT": "/srv/none"}, ("/bin/true",), 201, "Error reading the proxy"),
        ({"GLEXEC_TARGET_PROXY": "/srv/none/x"}, ("/bin/true",), 201, "Cannot copy"),
        ({}, (), 201, "No executable specified"),
        ({}, ("true",), 201, "not absolute"),
        ({}, ("/srv/none",), 201, "Cannot execute /srv/none"),
    ],
)
def test_what_the_caller_did_wrong_is_201(
    yard: Yard, env: dict[str, str], argv: tuple[str, ...], code: int, said: str
) -> None:
    ended, _, trouble = yard.say(*argv, **env)
    assert ended == code
    assert said in trouble


def test_a_proxy_that_others_may_read_is_not_taken(yard: Yard) -> None:
    yard.world.node.files.real(PROXY).chmod(0o644)
    assert yard.say("/bin/true")[0] == 201


def test_a_node_that_is_not_configured_is_202(yard: Yard) -> None:
    del yard.world.node.mounted[CONFIGURATION]
    assert yard.say("/bin/true")[0] == 202


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"banned": (DN,)}, "deny"),
        ({"role": "pilot"}, "not applicable"),
        ({"answer": "indeterminate"}, "indeterminate"),
        ({"answer": "not applicable"}, "not applicable"),
    ],
)
def test_who_gets_no_account_is_203(yard: Yard, change: dict[str, str], said: str) -> None:
    for name, value in change.items():
        setattr(yard.service, name, value)
    code, _, trouble = yard.say("/bin/true")
    expected = f"[gLExec]:  LCMAPS failed to do the mapping: {said}.\n"
    assert (code, trouble) == (203, expected)


def test_a_role_that_is_there_is_enough(yard: Yard) -> None:
    yard.service.role = "production"
    assert yard.say("/bin/true")[0] == 0


def test_expired_attributes_are_denied(yard: Yard) -> None:
    yard.world.put_proxy(voms_lifetime_s=60)
    yard.world.clock.run(until=61)
    assert yard.say("/bin/true")[0] == 203


def test_a_service_that_is_away_is_203(yard: Yard) -> None:
    text = yard.world.node.mounted[CONFIGURATION]
    yard.world.node.mounted[CONFIGURATION] = text.replace("8154", "1")
    assert yard.say("/bin/true")[0] == 203


def test_a_signal_is_passed_on(yard: Yard) -> None:
    running = yard.world.spawn("glexec", "/bin/sleep", "600", **ENV)
    yard.world.clock.run(until=10)
    yard.world.node.processes.signal(running.pid, 15, by="pilot-1")
    assert yard.world.wait(running).signal == 15
    left = [each.argv[0] for each in yard.world.node.processes.entered()]
    assert "/bin/sleep" not in left


def test_an_unknown_service_is_none() -> None:
    with pytest.raises(HarnessError):
        Authorization("bnl.sim", lambda: 0.0, kind="odd")


def test_a_node_without_it_has_none(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        make_world(tmp_path).run("glexec", "/bin/true")
