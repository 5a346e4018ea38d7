"""A live server as a command: what it says, how it stops, what it finds again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

import fakeserver.serve
from fakeserver.live.serving import Serving
from fakeserver.policy import Policy
from fakeserver.serve import Options
from fakeserver.serve import run
from harness.cli import main
from simkernel import HarnessError
from simkernel import ScenarioError
from simkernel import read_journal

PATIENCE_S = 60.0
WORLD: dict[str, Any] = {"jobs": [{"panda_id": 5, "queue": "Q"}]}


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Return a file with one job."""
    path = tmp_path / "world.json"
    path.write_text(json.dumps(WORLD))
    return path


class Command:
    """``flightsim serve`` in a process of its own."""

    def __init__(self, *words: str, cwd: Path) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "harness.cli",
                "serve",
                "--port",
                "0",
                "--plain-port",
                "0",
                *words,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        )
        assert self.process.stdout is not None
        self.secure, self.plain = (self.process.stdout.readline().strip() for _ in range(2))

    def stop(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal and return the exit code and what was said on standard error."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, said


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_says_where_it_is_and_stops_when_told(
    tmp_path: Path, world: Path, number: signal.Signals, code: int
) -> None:
    command = Command(str(world), cwd=tmp_path)
    assert command.secure.startswith("https://127.0.0.1:")
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(next((tmp_path / "flightsim-serve" / "certificates").glob("*.0")))
        answer = session.get(f"{command.secure}/server/panda/isAlive", timeout=PATIENCE_S)
        assert "alive=yes" == answer.text
    ended, said = command.stop(number)
    assert code == ended, said
    assert f"credentials in flightsim-serve\npages at {command.plain}/flightsim/\n" == said


def test_what_was_kept_is_found_again_and_the_journal_is_whole(tmp_path: Path, world: Path) -> None:
    words = (str(world), "--store", "panda.sqlite3", "--journal", "events.jsonl")
    for number in (signal.SIGKILL, signal.SIGTERM):
        command = Command(*words, cwd=tmp_path)
        url = f"{command.plain}/flightsim/control"
        requests.post(f"{url}/clock", json={"advance_s": 10}, timeout=PATIENCE_S)
        clock = requests.get(f"{url}/clock", timeout=PATIENCE_S).json()
        command.stop(number)
    assert 20.0 == clock["ahead_s"]
    header, events = read_journal(tmp_path / "events.jsonl")
    assert {"journal": 1, "live": True} == header
    assert [0, 1, 2] == [event.n for event in events]


def test_a_journal_of_many_pages_is_whole(
    tmp_path: Path, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fakeserver.serve, "PAGE", 2)
    for _ in range(2):
        options = Options(
            worlds=(world,),
            port=None,
            plain_port=0,
            store=tmp_path / "s",
            journal=tmp_path / "events.jsonl",
        )
        run(options, on_ready=served([]))
    _, events = read_journal(tmp_path / "events.jsonl")
    assert [0, 1, 2] == [event.n for event in events]


def served(seen: list[Serving]) -> Any:
    """Return what to call with a running server: it is noted, and told to stop."""

    def note(serving: Serving) -> None:
        seen.append(serving)
        os.kill(os.getpid(), signal.SIGTERM)

    return note


def test_options_make_the_server(tmp_path: Path, world: Path) -> None:
    seen: list[Serving] = []
    options = Options(
        worlds=(world,), port=None, plain_port=0, anonymous=True, store=tmp_path / "s"
    )
    assert 0 == run(options, on_ready=served(seen))
    (serving,) = seen
    assert serving.secure is None
    assert (True, tmp_path / "s") == (
        serving.live.model.policy.anonymous,
        serving.live.store.path,
    )
    assert [5] == list(serving.live.model.jobs)


def test_who_shows_nothing_is_nobody_unless_told_otherwise() -> None:
    seen: list[Serving] = []
    run(Options(port=None, plain_port=0), on_ready=served(seen))
    assert not seen[0].live.model.policy.anonymous


def test_the_policy_is_what_one_wants(tmp_path: Path) -> None:
    seen: list[Serving] = []
    options = Options(port=None, plain_port=0, policy=("signed_records=yes", "cross_vo=no"))
    run(options, on_ready=served(seen))
    policy = seen[0].live.model.policy
    assert (True, False) == (policy.signed_records, policy.cross_vo)


def test_tokens_are_of_the_folder_or_of_nobody(tmp_path: Path) -> None:
    seen: list[Serving] = []
    folder = tmp_path / "folder"
    run(Options(port=0, plain_port=None, folder=folder), on_ready=served(seen))
    run(Options(port=None, plain_port=0), on_ready=served(seen))
    seeds = [serving.live.model.policy.token_seed for serving in seen]
    assert (folder / "seed").read_text() == seeds[0]
    assert Policy().token_seed not in seeds


def test_the_server_hands_out_what_is_in_its_folder(tmp_path: Path) -> None:
    seen: list[Serving] = []
    run(Options(port=0, plain_port=None, folder=tmp_path), on_ready=served(seen))
    vault = seen[0].live.model.vault
    assert (tmp_path / "production.pem").read_text() == vault.proxy("Anybody", "production")
    assert (tmp_path / "pilot.token_key").read_text() == vault.token_keys["pilot_server"]


def test_what_handled_signals_before_does_so_again() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    run(Options(port=None, plain_port=0), on_ready=served([]))
    assert before == [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]


def test_a_server_that_cannot_go_on_says_why_and_ends_with_4(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(serving: Serving) -> None:
        def commit(*_: Any) -> None:
            raise HarnessError("disk full")

        monkeypatch.setattr(serving.live.store, "commit", commit)

    assert 4 == run(Options(port=None, plain_port=0), on_ready=full)
    assert "disk full" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (Options(host="192.0.2.1"), "not a loopback address"),
        (Options(port=None, plain_port=None), "no port is left"),
        (Options(port=None, plain_port=0, policy=("lost=1",)), "there is no policy 'lost'"),
        (Options(port=None, plain_port=0, store=Path("missing/s")), "missing/s: cannot be written"),
        (Options(port=None, plain_port=0, journal=Path("missing/j")), "missing/j: cannot be"),
        (Options(port=None, plain_port=0, worlds=(Path("missing"),)), "missing: cannot be read"),
    ],
)
def test_what_cannot_be_had_is_said(options: Options, why: str) -> None:
    with pytest.raises(ScenarioError, match=why):
        run(options)


def test_a_store_that_is_in_use_is_a_matter_of_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--port", "-", "--plain-port", "0", "--store", str(tmp_path / "s")]

    def second(_: Serving) -> None:
        assert 3 == main(["serve", *words])
        os.kill(os.getpid(), signal.SIGTERM)

    run(Options(port=None, plain_port=0, store=tmp_path / "s"), on_ready=second)
    assert "another server has this store" in capsys.readouterr().err


def test_other_authorities_and_certificates_are_taken(tmp_path: Path) -> None:
    seen: list[Serving] = []
    first = Options(port=0, plain_port=None, folder=tmp_path / "first")
    run(first, on_ready=served(seen))
    second = Options(
        port=0,
        plain_port=None,
        folder=tmp_path / "second",
        authorities=tmp_path / "first" / "certificates",
        voms=tmp_path / "first" / "vomsdir",
        certificate=tmp_path / "first" / "host.pem",
    )
    run(second, on_ready=served(seen))
    trusts = [serving.secure.trust for serving in seen if serving.secure is not None]
    assert trusts[0] == trusts[1]
