"""What pilots speak HTTP with, unmodified: urllib, http.client, requests, urllib3."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from harness.interpreters import ask
from simkernel import Response
from simkernel.network import Link
from simkernel.network import VerifyError
from simkernel.tls import UNKNOWN_ISSUER
from tests.guest.network.net_world import PYTHON
from tests.guest.network.net_world import SERVER
from tests.guest.network.net_world import NetWorld

PACKAGES = ("requests", "urllib3", "certifi", "idna", "charset_normalizer")


@pytest.fixture
def packages(tmp_path: Path) -> tuple[Path, ...]:
    """Return a folder with requests and all that it needs, to be shown to a guest."""
    if ask(PYTHON).version < (3, 10):
        pytest.skip("the requests that is installed here wants Python 3.10")
    folder = tmp_path / "srv" / "packages"
    folder.mkdir(parents=True)
    for name in PACKAGES:
        spec = find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            pytest.skip(f"{name} is not installed")
        copy_python(Path(spec.submodule_search_locations[0]), folder / name)
    return (Path("/srv/packages"),)


def copy_python(source: Path, target: Path) -> None:
    """Copy what of a package is text."""
    for path in sorted(source.rglob("*")):
        if path.suffix in (".py", ".pem") and path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())


def test_urllib_asks_and_shows_a_certificate(world: NetWorld) -> None:
    program = """
import ssl, urllib.request, urllib.error
with open("proxy", "w") as target:
    target.write("-----BEGIN CERTIFICATE-----\\nQQ==\\n-----END CERTIFICATE-----\\n")
    target.write("-----BEGIN PRIVATE KEY-----\\nQQ==\\n-----END PRIVATE KEY-----\\n")
context = ssl.create_default_context(cafile="proxy"); context.load_cert_chain("proxy")
request = urllib.request.Request("https://server.sim/echo?x=1".replace("?x=1", ""), b"a=1")
with urllib.request.urlopen(request, context=context, timeout=10) as answer:
    print(answer.status, answer.read(), answer.getheader("Content-Length"))
print(urllib.request.urlopen("http://server.sim/").read())
"""
    assert "200 b'a=1' 3\nb'hello'\n" == world.fly(program)
    first, second = world.asked
    assert ("POST", "/echo", b"a=1", True) == (first.method, first.path, first.body, first.tls)
    assert "BEGIN CERTIFICATE" in first.client
    assert ("GET", "/", False, "") == (second.method, second.path, second.tls, second.client)


def test_a_request_costs_no_question_and_five_notes(world: NetWorld) -> None:
    program = "import urllib.request; urllib.request.urlopen('http://server.sim/').read()"
    world.fly(program)
    assert ["note resolve", "note connect", "note send", "note close"] == [
        kind for kind in world.kinds if kind not in ("idle", "exit")
    ]


def test_http_client_keeps_a_connection_until_the_server_closes_it(world: NetWorld) -> None:
    program = """
import http.client, time
def ask():
    try:
        connection.request("GET", "/"); print(connection.getresponse().read())
    except http.client.RemoteDisconnected as error: print(error)
connection = http.client.HTTPSConnection("server.sim"); ask(); time.sleep(4); ask()
time.sleep(6); ask()
"""
    lost = "Remote end closed connection without response\n"
    assert f"b'hello'\nb'hello'\n{lost}" == world.fly(program)
    assert 1 == world.kinds.count("note connect")


def test_requests_verifies_shows_and_keeps(world: NetWorld, packages: tuple[Path, ...]) -> None:
    program = """
import requests, time
with open("proxy", "w") as target:
    target.write("-----BEGIN CERTIFICATE-----\\nQQ==\\n-----END CERTIFICATE-----\\n")
    target.write("-----BEGIN PRIVATE KEY-----\\nQQ==\\n-----END PRIVATE KEY-----\\n")
with requests.Session() as session:
    session.verify, session.cert = "/srv/work/proxy", ("/srv/work/proxy", "/srv/work/proxy")
    print(session.get("https://server.sim/", timeout=5).text)
    print(session.post("https://server.sim/echo", data={"a": "1"}, timeout=5).text)
    time.sleep(60); print(session.get("https://server.sim/", timeout=5).status_code)
print(requests.get("http://server.sim/").headers["Content-Type"])
print(requests.get("https://server.sim/").ok, requests.get("https://server.sim/", verify=False).ok)
try: requests.get("http://server.sim:81/")
except requests.ConnectionError as error: print("[Errno 111] Connection refused" in str(error))
try: requests.get("http://nowhere.sim/")
except requests.ConnectionError as error: print("Name or service not known" in str(error))
"""
    found = world.fly(program, paths=packages)
    lines = [line for line in found.splitlines() if "Warning" not in line and line[:1] != " "]
    assert ["hello", "a=1", "200", "text/plain", "True True", "True", "True"] == lines
    assert "BEGIN CERTIFICATE" in world.asked[0].client
    # Two requests on one connection, then the server had closed it.
    assert [True, True, True, False] == [hello.verify for hello in world.hellos]


def test_requests_times_out_and_distrusts(world: NetWorld, packages: tuple[Path, ...]) -> None:
    world.delay_s = 100.0
    program = """
import requests, time
began = time.monotonic()
for call in (lambda: requests.get("http://server.sim/", timeout=(3, 7)),):
    try: call()
    except requests.ReadTimeout as error: print(error, round(time.monotonic() - began))
try: requests.get("https://server.sim/")
except requests.exceptions.SSLError as error: print("unable to get local issuer" in str(error))
"""
    world.greeting = VerifyError(*UNKNOWN_ISSUER)
    expected = (
        "HTTPConnectionPool(host='server.sim', port=80): Read timed out. (read timeout=7) 7\nTrue\n"
    )
    assert expected == world.fly(program, paths=packages)


def test_urllib3_retries_on_a_new_connection(world: NetWorld, packages: tuple[Path, ...]) -> None:
    answers = [Response(503), Response(200, (), b"at last")]

    def serve(request: Any) -> Any:
        yield world.clock.timeout(1.0)
        return answers.pop(0)

    world.serve = serve  # type: ignore[method-assign]
    world.open_server()
    program = """
import urllib3, time
pool = urllib3.PoolManager(retries=urllib3.Retry(3, status_forcelist=[503], backoff_factor=2))
began = time.monotonic(); print(pool.request("GET", "https://server.sim/").data)
print(round(time.monotonic() - began))
"""
    assert "b'at last'\n2\n" == world.fly(program, paths=packages)


def test_a_large_body_fills_the_send_buffer_and_drains_at_the_speed_of_the_path(
    world: NetWorld,
) -> None:
    world.network.link("wn001", SERVER, Link(latency_s=0.0, bandwidth=1e6))
    program = """
import http.client, time
connection = http.client.HTTPConnection("server.sim"); connection.connect()
began = time.monotonic()
connection.request("POST", "/", b"x" * 12_626_560); print(round(time.monotonic() - began))
connection.getresponse().read(); print(round(time.monotonic() - began))
connection = http.client.HTTPConnection("server.sim", timeout=5); connection.connect()
try: connection.request("POST", "/", b"x" * 12_626_560)
except OSError as error: print(error)
"""
    # 12.6 MB at 1 MB/s, of which the kernel takes 2.6 MB at once.
    assert "11\n13\ntimed out\n" == world.fly(program)


def test_a_head_has_no_body_and_an_upload_may_wait_for_leave(world: NetWorld) -> None:
    program = """
import http.client, urllib.request
answer = urllib.request.urlopen(urllib.request.Request("http://server.sim/", method="HEAD"))
print(answer.status, answer.read(), answer.getheader("Content-Length"))
connection = http.client.HTTPConnection("server.sim")
connection.putrequest("PUT", "/echo"); connection.putheader("Content-Length", "3")
connection.putheader("Expect", "100-continue"); connection.endheaders()
connection.send(b"abc"); print(connection.getresponse().read())
connection.request("POST", "/echo", iter([b"a", b"b"])); print(connection.getresponse().read())
"""
    assert "200 b'' 5\nb'abc'\nb'ab'\n" == world.fly(program)
