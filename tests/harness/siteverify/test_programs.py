"""The programs that are there for the checks' sake."""

from __future__ import annotations

import pytest

from fakesites.tools import TOOLS
from harness.siteverify_bridge.programs import PROGRAMS
from harness.siteverify_bridge.vantage import NodeVantage
from harness.world import World
from siteverify import Settings
from siteverify.credentials import time_left


@pytest.mark.parametrize("name", sorted({*Settings().tools_wanted} - {*TOOLS}))
def test_a_program_says_that_it_is_there(name: str, vantage: NodeVantage) -> None:
    assert f"{name} (simulated)\n" == vantage.run([name, "--version"], timeout_s=5.0).stdout


def test_python_tells_its_version(vantage: NodeVantage) -> None:
    assert "Python 3.9.21\n" == vantage.run(["python3", "--version"], timeout_s=5.0).stdout


def test_openssl_agrees_with_the_tools_that_read_attributes(vantage: NodeVantage) -> None:
    readings = time_left(vantage, "/srv/cred/x509up")
    assert [("voms-proxy-info", 345_600.0), ("arcproxy", 345_600.0), ("openssl", 345_600.0)] == [
        (reading.tool, reading.seconds) for reading in readings
    ]


@pytest.mark.parametrize("path", ["/srv/cred/lost", "/etc/hostname"])
def test_openssl_needs_a_certificate(path: str, vantage: NodeVantage) -> None:
    argv = ["openssl", "x509", "-noout", "-enddate", "-in", path]
    ran = vantage.run(argv, timeout_s=5.0)
    assert ran.code == 1
    assert f"certificate from {path}\nUnable to load certificate\n" in ran.stderr


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_a_program_does_not_know_is_journaled(
    name: str, vantage: NodeVantage, world: World
) -> None:
    assert 2 == vantage.run([name, "--xyzzy"], timeout_s=5.0).code
    refused = [event["line"] for event in world.journal.events if event.what == "shell.refused"]
    assert [f"{name} --xyzzy"] == refused
