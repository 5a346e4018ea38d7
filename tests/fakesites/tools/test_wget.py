"""wget: what it says step by step, what it writes where, and when it tries again."""

from __future__ import annotations

from typing import Any
from typing import Generator

import pytest

from fakesites.tools import _wget_words as words
from simkernel.network import NetError
from simkernel.network import Request
from simkernel.network import Response
from simkernel.network import Service
from simkernel.network import VerifyError
from simkernel.tls import EXPIRED
from simkernel.tls import NOT_YET_VALID
from simkernel.tls import TLS_1_2
from simkernel.tls import Greeting
from simkernel.tls import Hello
from tests.fakesites.node_world import NodeWorld

URL = "http://server.sim/dir/name"
SECURE = URL.replace("http", "https")


class Server:
    """A service that answers what it is told to, one answer after the other."""

    def __init__(self, world: NodeWorld) -> None:
        self.asked: list[Request] = []
        self.hellos: list[Hello] = []
        self.answers: list[Response | NetError] = []
        self.greeting: Greeting | NetError = Greeting()
        self.clock = world.clock
        world.network.add_host("server.sim")
        world.network.listen("server.sim", 80, Service(self.handle))
        world.network.listen("server.sim", 443, Service(self.handle, self.greet))

    def greet(self, hello: Hello) -> Greeting:
        self.hellos.append(hello)
        if isinstance(self.greeting, NetError):
            raise self.greeting
        return self.greeting

    def handle(self, request: Request) -> Generator[Any, Any, Response]:
        self.asked.append(request)
        yield self.clock.timeout(1.0)
        answer = self.answers.pop(0) if self.answers else Response(200, (), b"hello")
        if isinstance(answer, NetError):
            raise answer
        return answer


@pytest.fixture
def server(node_world: NodeWorld) -> Server:
    return Server(node_world)


def test_every_step_is_told(node_world: NodeWorld, server: Server) -> None:
    server.answers = [Response(200, (("Content-Type", "text/plain"),), b"x" * 1500)]
    end = node_world.run(f"wget {URL}")
    assert (0, "") == (end.code, end.stdout)
    row = f"     0K .{' ' * 53}100%  119M=0s"
    assert end.stderr == (
        f"--2026-03-01 08:00:00--  {URL}\n"
        "Resolving server.sim (server.sim)... 10.0.0.2\n"
        "Connecting to server.sim (server.sim)|10.0.0.2|:80... connected.\n"
        "HTTP request sent, awaiting response... 200 OK\n"
        "Length: 1500 (1.5K) [text/plain]\n"
        "Saving to: 'name'\n"
        f"\n{row}\n\n"
        "2026-03-01 08:00:01 (119 MB/s) - 'name' saved [1500/1500]\n\n"
    )
    assert "x" * 1500 == node_world.read("name")
    assert ("GET", "/dir/name", "Wget/1.21.1") == (
        server.asked[0].method,
        server.asked[0].path,
        dict(server.asked[0].headers)["User-Agent"],
    )


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (URL, "name"),
        (f"-O out {URL}", "out"),
        (f"--output-document=out {URL}", "out"),
        (f"-P sub {URL}", "sub/name"),
        ("http://server.sim/", "index.html"),
        ("server.sim", "index.html"),
        (f"'{URL}?a=1'", "name?a=1"),
    ],
)
def test_an_answer_goes_into_a_file(
    node_world: NodeWorld, server: Server, line: str, name: str
) -> None:
    node_world.node.files.real("/srv/work/sub").mkdir()
    assert 0 == node_world.run(f"wget -q {line}").code
    assert "hello" == node_world.read(name)


def test_a_file_that_is_there_is_left_alone(node_world: NodeWorld, server: Server) -> None:
    node_world.write("name", "mine")
    node_world.run(f"wget -q {URL}")
    end = node_world.run(f"wget -nc {URL}")
    assert ("mine", "hello") == (node_world.read("name"), node_world.read("name.1"))
    assert end.stderr.endswith("File 'name' already there; not retrieving.\n\n")


def test_less_may_be_said(node_world: NodeWorld, server: Server) -> None:
    end = node_world.run(f"wget -nv -O out {URL}")
    assert end.stderr == "2026-03-01 08:00:01 URL:" + URL + ' [5/5] -> "out" [1]\n'
    end = node_world.run(f"wget -q -S -O - {URL}")
    assert ("hello", "") == (end.stdout, end.stderr)
    server.answers = [Response(404)]
    end = node_world.run(f"wget -q {URL}")
    assert (8, "") == (end.code, end.stderr)
    server.answers = [Response(404)]
    end = node_world.run(f"wget -nv {URL}")
    assert f"{URL}:\n2026-03-01 08:00:04 ERROR 404: Not Found.\n\n" == end.stderr


def test_quotes_are_those_of_the_locale(node_world: NodeWorld, server: Server) -> None:
    end = node_world.run(f"wget {URL}", env={"LC_ALL": "C.UTF-8"})
    assert "Saving to: ‘name’\n" in end.stderr


def test_a_body_a_certificate_and_headers_go_along(node_world: NodeWorld, server: Server) -> None:
    node_world.write("cert", "CERT\n")
    node_world.write("key", "KEY\n")
    node_world.run(
        "wget -q --post-data=a=1 --header='X-A: b' --certificate=cert --private-key=key"
        f" --ca-certificate=cert {SECURE}"
    )
    request, hello = server.asked[0], server.hellos[0]
    assert ("POST", b"a=1", True) == (request.method, request.body, request.tls)
    assert ("b", "3") == tuple(dict(request.headers)[n] for n in ("X-A", "Content-Length"))
    assert ("CERT\nKEY\n", ("CERT\n",), True, "server.sim") == (
        hello.chain,
        hello.anchors,
        hello.verify,
        hello.server_name,
    )


def test_redirections_are_followed_up_to_a_limit(node_world: NodeWorld, server: Server) -> None:
    away = Response(302, (("Location", "/other"),))
    server.answers = [away]
    end = node_world.run(f"wget -O - {URL}")
    assert "302 Found\nLocation: /other [following]\n--2026-03-01 08:00:01--  " in end.stderr
    assert ["/dir/name", "/other"] == [request.path for request in server.asked]
    server.answers = [away] * 9
    end = node_world.run(f"wget --max-redirect=1 -O - {URL}")
    assert (8, True) == (end.code, end.stderr.endswith("1 redirections exceeded.\n"))


def test_a_failure_of_the_network_is_tried_again_and_again(
    node_world: NodeWorld, server: Server
) -> None:
    server.answers = [NetError("reset", ""), NetError("closed", ""), NetError("reset", "")]
    end = node_world.run(f"wget -O - {URL}")
    assert (0, "hello") == (end.code, end.stdout)
    # Each attempt takes a second, the pauses 1, 2 and 3.
    assert 4 + 6 == round(node_world.clock.now)
    assert "in headers.\nRetrying.\n\n--2026-03-01 08:00:02--  (try: 2)  " in end.stderr
    assert 1 == end.stderr.count("Resolving")


def test_pauses_grow_up_to_a_limit_and_so_do_attempts(
    node_world: NodeWorld, server: Server
) -> None:
    server.answers = [NetError("reset", "")] * 99
    end = node_world.run(f"wget -O - {URL}")
    assert (4, True) == (end.code, end.stderr.endswith("in headers.\nGiving up.\n\n"))
    assert 20 == len(server.asked)
    assert 20 + sum(range(1, 11)) + 9 * 10 == round(node_world.clock.now)


def test_who_refuses_is_not_asked_twice_unless_told_so(node_world: NodeWorld) -> None:
    node_world.network.add_host("closed.sim")
    assert 1 == node_world.run("wget http://closed.sim").stderr.count("Connection refused")
    again = node_world.run("wget --retry-connrefused -t 3 --waitretry=1 http://closed.sim")
    assert (4, 3) == (again.code, again.stderr.count("Connection refused"))


def test_a_server_that_is_not_trusted_ends_it(node_world: NodeWorld, server: Server) -> None:
    server.greeting = VerifyError(*EXPIRED)
    end = node_world.run(f"wget {SECURE}", env={"LANG": "en_US.UTF-8"})
    assert 5 == end.code
    assert end.stderr.endswith(
        "connected.\n"
        "ERROR: The certificate of ‘server.sim’ is not trusted.\n"
        "ERROR: The certificate of ‘server.sim’ has expired.\n"
        "The certificate has expired\n"
    )
    server.greeting = VerifyError(*NOT_YET_VALID)
    assert "is not yet activated" in node_world.run(f"wget {SECURE}").stderr


@pytest.mark.parametrize(
    ("greeting", "text"),
    [
        (
            Greeting(alert="certificate expired", version=TLS_1_2),
            "GnuTLS: A TLS fatal alert has been received.\n"
            "GnuTLS: received alert [45]: Certificate is expired\n"
            "Unable to establish SSL connection.\n\n",
        ),
        (
            Greeting(alert="certificate required"),
            "WARNING: Could not save SSL session data for socket 3\nFailed writing HTTP request: "
            "The specified session has been invalidated for some reason..\nGiving up.\n\n",
        ),
        (
            NetError("closed", ""),
            "GnuTLS: The TLS connection was non-properly terminated.\n"
            "Unable to establish SSL connection.\n\n",
        ),
    ],
)
def test_a_server_may_not_trust_us(
    node_world: NodeWorld, server: Server, greeting: Greeting | NetError, text: str
) -> None:
    server.greeting = greeting
    end = node_world.run(f"wget -t 1 {SECURE}")
    assert (4, True) == (end.code, end.stderr.endswith(text)), end.stderr


@pytest.mark.parametrize(
    ("line", "code", "text"),
    [
        ("", 1, "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n"),
        ("--nope x", 2, "wget: unrecognized option '--nope'\nUsage: wget"),
        ("ftp://server.sim/", 1, "ftp://server.sim/: Unsupported scheme 'ftp'.\n"),
        (f"-O no/such {URL}", 1, "no/such: No such file or directory\n"),
        ("http://nowhere.sim/", 4, "unable to resolve host address 'nowhere.sim'\n"),
        ("http://localhost/", 4, "failed: Connection refused.\n"),
        ("http://192.0.2.7/", 4, "Connecting to 192.0.2.7:80... failed: Network is unreachable.\n"),
    ],
)
def test_what_cannot_be_done(
    node_world: NodeWorld, server: Server, line: str, code: int, text: str
) -> None:
    end = node_world.run(f"wget {line}")
    assert (code, True) == (end.code, text in end.stderr), end.stderr


def test_a_look_is_enough(node_world: NodeWorld, server: Server) -> None:
    end = node_world.run(f"wget --spider {URL}")
    assert ("HEAD", True) == (server.asked[0].method, "Remote file exists." in end.stderr)


# As wget 1.21.3 drew them, at speeds that a network of this machine had.
DRAWN = {
    (5, 5): "     0K" + " " * 55 + "100%",
    (51200, 51200): "     0K .......... .......... .......... .......... ..........100%",
    (60000, 60000): "     0K .......... .......... .......... .......... .......... 85%",
    (5, 1000): "     0K" + " " * 55 + "  0%",
    (0, 0): "     0K" + " " * 55 + " 0.00 =0s",
}


@pytest.mark.parametrize(("received", "total"), DRAWN)
def test_dots_are_drawn_as_wget_draws_them(received: int, total: int) -> None:
    rows = words.dots(received, total, received / 1e6).splitlines()
    assert rows[1].startswith(DRAWN[received, total])
    assert 1 + (received // 51200 or 0) == len(rows) - 2


@pytest.mark.parametrize(
    ("count", "text"),
    [(5, ""), (1024, "1.0K"), (51200, "50K"), (200000, "195K"), (3000000, "2.9M")],
)
def test_sizes_are_worded_as_wget_words_them(count: int, text: str) -> None:
    assert text == words.size_text(count)
