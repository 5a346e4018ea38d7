"""A payload under the account of its owner."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pilotcore.credentials.glexec import error_of
from pilotcore.credentials.glexec import program
from pilotcore.credentials.glexec import wrapper_text
from pilotcore.platform import Command
from pilotcore.platform import Exit
from tests.pilotcore.grid import HOUR
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import record
from tests.pilotcore.scripted import Program
from tests.pilotcore.scripted import ScriptedChild

NAMES = ("GLEXEC_CLIENT_CERT", "GLEXEC_SOURCE_PROXY", "GLEXEC_TARGET_PROXY")
OWNERS = "-----BEGIN CERTIFICATE-----\nowner "


class Yard(Grid):
    """A grid whose queue switches accounts; what gLExec saw is kept."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        queue: Any = {**super().queue(), "glexec": "True"}  # type: ignore[dict-item]
        self.queue = lambda: queue  # type: ignore[method-assign]
        self.copies: list[dict[str, tuple[str, int]]] = []
        self.lines: list[str] = []
        self.passed: list[str] = []
        self.glexec_code = 0
        self.fetched = 0
        self.env["PANDA_AUTH_TOKEN"] = "hush"
        usual = self.program

        def found(command: Command) -> Program | None:
            is_switch = "exec glexec" in command.argv[-1]
            return self.switched if is_switch else usual(command)

        self.platform._program = found

    def switched(self, child: ScriptedChild) -> Exit:
        env = child.command.env or {}
        paths = [Path(env[name]) for name in NAMES]
        self.copies.append(
            {path.name: (path.read_text(), path.stat().st_mode & 0o777) for path in paths[:2]}
        )
        self.lines.append(child.argv[-1])
        self.target = paths[2]
        if self.glexec_code:
            return Exit(self.glexec_code, 0, "", "")
        script = Path(child.argv[-1].split()[-1]).read_text()
        self.script = script
        self.target.write_text("the payload's")
        done = self.run_payload(child)
        self.target.unlink(missing_ok=True)
        return done

    def run_glexec(self, child: ScriptedChild) -> Exit:
        env = child.command.env or {}
        if child.argv[1] == "/bin/rm":
            Path(child.argv[-1]).unlink()
            return Exit(0)
        self.passed.append(Path(env["GLEXEC_SOURCE_PROXY"]).read_text())
        Path(env["GLEXEC_TARGET_PROXY"]).write_text(self.passed[-1])
        return Exit(0)

    def run_myproxy_logon(self, child: ScriptedChild) -> Exit:
        self.fetched += 1
        path = Path(child.argv[child.argv.index("-o") + 1])
        path.write_text(f"{OWNERS}{self.fetched}\n")
        return Exit(0)


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    """Return a grid whose queue switches accounts."""
    return Yard(tmp_path)


def with_owner(yard: Yard) -> None:
    """Let the job name its owner's credential."""
    yard.env["MYPROXY_SERVER"] = "my.sim"
    yard.jobs = [record(credname="key", prodUserID="/CN=Jane (1)/CN=proxy")]


def test_there_are_copies_of_mode_600_for_client_and_source(yard: Yard) -> None:
    assert (0, "finished") == (yard.fly(), yard.final["state"])
    own = (yard.proxy.read_text(), 0o600)
    assert [{"x509up_client": own, "x509up_source": own}] == yard.copies


def test_the_third_copy_is_for_the_payload_to_have_and_the_wrapper_to_remove(yard: Yard) -> None:
    yard.fly()
    assert yard.target.name == "x509up_target"
    assert 'rm -f "$GLEXEC_TARGET_PROXY"' in yard.script


def test_nothing_of_the_copies_is_left_or_in_the_log(yard: Yard) -> None:
    yard.fly()
    assert ([], False) == (list(yard.start.rglob("x509up*")), yard.target.parent.exists())
    assert not any("x509" in name or "glexec" in name for name in yard.log_members())


def test_a_copy_that_the_wrapper_left_is_removed_as_its_account(yard: Yard) -> None:
    def leaving(child: ScriptedChild) -> Exit:
        done = yard.switched(child)
        yard.target.write_text("left")
        return done

    yard.platform._program = lambda command: (
        leaving if "exec glexec" in command.argv[-1] else yard.program(command)
    )
    yard.fly()
    (rm,) = [child for child in yard.platform.ran("glexec") if child.argv[1] == "/bin/rm"]
    assert "GLEXEC_SOURCE_PROXY" not in (rm.command.env or {})
    assert "the payload's copy of the proxy removed: yes" in yard.log


def test_the_owners_proxy_is_fetched_and_kept_fresh_while_the_payload_runs(yard: Yard) -> None:
    with_owner(yard)
    yard.payload_s = 3.5 * HOUR
    assert (0, "finished") == (yard.fly(), yard.final["state"])
    assert {"x509up_client", "x509up_source"} == set(yard.copies[0])
    assert (f"{OWNERS}1\n", 0o600) == yard.copies[0]["x509up_source"]
    assert [f"{OWNERS}{number}\n" for number in (2, 3, 4)] == yard.passed
    assert {("-l", "/CN=Jane (1)")} == {
        child.argv[4:6] for child in yard.platform.ran("myproxy-logon")
    }


def test_a_server_that_fails_meanwhile_kills_no_payload(yard: Yard) -> None:
    with_owner(yard)
    usual = yard.run_myproxy_logon
    yard.run_myproxy_logon = lambda child: (  # type: ignore[method-assign]
        Exit(1, 0, "", "no") if yard.fetched else usual(child)
    )
    assert (0, "finished") == (yard.fly(), yard.final["state"])
    assert "the payload keeps its old proxy" in yard.log


def test_without_the_owners_proxy_the_payload_does_not_run(yard: Yard) -> None:
    with_owner(yard)
    yard.run_myproxy_logon = lambda _child: Exit(1, 0, "", "no")  # type: ignore[method-assign]
    assert (0, 1226, []) == (yard.fly(), yard.final["pilotErrorCode"], yard.lines)
    assert [] == list(yard.start.rglob("*.glexec"))


def test_a_job_without_a_name_is_not_looked_up(yard: Yard) -> None:
    yard.env["MYPROXY_SERVER"] = "my.sim"
    yard.fly()
    assert ("finished", 0) == (yard.final["state"], yard.fetched)


@pytest.mark.parametrize(("code", "error"), [(201, 1226), (203, 1226), (204, 1305), (7, 1305)])
def test_its_own_codes_are_no_payloads(yard: Yard, code: int, error: int) -> None:
    yard.glexec_code = code
    yard.fly()
    assert (error, code) == (yard.final["pilotErrorCode"], yard.final["transExitCode"])
    assert (error == 1226) == bool(error_of(code))


def test_a_queue_that_does_not_ask_switches_nothing(grid: Grid) -> None:
    grid.fly()
    assert ("finished", []) == (grid.final["state"], grid.platform.ran("glexec"))


@pytest.mark.parametrize(
    ("env", "found"),
    [
        ({}, "glexec"),
        ({"OSG_GLEXEC_LOCATION": "/usr/sbin/glexec"}, "/usr/sbin/glexec"),
        ({"OSG_GLEXEC_LOCATION": "/opt/"}, "/opt/glexec"),
        ({"GLITE_LOCATION": "/opt/glite"}, "/opt/glite/sbin/glexec"),
        ({"GLEXEC_LOCATION": "/usr"}, "/usr/sbin/glexec"),
    ],
)
def test_the_program_is_where_the_site_says(env: dict[str, str], found: str) -> None:
    assert found == program(env)


def test_a_real_shell_runs_the_wrapper(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("proxy")
    env = {
        "GREETING": "it's $HOME \"now\"\nor never", "HOME": "/pilot", "LOGNAME": "pilot",
        "X509_USER_PROXY": "/pilot/x509", "GLEXEC_TARGET_PROXY": "wrong", "A-B": "no name",
        "LD_PRELOAD": "/pilot/evil.so",
    }  # fmt: skip
    line = 'echo "$GREETING|$HOME|$LOGNAME|$X509_USER_PROXY|$LD_PRELOAD|$PWD"; exit 7'
    script = tmp_path / "wrapper.sh"
    script.write_text(wrapper_text(line, directory=tmp_path, env=env))
    clean = {"HOME": "/owner", "LOGNAME": "owner", "X509_USER_PROXY": str(target)}
    done = subprocess.run(
        ["/bin/bash", str(script)],
        env={**clean, "GLEXEC_TARGET_PROXY": str(target)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = f"{env['GREETING']}|/owner|owner|{target}||{tmp_path}\n"
    assert (7, said, "", False) == (done.returncode, done.stdout, done.stderr, target.exists())
    assert shlex.quote(str(tmp_path)) in script.read_text()
