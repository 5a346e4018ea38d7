"""curl: what reaches the service, what comes back, and every way in which nothing does."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Generator

import pytest

from simkernel.network import NetError
from simkernel.network import Request
from simkernel.network import Response
from simkernel.network import Service
from simkernel.network import VerifyError
from simkernel.tls import DEFAULT_ANCHORS
from simkernel.tls import EXPIRED
from simkernel.tls import TLS_1_2
from simkernel.tls import Greeting
from simkernel.tls import Hello
from tests.fakesites.node_world import NodeWorld

URL = "https://pandaserver.sim:25443"
PROXY = "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n"


class Server:
    """A service that keeps what it was asked and answers what it is told to."""

    def __init__(self, world: NodeWorld) -> None:
        self.asked: list[Request] = []
        self.hellos: list[Hello] = []
        self.response = Response(200, (("Content-Type", "text/plain"),), b"hello")
        self.delay_s = 0.0
        self.clock = world.clock
        self.greeting: Greeting | NetError = Greeting()
        self.answers: list[Response] = []
        world.network.add_host("pandaserver.sim")
        service = Service(self.handle, self.greet)
        world.network.listen("pandaserver.sim", 25443, service)
        world.network.listen("pandaserver.sim", 80, service)

    def greet(self, hello: Hello) -> Greeting:
        self.hellos.append(hello)
        if isinstance(self.greeting, NetError):
            raise self.greeting
        return self.greeting

    def handle(self, request: Request) -> Generator[Any, Any, Response]:
        self.asked.append(request)
        yield self.clock.timeout(self.delay_s)
        return self.answers.pop(0) if self.answers else self.response


@pytest.fixture
def server(node_world: NodeWorld) -> Server:
    return Server(node_world)


def test_a_page_is_fetched(node_world: NodeWorld, server: Server) -> None:
    assert "hello" == node_world.out(f"curl -sS '{URL}/a/b?c=d'")
    request = server.asked[0]
    assert ("GET", "pandaserver.sim", 25443, "/a/b?c=d", True) == (
        request.method,
        request.host,
        request.port,
        request.path,
        request.tls,
    )
    assert ("wn001.bnl.sim", "pilot-1") == (request.source, request.who)
    assert dict(request.headers) == {
        "Host": "pandaserver.sim:25443",
        "User-Agent": "curl/7.76.1",
        "Accept": "*/*",
    }
    assert 0 < node_world.clock.now < 1


def test_a_plain_address_means_http(node_world: NodeWorld, server: Server) -> None:
    assert "hello" == node_world.out("curl pandaserver.sim")
    assert ("/", 80, False) == (
        server.asked[0].path,
        server.asked[0].port,
        server.asked[0].tls,
    )


def test_the_line_of_a_pilot_is_understood(node_world: NodeWorld, server: Server) -> None:
    node_world.node.files.write("/srv/cred/x509up", PROXY.encode())
    node_world.write("curl.config", 'data="state=running"\ndata="node=wn%2B1"\n# a comment\n')
    node_world.out(
        "curl -sS --compressed --connect-timeout 100 --max-time 120 --capath /etc/grid-security"
        " --cert /srv/cred/x509up --cacert /srv/cred/x509up --key /srv/cred/x509up"
        " -H 'User-Agent: pilot/3' -H 'Accept: application/json' --config curl.config"
        f" {URL}/server/panda/updateJob"
    )
    request = server.asked[0]
    assert ("POST", b"state=running&node=wn%2B1", PROXY) == (
        request.method,
        request.body,
        request.client,
    )
    headers = dict(request.headers)
    assert ("pilot/3", "application/json") == (headers["User-Agent"], headers["Accept"])
    assert ("25", "application/x-www-form-urlencoded") == (
        headers["Content-Length"],
        headers["Content-Type"],
    )
    assert [PROXY] == [hello.chain for hello in server.hellos]


@pytest.mark.parametrize(
    ("words", "method", "body"),
    [
        ("-d a=1", "POST", b"a=1"),
        ("--data a=1 -d b=2", "POST", b"a=1&b=2"),
        ("-d @file", "POST", b"line 1line 2"),
        ("--data-binary @file", "POST", b"line 1\nline 2\n"),
        ("--data-raw @file", "POST", b"@file"),
        ("--data-urlencode 'a=b c'", "POST", b"a=b%20c"),
        ("-X DELETE", "DELETE", b""),
        ("-X PUT -d x", "PUT", b"x"),
        ("-T file", "PUT", b"line 1\nline 2\n"),
        ("-I", "HEAD", b""),
    ],
)
def test_methods_and_bodies(
    node_world: NodeWorld, server: Server, words: str, method: str, body: bytes
) -> None:
    node_world.write("file", "line 1\nline 2\n")
    node_world.out(f"curl -s {words} {URL}/")
    assert (method, body) == (server.asked[0].method, server.asked[0].body)


def test_data_may_go_into_the_address(node_world: NodeWorld, server: Server) -> None:
    node_world.out(f"curl -s -G -d b=2 '{URL}/x?a=1'")
    assert ("GET", "/x?a=1&b=2") == (server.asked[0].method, server.asked[0].path)


def test_data_may_come_from_standard_input(node_world: NodeWorld, server: Server) -> None:
    node_world.out(f"echo text | curl -s --data-binary @- {URL}/")
    assert b"text\n" == server.asked[0].body


def test_headers_are_replaced_added_and_taken_away(node_world: NodeWorld, server: Server) -> None:
    node_world.out(f"curl -s -H 'Authorization: Bearer x' -H 'accept:' -A me {URL}/")
    headers = dict(server.asked[0].headers)
    assert ("Bearer x", "me") == (headers["Authorization"], headers["User-Agent"])
    assert "Accept" not in headers


@pytest.mark.parametrize(
    ("words", "name"), [("-o out", "out"), ("--output out", "out"), ("-O", "trf")]
)
def test_an_answer_is_written_to_a_file(
    node_world: NodeWorld, server: Server, words: str, name: str
) -> None:
    assert "" == node_world.out(f"curl -sS {words} {URL}/user/trf")
    assert "hello" == node_world.read(name)
    assert round(node_world.clock.now, 6) == round(node_world.mtime(name), 6)


def test_status_and_sizes_can_be_asked_for(node_world: NodeWorld, server: Server) -> None:
    server.response = Response(503, (), b"busy")
    line = f"curl -s -o /dev/null -w '%{{http_code}} %{{size_download}}\\n' {URL}/"
    assert "503 4\n" == node_world.out(line)


def test_headers_of_the_answer_can_be_shown(node_world: NodeWorld, server: Server) -> None:
    assert "HTTP/1.1 200\r\nContent-Type: text/plain\r\n\r\nhello" == node_world.out(
        f"curl -si {URL}/"
    )


Prepare = Callable[[Server, NodeWorld], None]


def late(server: Server, world: NodeWorld) -> None:
    server.delay_s = 1000.0


def cut(server: Server, world: NodeWorld) -> None:
    server.response = Response(200, (), b"hello!", cut=True)


def empty(server: Server, world: NodeWorld) -> None:
    server.response = Response(200, (), b"", cut=True)


def broken(server: Server, world: NodeWorld) -> None:
    server.response = Response(500, (), b"oops")


def untrusted(server: Server, world: NodeWorld) -> None:
    server.greeting = VerifyError(*EXPIRED)


def unshaken(server: Server, world: NodeWorld) -> None:
    server.greeting = NetError("tls", "sslv3 alert handshake failure")


def faulty(kind: str) -> Prepare:
    def prepare(server: Server, world: NodeWorld) -> None:
        def fail(call: Any, proceed: Any) -> Generator[Any, Any, Any]:
            if call[0] == "resolve":
                return (yield from proceed())
            raise NetError(kind, kind)

        world.points.attach("net.pandaserver.sim", fail)

    return prepare


def black_hole(server: Server, world: NodeWorld) -> None:
    def swallow(call: Any, proceed: Any) -> Generator[Any, Any, Any]:
        yield world.clock.event()

    world.points.attach("net.*", swallow)


def nothing(server: Server, world: NodeWorld) -> None:
    pass


@pytest.mark.parametrize(
    ("prepare", "words", "code"),
    [
        (nothing, "https://nowhere.sim/", 6),
        (nothing, "https://pandaserver.sim:99/", 7),
        (faulty("unreachable"), f"{URL}/", 7),
        (faulty("timeout"), f"{URL}/", 28),
        (faulty("reset"), f"{URL}/", 7),
        (late, f"-m 20 {URL}/", 28),
        (black_hole, f"--connect-timeout 20 {URL}/", 28),
        (black_hole, f"--connect-timeout 100 --max-time 20 {URL}/", 28),
        (unshaken, f"{URL}/", 35),
        (untrusted, f"{URL}/", 60),
        (empty, f"{URL}/", 52),
        (cut, f"{URL}/", 18),
        (broken, f"-f {URL}/", 22),
        (nothing, f"--cert no {URL}/", 58),
        (nothing, f"-o no/such {URL}/", 23),
        (nothing, "ftp://pandaserver.sim/", 1),
        (nothing, "http:///nothing", 3),
    ],
)
def test_each_failure_has_its_exit_code(
    node_world: NodeWorld, server: Server, prepare: Prepare, words: str, code: int
) -> None:
    prepare(server, node_world)
    end = node_world.run(f"curl -sS {words}")
    assert code == end.code
    assert end.stderr.startswith(f"curl: ({code}) ")
    assert node_world.clock.now < 21


def test_silence_hides_the_complaint(node_world: NodeWorld) -> None:
    end = node_world.run("curl -s https://nowhere.sim/")
    assert (6, "") == (end.code, end.stderr)


def test_without_a_limit_a_late_answer_is_awaited(node_world: NodeWorld, server: Server) -> None:
    late(server, node_world)
    assert "hello" == node_world.out(f"curl -s {URL}/")
    assert node_world.clock.now > 1000


def test_a_cut_answer_is_written_as_far_as_it_came(node_world: NodeWorld, server: Server) -> None:
    cut(server, node_world)
    assert "hel" == node_world.run(f"curl -s {URL}/").stdout


def test_curl_can_be_killed(node_world: NodeWorld, server: Server) -> None:
    late(server, node_world)
    running = node_world.spawn(("curl", "-m", "500", f"{URL}/"))
    node_world.forward(10)
    node_world.node.processes.signal(running.pid, 15, by="pilot-1")
    assert running.finished is not None
    assert 15 == running.finished.signal


def test_no_address_is_wrong_use(node_world: NodeWorld) -> None:
    assert 2 == node_world.run("curl -sS").code
    assert 2 == node_world.run("curl --nope x").code


def test_redirections_are_followed_when_asked_for(node_world: NodeWorld, server: Server) -> None:
    server.answers = [Response(302, (("Location", "/other?x=1"),))]
    assert "hello" == node_world.out(f"curl -sSL -d a=1 -w '|%{{num_redirects}}' {URL}/a")[:5]
    assert [("POST", "/a"), ("GET", "/other?x=1")] == [(r.method, r.path) for r in server.asked]
    server.answers = [Response(307, (("Location", "http://pandaserver.sim/x"),))] * 5
    end = node_world.run(f"curl -sSL --max-redirs 2 {URL}/a")
    assert (47, "curl: (47) Maximum (2) redirects followed\n") == (end.code, end.stderr)
    assert (443 - 443 + 80, False) == (server.asked[-1].port, server.asked[-1].tls)


def test_what_passes_is_tried_again(node_world: NodeWorld, server: Server) -> None:
    server.answers = [Response(503, (), b"busy"), Response(500, (), b"no")]
    end = node_world.run(f"curl -S --retry 3 {URL}/")
    assert (0, "busynohello") == (end.code, end.stdout)
    assert end.stderr == (
        "Warning: Problem: HTTP error. Will retry in 1 seconds. 3 retries left.\n"
        "Warning: Problem: HTTP error. Will retry in 2 seconds. 2 retries left.\n"
    )
    assert 3 == int(node_world.clock.now)


def test_a_refusal_is_only_tried_again_when_told_so(node_world: NodeWorld, server: Server) -> None:
    refused = "https://pandaserver.sim:99/"
    assert 1 == node_world.run(f"curl -sS --retry 2 {refused}").stderr.count("refused")
    line = f"curl -sS --retry 2 --retry-delay 5 --retry-connrefused {refused}"
    assert 3 == node_world.run(line).stderr.count("refused")
    assert 10 == int(node_world.clock.now)


@pytest.mark.parametrize(
    ("greeting", "code", "text"),
    [
        (VerifyError(*EXPIRED), 60, "SSL certificate problem: certificate has expired\nMore det"),
        (
            Greeting(alert="certificate expired"),
            56,
            "OpenSSL SSL_read: error:0A000415:SSL routines::sslv3 alert certificate expired, ",
        ),
        (
            Greeting(alert="certificate expired", version=TLS_1_2),
            60,
            "SSL certificate verification failed\nMore details here",
        ),
        (
            Greeting(alert="certificate required"),
            56,
            "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required",
        ),
        (
            Greeting(alert="unknown ca", version=TLS_1_2),
            35,
            "error:0A000418:SSL routines::tlsv1 alert unknown ca\n",
        ),
        (
            NetError("closed", ""),
            35,
            "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to pandaserver.sim:25443 \n",
        ),
    ],
)
def test_a_handshake_fails_in_openssls_words(
    node_world: NodeWorld, server: Server, greeting: Greeting | NetError, code: int, text: str
) -> None:
    server.greeting = greeting
    end = node_world.run(f"curl -sS {URL}/")
    assert (code, True) == (end.code, end.stderr.startswith(f"curl: ({code}) {text}")), end.stderr


def test_trust_is_told_to_the_server(node_world: NodeWorld, server: Server) -> None:
    node_world.write("ca.pem", PROXY)
    node_world.out(f"curl -s --cacert ca.pem {URL}/")
    node_world.out(f"curl -sk {URL}/")
    node_world.out(f"curl -s --capath '' {URL}/")
    first, second, third = server.hellos
    assert (DEFAULT_ANCHORS,) == third.anchors
    assert ((PROXY,), True, True, "pandaserver.sim") == (
        first.anchors,
        first.verify,
        first.check_name,
        first.server_name,
    )
    assert (False, False) == (second.verify, second.check_name)
    node_world.write("empty", "")
    for name in ("empty", "missing"):
        end = node_world.run(f"curl -sS --cacert {name} {URL}/")
        assert (77, True) == (end.code, f"CAfile: {name}" in end.stderr)


def test_a_failure_is_written_out_too(node_world: NodeWorld, server: Server) -> None:
    line = "curl -s -w '%{http_code} %{exitcode} %{errormsg}\\n' https://nowhere.sim/"
    assert "000 6 Could not resolve host: nowhere.sim\n" == node_world.run(line).stdout


def test_an_address_of_this_node_has_no_server(node_world: NodeWorld, server: Server) -> None:
    for host in ("localhost", "127.0.0.1"):
        end = node_world.run(f"curl -sS http://{host}:8080/")
        text = f"curl: (7) Failed to connect to {host} port 8080: Connection refused\n"
        assert (7, text) == (end.code, end.stderr)
    end = node_world.run("curl -sS http://192.0.2.1/")
    assert "Network is unreachable" in end.stderr


def test_headers_go_where_they_are_told(node_world: NodeWorld, server: Server) -> None:
    node_world.out(f"curl -s --create-dirs -D head -o a/b/out {URL}/")
    assert ("HTTP/1.1 200\r\n", "hello") == (
        node_world.read("head").splitlines(keepends=True)[0].replace("\n", "\r\n"),
        node_world.read("a/b/out"),
    )


def test_what_is_not_modelled_is_refused(node_world: NodeWorld, server: Server) -> None:
    for words in ("-x proxy:3128", "-F a=b", "--range 0-9"):
        assert node_world.run(f"curl -s {words} {URL}/").code
    assert 3 == len(node_world.events("shell.refused"))
