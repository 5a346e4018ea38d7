"""The real machine answers, and what hangs is given up."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from http.server import HTTPServer
from pathlib import Path

import pytest

from siteverify._forked import ask_in_child
from siteverify.local import LocalMachine
from siteverify.vantage import FaultError
from siteverify.vantage import ForbiddenError
from siteverify.vantage import HangError
from siteverify.vantage import MissingError
from siteverify.vantage import UnreachableError
from siteverify.vantage import UnresolvedError
from siteverify.vantage import Vantage

HERE: Vantage = LocalMachine()
SOON_S = 0.2
ENOUGH_S = 20.0
PAUSE = threading.Event()  # never set: waiting for it is a short sleep


def is_gone(pid: int) -> bool:
    """Tell whether *pid* ends up gone, or a zombie that waits for init."""
    return any(not is_running(pid) or PAUSE.wait(0.01) for _ in range(1000))


def is_running(pid: int) -> bool:
    with suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_command_says_how_it_ended() -> None:
    ran = HERE.run(["sh", "-c", "echo out; echo err >&2; exit 3"], timeout_s=ENOUGH_S)
    assert (3, "out\n", "err\n", False) == (ran.code, ran.stdout, ran.stderr, ran.timed_out)


def test_a_command_speaks_the_c_locale_whatever_the_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert "C\n" == HERE.run(["sh", "-c", "echo $LC_ALL"], timeout_s=ENOUGH_S).stdout


def test_a_command_that_hangs_is_killed_with_all_its_children() -> None:
    ran = HERE.run(["sh", "-c", "trap '' TERM; sleep 600 & echo $!; sleep 600"], timeout_s=SOON_S)
    assert (True, -9) == (ran.timed_out, ran.code)
    assert is_gone(int(ran.stdout))


def test_a_child_that_keeps_the_pipes_open_is_not_waited_for() -> None:
    ran = HERE.run(["sh", "-c", "sleep 600 & echo $!"], timeout_s=ENOUGH_S)
    assert (0, False) == (ran.code, ran.timed_out)
    assert is_gone(int(ran.stdout))


def test_a_command_that_closes_its_output_is_still_waited_for() -> None:
    closing = ["sh", "-c", "exec >&- 2>&-; sleep 0.1; exit 5"]
    assert 5 == HERE.run(closing, timeout_s=ENOUGH_S).code
    hanging = ["sh", "-c", "exec >&- 2>&-; sleep 600"]
    assert HERE.run(hanging, timeout_s=SOON_S).timed_out


def test_a_flood_of_output_is_cut() -> None:
    ran = HERE.run(["head", "-c", "3000000", "/dev/zero"], timeout_s=ENOUGH_S)
    assert (0, 65536) == (ran.code, len(ran.stdout))


def test_output_that_is_no_text_is_shown_all_the_same() -> None:
    assert "\ufffd" == HERE.run(["printf", r"\377"], timeout_s=ENOUGH_S).stdout


def test_a_program_that_cannot_be_run_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(MissingError, match="no program no-such-program"):
        HERE.run(["no-such-program"], timeout_s=ENOUGH_S)
    with pytest.raises(ForbiddenError):
        HERE.run([str(file)], timeout_s=ENOUGH_S)
    file.chmod(0o700)
    with pytest.raises(FaultError, match="ENOEXEC"):
        HERE.run([str(file)], timeout_s=ENOUGH_S)


def test_files_are_described(tmp_path: Path) -> None:
    file = tmp_path / "proxy"
    file.write_text("secret")
    file.chmod(0o640)
    stat = HERE.stat(str(file))
    assert ("file", 0o640, os.getuid(), 6) == (stat.kind, stat.mode, stat.uid, stat.size)
    assert "dir" == HERE.stat(str(tmp_path)).kind
    assert "other" == HERE.stat("/dev/null").kind
    assert ("proxy",) == HERE.list_dir(str(tmp_path))
    assert "secret" == HERE.read_text(str(file))


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="nothing does not exist"):
        HERE.stat(str(tmp_path / "nothing"))
    with pytest.raises(FaultError, match="EISDIR"):
        HERE.read_text(str(tmp_path))


def test_a_file_that_hangs_is_given_up(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(HangError, match=r"no answer in 0\.2 s"):
        HERE.read_text(str(pipe), timeout_s=SOON_S)


def test_space_is_measured(tmp_path: Path) -> None:
    space = HERE.space(str(tmp_path))
    assert 0 < space.free_bytes <= space.total_bytes


@pytest.mark.parametrize("size_bytes", [1, 2**20, 2**20 + 1])
def test_a_write_probe_leaves_nothing(tmp_path: Path, size_bytes: int) -> None:
    assert HERE.write_probe(str(tmp_path), size_bytes=size_bytes)
    assert [] == list(tmp_path.iterdir())


def test_a_write_probe_says_why_it_could_not() -> None:
    with pytest.raises(MissingError):
        HERE.write_probe("/nowhere", size_bytes=1)
    with pytest.raises((FaultError, ForbiddenError, MissingError)):
        HERE.write_probe("/proc", size_bytes=1)


def test_a_script_can_be_run_where_that_is_allowed(tmp_path: Path) -> None:
    assert HERE.exec_probe(str(tmp_path))
    assert [] == list(tmp_path.iterdir())


def test_a_child_that_dies_of_the_question_is_a_fault() -> None:
    with pytest.raises(FaultError, match="ENOANSWER"):
        ask_in_child(lambda: os._exit(9), what="x", timeout_s=ENOUGH_S)


def test_a_mistake_in_a_question_is_told() -> None:
    with pytest.raises(FaultError, match="by zero: ZeroDivisionError"):
        ask_in_child(lambda: 1 // 0, what="x", timeout_s=ENOUGH_S)


def test_a_big_answer_arrives_whole() -> None:
    assert "x" * 10**6 == ask_in_child(lambda: "x" * 10**6, what="x", timeout_s=ENOUGH_S)


def test_the_child_holds_none_of_our_streams() -> None:
    names = ask_in_child(
        lambda: [os.readlink(f"/proc/self/fd/{n}") for n in (0, 1, 2)],
        what="x",
        timeout_s=ENOUGH_S,
    )
    assert ["/dev/null"] * 3 == names


class Pages(BaseHTTPRequestHandler):
    """A server with one good page, one that has moved away, and one that breaks off."""

    def do_GET(self) -> None:
        if self.path == "/broken":
            self.wfile.write(b"nonsense\r\n\r\n")
            return
        body = b"alive=yes" if self.path == "/alive" else b"no such page"
        self.send_response(200 if self.path == "/alive" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Be quiet."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    httpd = HTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_a_page_comes_with_status_body_and_date(server: str) -> None:
    answer = HERE.fetch(f"{server}/alive")
    assert (200, "alive=yes") == (answer.status, answer.body)
    assert answer.headers["date"].endswith("GMT")


def test_an_error_page_is_an_answer(server: str) -> None:
    answer = HERE.fetch(f"{server}/missing")
    assert (404, "no such page") == (answer.status, answer.body)


def test_a_server_that_talks_nonsense_is_broken(server: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        HERE.fetch(f"{server}/broken")
    assert "broken" == caught.value.kind


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Yield a port where connections are taken and never answered."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_connection_can_be_made(silent_port: int) -> None:
    HERE.connect("127.0.0.1", silent_port)


def test_a_server_that_says_nothing_is_given_up(
    silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("http_proxy", raising=False)
    with pytest.raises(HangError):
        HERE.fetch(f"http://127.0.0.1:{silent_port}/", timeout_s=SOON_S)


def test_a_closed_port_refuses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(UnreachableError) as caught:
        HERE.connect("127.0.0.1", port)
    assert "refused" == caught.value.kind
    with pytest.raises(UnreachableError) as caught:
        HERE.fetch(f"https://127.0.0.1:{port}/")
    assert "refused" == caught.value.kind


def test_plain_speech_to_a_tls_client_is_a_tls_error(server: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        HERE.fetch(server.replace("http:", "https:"))
    assert "tls" == caught.value.kind


def test_names_are_resolved() -> None:
    assert "127.0.0.1" in HERE.resolve("127.0.0.1")
    with pytest.raises(UnresolvedError):
        HERE.resolve("no..name")


def test_the_rest_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OSG_GRID", "/x")
    assert str(tmp_path) == HERE.cwd()
    assert "/x" == HERE.env()["OSG_GRID"]
    assert os.getuid() == HERE.uid()
    assert 1 <= HERE.cpus().usable <= HERE.cpus().online
    assert 0.0 <= HERE.load()
    assert "nofile" in HERE.limits()
    assert socket.gethostname() == HERE.hostname()
    assert "client" == LocalMachine("client").where
    assert sys.maxsize > HERE.now()
