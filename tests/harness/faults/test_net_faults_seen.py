"""What a pilot sees of each fault of the network: in Python, by curl, and by wget."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simkernel import Response
from simkernel.network import Service
from tests.guest.network.net_world import NetWorld

LOOK = """
import http.client, json, ssl, subprocess, time, urllib.error, urllib.request
def timed(work):
    began = time.monotonic(); found = work(); return [*found, round(time.monotonic() - began, 1)]
def python():
    try: return ["well", urllib.request.urlopen(URL, timeout=PATIENCE).read().decode()]
    except urllib.error.URLError as error:
        reason = error.reason
        return [type(reason).__name__, getattr(reason, "strerror", None) or str(reason)]
    except (OSError, http.client.HTTPException) as error: return [type(error).__name__, str(error)]
def tool(*argv):
    done = subprocess.run([*argv, URL], capture_output=True, text=True)
    return [done.returncode, done.stderr, done.stdout]
print(json.dumps({
    "python": timed(python), "curl": timed(lambda: tool("curl", "-sS", *CURL)),
    "wget": timed(lambda: tool("wget", "-O", "-", "-t", "1", *WGET)),
}))
"""
HTTP, HTTPS = "http://server.sim/", "https://server.sim/"
RESET = "Connection reset by peer"
VERIFY = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
HELPED = "More details here: https://curl.se/docs/sslcerts.html"


def look(world: NetWorld, url: str, patience: Any = None, **options: list[str]) -> dict[str, Any]:
    """Return what Python, curl and wget make of *url*."""
    facts = f"URL, PATIENCE = {url!r}, {patience!r}\n"
    facts += f"CURL, WGET = {options.get('curl', [])!r}, {options.get('wget', [])!r}"
    found: dict[str, Any] = json.loads(world.fly(facts + LOOK))
    return found


@pytest.fixture
def world(tmp_path: Path) -> NetWorld:
    """Return a world whose server answers 100 bytes, and which has another host."""
    world = NetWorld(tmp_path / "srv")
    world.answer = Response(200, (), b"x" * 100)
    world.network.add_host("other.sim")
    world.network.listen("other.sim", 80, Service(world.serve))
    world.network.listen("other.sim", 443, Service(world.serve, world.greet))
    return world


# fault, options, address: what Python says, how curl ends and what it says, and wget.
TABLE: dict[str, tuple[dict[str, Any], str, tuple[str, str], tuple[int, str], tuple[int, str]]] = {
    "refuse": (
        {},
        HTTP,
        ("ConnectionRefusedError", "Connection refused"),
        (7, "Failed to connect to server.sim port 80: Connection refused"),
        (4, "Connecting to server.sim (server.sim)|10.0.0.3|:80... failed: Connection refused.\n"),
    ),
    "unreachable": (
        {},
        HTTP,
        ("OSError", "No route to host"),
        (7, "Failed to connect to server.sim port 80: No route to host"),
        (4, "failed: No route to host.\n"),
    ),
    "black_hole": (
        {},
        HTTP,
        ("TimeoutError", "Connection timed out"),
        (28, "Failed to connect to server.sim port 80: Connection timed out"),
        (4, "failed: Connection timed out.\nGiving up.\n\n"),
    ),
    "dns_failure": (
        {},
        HTTP,
        ("gaierror", "Temporary failure in name resolution"),
        (6, "Could not resolve host: server.sim"),
        (
            4,
            "Resolving server.sim (server.sim)... failed: Temporary failure in name resolution.\n"
            "wget: unable to resolve host address 'server.sim'\n",
        ),
    ),
    "dns_unknown": (
        {},
        HTTP,
        ("gaierror", "Name or service not known"),
        (6, "Could not resolve host: server.sim"),
        (
            4,
            "failed: Name or service not known.\n"
            "wget: unable to resolve host address 'server.sim'\n",
        ),
    ),
    "dns_timeout": (
        {},
        HTTP,
        ("gaierror", "Temporary failure in name resolution"),
        (6, "Could not resolve host: server.sim"),
        (4, "failed: Temporary failure in name resolution.\n"),
    ),
    "reset": (
        {},
        HTTP,
        ("ConnectionResetError", f"[Errno 104] {RESET}"),
        (56, f"Recv failure: {RESET}"),
        (4, f"awaiting response... Read error ({RESET}) in headers.\nGiving up.\n\n"),
    ),
    "reset, https": (
        {},
        HTTPS,
        ("ConnectionResetError", f"[Errno 104] {RESET}"),
        (56, f"OpenSSL SSL_read: {RESET}, errno 104"),
        (4, "Read error (Error in the pull function.) in headers.\nGiving up.\n\n"),
    ),
    "reset, handshake": (
        {"during": "handshake"},
        HTTPS,
        ("ConnectionResetError", RESET),
        (35, f"OpenSSL SSL_connect: {RESET} in connection to server.sim:443 "),
        (4, "GnuTLS: Error in the pull function.\nUnable to establish SSL connection.\n\n"),
    ),
    "reset, answer": (
        {"during": "answer"},
        HTTP,
        ("ConnectionResetError", f"[Errno 104] {RESET}"),
        (56, f"Recv failure: {RESET}"),
        (4, f"Read error at byte 50/100 ({RESET}). Giving up.\n\n"),
    ),
    "empty_answer": (
        {},
        HTTP,
        ("RemoteDisconnected", "Remote end closed connection without response"),
        (52, "Empty reply from server"),
        (4, "HTTP request sent, awaiting response... No data received.\nGiving up.\n\n"),
    ),
    "truncate": (
        {"fraction": 0.25},
        HTTP,
        ("IncompleteRead", "IncompleteRead(25 bytes read, 75 more expected)"),
        (18, "transfer closed with 75 bytes remaining to read"),
        (4, "Connection closed at byte 25. Giving up.\n\n"),
    ),
    "stall": (
        {},
        HTTP,
        ("TimeoutError", "[Errno 110] Connection timed out"),
        (56, "Recv failure: Connection timed out"),
        (4, "Read error (Connection timed out) in headers.\nGiving up.\n\n"),
    ),
    "bad_certificate": (
        {},
        HTTPS,
        ("SSLCertVerificationError", f"{VERIFY}certificate has expired"),
        (60, f"SSL certificate problem: certificate has expired\n{HELPED}"),
        (5, "ERROR: The certificate of 'server.sim' has expired.\nThe certificate has expired\n"),
    ),
    "bad_certificate, unknown_ca": (
        {"flaw": "unknown_ca"},
        HTTPS,
        ("SSLCertVerificationError", f"{VERIFY}unable to get local issuer certificate"),
        (60, f"SSL certificate problem: unable to get local issuer certificate\n{HELPED}"),
        (5, "ERROR: The certificate of 'server.sim' doesn't have a known issuer.\n"),
    ),
    "bad_certificate, wrong_host": (
        {"flaw": "wrong_host"},
        HTTPS,
        (
            "SSLCertVerificationError",
            f"{VERIFY}Hostname mismatch, certificate is not valid for 'server.sim'.",
        ),
        (
            60,
            "SSL: no alternative certificate subject name matches target host name 'server.sim'\n"
            + HELPED,
        ),
        (5, "The certificate's owner does not match hostname 'server.sim'\n"),
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_a_pilot_sees_the_fault_as_it_is_for_real(world: NetWorld, name: str) -> None:
    options, url, (kind, text), (code, complaint), (status, words) = TABLE[name]
    world.install(name.partition(",")[0], **options)
    found = look(world, url)
    assert kind == found["python"][0]
    assert found["python"][1].startswith(text), found["python"]
    assert (code, True) == (found["curl"][0], found["curl"][1].startswith(f"curl: ({code}) "))
    assert found["curl"][1].startswith(f"curl: ({code}) {complaint}\n"), found["curl"]
    assert (status, True) == (found["wget"][0], words in found["wget"][1]), found["wget"]


@pytest.mark.parametrize("name", TABLE)
def test_another_host_is_not_struck(world: NetWorld, name: str) -> None:
    options, url, *_ = TABLE[name]
    world.install(name.partition(",")[0], **options)
    found = look(world, url.replace("server", "other"))
    body = "x" * 100
    assert ["well", body] == found["python"][:2]
    assert [0, "", body] == found["curl"][:3]
    assert (0, body) == (found["wget"][0], found["wget"][2])
    assert [] == world.events("fault.fired")


@pytest.mark.parametrize(
    ("do", "seconds", "of_wget"),
    [("black_hole", 127.0, 127.0), ("dns_timeout", 10.0, 10.0), ("stall", 924.6, 900.0)],
)
def test_without_a_limit_the_kernel_has_the_last_word(
    world: NetWorld, do: str, seconds: float, of_wget: float
) -> None:
    world.install(do)
    found = look(world, HTTP)
    # Without any of its own, wget waits for an answer no longer than 900 s.
    assert [seconds, seconds, of_wget] == [found[who][-1] for who in ("python", "curl", "wget")]


@pytest.mark.parametrize(
    ("do", "text", "words"),
    [
        ("black_hole", "Connection timed out after 5000 milliseconds", "failed: Connection timed"),
        (
            "stall",
            "Operation timed out after 5000 milliseconds with 0 bytes received",
            "in headers",
        ),
        ("hang", "Connection timed out after 5000 milliseconds", "failed: Connection timed out"),
    ],
)
def test_a_limit_of_ones_own_comes_first(world: NetWorld, do: str, text: str, words: str) -> None:
    world.install(do)
    found = look(world, HTTP, 5, curl=["-m", "5"], wget=["-T", "5"])
    assert ["TimeoutError", "timed out", 5.0] == found["python"]
    assert [28, f"curl: (28) {text}\n", "", 5.0] == found["curl"]
    assert (4, True) == (found["wget"][0], words in found["wget"][1])


def test_no_time_out_of_a_socket_ends_a_look_up(world: NetWorld) -> None:
    world.install("dns_timeout")
    found = look(world, HTTP, 5, curl=["--connect-timeout", "5"])
    assert ["gaierror", "Temporary failure in name resolution", 10.0] == found["python"]
    assert [28, "curl: (28) Resolving timed out after 5000 milliseconds\n", "", 5.0] == found[
        "curl"
    ]


def test_a_slow_answer_passes_every_pause_and_not_every_limit(world: NetWorld) -> None:
    world.install("drip", rate="10 B")
    found = look(world, HTTP, 3, curl=["-m", "4"])
    assert ["well", "x" * 100] == found["python"][:2]
    assert 10 <= found["python"][2] <= 15
    text = "Operation timed out after 4000 milliseconds with 39 out of 100 bytes received"
    assert [28, f"curl: (28) {text}\n", "x" * 39, 4.0] == found["curl"]
    assert (0, 10.0) == (found["wget"][0], round(found["wget"][-1]))


def test_curl_gives_up_on_who_is_too_slow(world: NetWorld) -> None:
    world.install("drip", rate="10 B")
    found = look(world, HTTP, curl=["--speed-limit", "20", "--speed-time", "3"])
    text = "Operation too slow. Less than 20 bytes/sec transferred the last 3 seconds"
    assert [28, f"curl: (28) {text}\n"] == found["curl"][:2]


@pytest.mark.parametrize("do", ["no_ipv6", "ipv6_black_hole"])
def test_ipv4_is_what_one_falls_back_on(world: NetWorld, do: str) -> None:
    world.install(do)
    found = look(world, HTTP, 5)
    assert ["well", "x" * 100] == found["python"][:2]
    assert [0, ""] == found["curl"][:2]
    assert 0 == found["wget"][0]
    waited = 0.0 if do == "no_ipv6" else 5.0
    assert waited == round(found["python"][2])
    # curl goes by both ways at a time; wget waits for the kernel.
    assert found["curl"][-1] <= 0.3
    assert (0 if do == "no_ipv6" else 127) == round(found["wget"][-1])


def test_the_next_address_is_tried(world: NetWorld) -> None:
    world.install("dead_address")
    found = look(world, HTTP, 5, wget=["-T", "5"])
    assert ["well", "x" * 100] == found["python"][:2]
    assert 5.0 == round(found["python"][2])
    assert (0, 127.0) == (found["curl"][0], round(found["curl"][-1]))
    lines = found["wget"][1].splitlines()
    assert "Resolving server.sim (server.sim)... 10.254.0.3, 10.0.0.3" == lines[1]
    assert lines[2].endswith("|10.254.0.3|:80... failed: Connection timed out.")
    assert lines[3].endswith("|10.0.0.3|:80... connected.")


def test_who_does_not_look_at_certificates_is_served(world: NetWorld) -> None:
    world.install("bad_certificate")
    found = look(world, HTTPS, curl=["-k"], wget=["--no-check-certificate"])
    assert (0, 0) == (found["curl"][0], found["wget"][0])
    assert [False, False] == [hello.verify for hello in world.hellos]
