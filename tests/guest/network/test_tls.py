"""TLS without secrets: who shows what, who trusts whom, and how ssl words it when they do not."""

from __future__ import annotations

import json
import re

import pytest

from simkernel import NetError
from simkernel.network import AlertError
from simkernel.network import VerifyError
from simkernel.tls import ADDRESS_MISMATCH
from simkernel.tls import EXPIRED
from simkernel.tls import HOST_MISMATCH
from simkernel.tls import NOT_YET_VALID
from simkernel.tls import SELF_SIGNED
from simkernel.tls import TLS_1_2
from simkernel.tls import TLS_1_3
from simkernel.tls import UNKNOWN_ISSUER
from simkernel.tls import Greeting
from tests.guest.network.net_world import NetWorld

PEM = "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nQQ==\n-----END RSA PRIVATE KEY-----\n"

CONNECT = """
import socket, ssl
def connect(context=None, name="server.sim", timeout=None, **options):
    sock = socket.create_connection(("server.sim", options.pop("port", 443)))
    sock.settimeout(timeout)
    context = context or ssl.create_default_context()
    return context.wrap_socket(sock, server_hostname=name, **options)
def show(work):
    try: print(work())
    except OSError as error:
        kinds = ("library", "reason", "verify_code", "verify_message")
        print(type(error).__name__, error.args, [getattr(error, name, "-") for name in kinds])
"""


def test_a_handshake_says_who_is_there(world: NetWorld) -> None:
    program = """
import json
with connect() as sock:
    print(sock.version(), sock.cipher(), sock.session_reused, sock.compression())
    print(sock.getpeercert(True), sock.selected_alpn_protocol(), sock.pending())
    print(json.dumps(sock.getpeercert())); ssl_time = ssl.cert_time_to_seconds
    print(ssl_time(sock.getpeercert()["notBefore"]) < ssl_time(sock.getpeercert()["notAfter"]))
"""
    lines = world.fly(CONNECT + program).splitlines()
    assert "TLSv1.3 ('TLS_AES_256_GCM_SHA384', 'TLSv1.3', 256) False None" == lines[0]
    assert "b'DER' None 0" == lines[1]
    peer = json.loads(lines[2])
    assert [["commonName", "server.sim"]] == peer["subject"][-1]
    assert [["DNS", "server.sim"]] == peer["subjectAltName"]
    assert "True" == lines[3]


def test_the_host_is_told_what_is_shown_trusted_and_checked(world: NetWorld) -> None:
    program = f"""
import os
with open("cert.pem", "w") as target: target.write({PEM!r})
with open("key.pem", "w") as target: target.write({KEY!r})
os.mkdir("anchors")
with open("anchors/ca.0", "w") as target: target.write({PEM!r})
with open("anchors/README", "w") as target: target.write("words")
context = ssl.create_default_context(cafile="cert.pem", capath="anchors")
context.load_cert_chain("cert.pem", "key.pem")
connect(context).close(); connect(context).close()
connect(ssl._create_unverified_context(), name=None).close()
context = ssl.create_default_context(); context.check_hostname = False
context.maximum_version = ssl.TLSVersion.TLSv1_2; connect(context).close()
"""
    assert "" == world.fly(CONNECT + program)
    first, again, unverified, older = world.hellos
    assert (PEM, ("server.sim", True, True, TLS_1_3)) == (
        first.chain,
        (first.server_name, first.verify, first.check_name, first.newest),
    )
    assert (PEM,) == first.anchors
    assert first == again
    assert ("", "", (), False, False) == (
        unverified.chain,
        unverified.server_name,
        unverified.anchors,
        unverified.verify,
        unverified.check_name,
    )
    assert (("default",), True, False, TLS_1_2) == (
        older.anchors,
        older.verify,
        older.check_name,
        older.newest,
    )
    # The text of anchors goes over once.
    assert 1 == world.kinds.count("note trust")


@pytest.mark.parametrize(
    ("verdict", "message"),
    [
        (NOT_YET_VALID, "certificate is not yet valid"),
        (EXPIRED, "certificate has expired"),
        (SELF_SIGNED, "self-signed certificate"),
        (UNKNOWN_ISSUER, "unable to get local issuer certificate"),
        (HOST_MISMATCH, "Hostname mismatch, certificate is not valid for 'server.sim'."),
        (ADDRESS_MISMATCH, "IP address mismatch, certificate is not valid for 'server.sim'."),
    ],
)
def test_a_client_that_does_not_trust_says_so_as_openssl_does(
    world: NetWorld, verdict: tuple[int, str], message: str
) -> None:
    code, text = verdict
    world.greeting = VerifyError(code, text.format(name="server.sim"))
    found = world.fly(CONNECT + "show(connect)")
    whole = f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {message} (_ssl.c:LINE)"
    details = ["SSL", "CERTIFICATE_VERIFY_FAILED", code, message]
    expected = f"SSLCertVerificationError (1, {whole!r}) {details}\n"
    assert expected == re.sub(r"_ssl\.c:\d{4}", "_ssl.c:LINE", found)


REFUSALS = {
    "certificate expired": "sslv3 alert certificate expired",
    "unknown ca": "tlsv1 alert unknown ca",
    "certificate required": "tlsv13 alert certificate required",
}


@pytest.mark.parametrize("alert", REFUSALS)
def test_a_server_of_tls_1_3_refuses_when_the_client_reads(world: NetWorld, alert: str) -> None:
    world.greeting = Greeting(alert=alert)
    program = "sock = connect(); print(sock.version(), sock.send(b'x')); show(lambda: sock.recv(1))"
    found = world.fly(CONNECT + program)
    assert f"TLSv1.3 1\nSSLError (1, '{wording(alert)}') {details(alert)}\n" == unlined(found)


@pytest.mark.parametrize("alert", REFUSALS)
def test_a_server_of_tls_1_2_refuses_in_the_handshake(world: NetWorld, alert: str) -> None:
    world.greeting = Greeting(alert=alert, version=TLS_1_2)
    found = world.fly(CONNECT + "show(connect)")
    assert f"SSLError (1, '{wording(alert)}') {details(alert)}\n" == unlined(found)


def wording(alert: str) -> str:
    return f"[SSL: {reason(alert)}] {REFUSALS[alert]} (_ssl.c:LINE)"


def details(alert: str) -> list[str]:
    return ["SSL", reason(alert), "-", "-"]


def reason(alert: str) -> str:
    return REFUSALS[alert].upper().replace(" ", "_")


def unlined(text: str) -> str:
    return re.sub(r"_ssl\.c:\d{3,4}", "_ssl.c:LINE", text)


def test_a_handshake_may_be_refused_for_any_reason(world: NetWorld) -> None:
    world.greeting = AlertError("handshake failure", late=False)
    found = world.fly(CONNECT + "show(connect)")
    assert "[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure" in found


def test_the_wrong_protocol_is_noticed(world: NetWorld) -> None:
    program = """
import urllib.request, urllib.error
show(lambda: connect(port=80))
try: urllib.request.urlopen("http://server.sim:443/")
except urllib.error.HTTPError as error: print(error.code, b"plain HTTP" in error.read())
"""
    found = unlined(world.fly(CONNECT + program)).splitlines()
    assert found[0].startswith("SSLError (1, '[SSL: WRONG_VERSION_NUMBER] wrong version number (")
    assert "400 True" == found[1]


def test_a_network_that_fails_in_a_handshake_fails_like_a_network(world: NetWorld) -> None:
    world.greeting = NetError("reset", "Connection reset by peer")
    found = world.fly(CONNECT + "show(connect)")
    assert found.startswith("ConnectionResetError (104, 'Connection reset by peer')")


def test_a_connection_that_ends_in_a_handshake_is_a_broken_protocol(world: NetWorld) -> None:
    world.greeting = NetError("closed", "")
    found = unlined(world.fly(CONNECT + "show(connect)"))
    text = "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol"
    older = "SSLZeroReturnError (6, 'TLS/SSL connection has been closed (EOF) (_ssl.c:LINE)')"
    assert found.startswith((f"SSLEOFError (8, '{text} (_ssl.c:LINE)')", older))


def test_time_outs_are_worded_as_ever(world: NetWorld) -> None:
    world.delay_s = 100.0
    program = """
import time
show(lambda: connect(timeout=0.005)); sock = connect(timeout=3); began = time.monotonic()
sock.sendall(b"GET / HTTP/1.1\\r\\nHost: server.sim\\r\\n\\r\\n")
show(lambda: sock.recv(1)); print(round(time.monotonic() - began, 3))
sock.setblocking(False); show(lambda: sock.recv(1))
"""
    found = unlined(world.fly(CONNECT + program)).replace("timeout (", "TimeoutError (")
    assert [
        "TimeoutError ('_ssl.c:LINE: The handshake operation timed out',)",
        "TimeoutError ('The read operation timed out',)",
        "3.0",
        "SSLWantReadError (2, 'The operation did not complete (read) (_ssl.c:LINE)')",
    ] == [re.sub(r" \[.*\]$", "", line) for line in found.splitlines()]


def test_files_without_certificates_fail_when_they_are_loaded(world: NetWorld) -> None:
    program = f"""
context = ssl.create_default_context()
with open("empty", "w"): pass
with open("cert", "w") as target: target.write({PEM!r})
for load in (context.load_cert_chain, context.load_verify_locations):
    for name in ("missing", "empty", "cert"): show(lambda: load(name))
show(lambda: context.load_verify_locations(cadata="words"))
try: context.load_verify_locations()
except TypeError as error: print(error)
"""
    none = ["-", "-", "-", "-"]
    lib = ["SSL", None, "-", "-"]
    x509 = ["X509", "NO_CERTIFICATE_OR_CRL_FOUND", "-", "-"]
    expected = [
        f"FileNotFoundError (2, 'No such file or directory') {none}",
        f"SSLError (524297, '[SSL] PEM lib (_ssl.c:LINE)') {lib}",
        f"SSLError (524297, '[SSL] PEM lib (_ssl.c:LINE)') {lib}",
        f"FileNotFoundError (2, 'No such file or directory') {none}",
        "SSLError (136, '[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found "
        f"(_ssl.c:LINE)') {x509}",
        "None",
        "SSLError (0, 'no start line: cadata does not contain a certificate (_ssl.c:LINE)') "
        f"{[None, None, '-', '-']}",
        "cafile, capath and cadata cannot be all omitted",
    ]
    assert expected == unlined(world.fly(CONNECT + program)).splitlines()


def test_a_connection_is_ended_properly_by_either_side(world: NetWorld) -> None:
    program = """
sock = connect(); plain = sock.unwrap(); print(type(plain).__name__, sock._sslobj)
sock = connect(); sock.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n"); print(sock.recv(9))
while sock.recv(999): pass
show(lambda: sock.recv(9))
"""
    found = world.fly(CONNECT + program)
    assert "SSLSocket None\nb'HTTP/1.1 '\nb''\n" == found


def test_an_answer_that_is_cut_ends_without_a_word(world: NetWorld) -> None:
    world.answer.cut = True
    program = """
ask = b"GET / HTTP/1.1\\r\\nHost: server.sim\\r\\n\\r\\n"
sock = connect(); sock.sendall(ask)
while data := sock.recv(999): print(data[-2:])
sock = connect(suppress_ragged_eofs=False); sock.sendall(ask); sock.recv(999); show(sock.recv)
"""
    found = unlined(world.fly(CONNECT + program)).splitlines()
    assert "b'he'" == found[0]
    assert found[1].startswith("SSLEOFError (8, '[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred")


def test_a_guest_can_serve_tls_itself(world: NetWorld) -> None:
    program = f"""
import threading
with open("server.pem", "w") as target: target.write({(PEM + KEY)!r})
serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); serving.load_cert_chain("server.pem")
serving.set_alpn_protocols(["h2", "http/1.1"])
listening = socket.create_server(("127.0.0.1", 0))
def serve():
    with serving.wrap_socket(listening.accept()[0], server_side=True) as sock:
        sock.sendall(sock.recv(99).upper())
threading.Thread(target=serve).start()
context = ssl.create_default_context(); context.set_alpn_protocols(["http/1.1"])
with socket.create_connection(listening.getsockname()) as plain:
    with context.wrap_socket(plain, server_hostname="localhost") as sock:
        sock.sendall(b"hello"); print(sock.recv(99), sock.selected_alpn_protocol(), sock.recv(1))
"""
    assert "b'HELLO' http/1.1 b''\n" == world.fly(CONNECT + program)
    judged = [kind for kind in world.kinds if kind == "ask judge"]
    assert 1 == len(judged)


def test_buffers_in_memory_do_for_sockets(world: NetWorld) -> None:
    program = """
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
tls = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname="server.sim")
plain = socket.create_connection(("server.sim", 443))
def pump(work):
    while True:
        try: result = work()
        except ssl.SSLWantReadError: result = None
        if outgoing.pending: plain.sendall(outgoing.read())
        if result is not None: return result
        data = plain.recv(999)
        incoming.write(data) if data else incoming.write_eof()
pump(lambda: tls.do_handshake() or True)
print(tls.version(), tls.getpeercert()["subject"][-1], tls.server_side)
pump(lambda: tls.write(b"GET / HTTP/1.0\\r\\n\\r\\n")); print(pump(lambda: tls.read(8)))
"""
    expected = "TLSv1.3 (('commonName', 'server.sim'),) False\nb'HTTP/1.1'\n"
    assert expected == world.fly(CONNECT + program)
