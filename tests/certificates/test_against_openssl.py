"""OpenSSL's own program says what our verifier says, and reads what we write."""

from __future__ import annotations

import ctypes
import ctypes.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import event
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from certificates.authority import Authority
from certificates.certificate import Certificate
from certificates.certificate import read_certificate
from certificates.credential import Credential
from certificates.crl import Crl
from certificates.names import name_hash
from certificates.proxies import proxy_of
from certificates.verdicts import Verdict
from certificates.verifying import Proxies
from certificates.verifying import Purpose
from certificates.verifying import verify_chain
from tests.certificates import grid
from tests.certificates.oddities import ODDITIES
from tests.certificates.oddities import Oddity

pytestmark = [
    pytest.mark.programs,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed"),
]
ERROR = re.compile(r"error (\d+) at \d+ depth lookup: (.*)")
PURPOSES = {Purpose.SERVER: "sslserver", Purpose.CLIENT: "sslclient"}
LIFETIMES = st.sampled_from([50, 100, grid.LONG_S])
SELDOM = st.sampled_from([False] * 7 + [True])
NOW = grid.NOW


@dataclass(frozen=True)
class Case:
    """A chain and the terms on which it is verified."""

    shown: tuple[Certificate, ...]
    anchors: tuple[Certificate, ...]
    now: int
    purpose: Purpose | None
    hostname: str
    crls: tuple[Crl, ...] | None
    proxies: Proxies
    strong: bool


@st.composite
def authorities(draw: st.DrawFn) -> Authority:
    lower = draw(st.sampled_from([None, None, 0, 1]))
    if lower is None:
        return grid.authority()
    path_length = draw(st.sampled_from([None, 0]))
    authority = grid.lower_authority(path_length)
    if lower:
        authority = authority.issue_authority(
            "/DC=sim/DC=grid/CN=flightsim CA 3", not_before=NOW, lifetime_s=draw(LIFETIMES)
        )
    return authority


@st.composite
def credentials(draw: st.DrawFn, authority: Authority) -> Credential:
    bits = draw(st.sampled_from([2048, 2048, 2048, 1024]))
    lifetime_s = draw(LIFETIMES)
    if draw(st.booleans()):
        found = authority.issue_host(
            "panda.sim",
            not_before=NOW,
            lifetime_s=lifetime_s,
            sans=("*.pool.sim", "10.0.0.1"),
            bits=bits,
        )
    else:
        found = authority.issue_user(grid.DN, not_before=NOW, lifetime_s=lifetime_s, bits=bits)
    legacy = draw(SELDOM)
    for _ in range(draw(st.integers(0, 3))):
        found = proxy_of(
            found,
            not_before=NOW,
            lifetime_s=draw(LIFETIMES),
            limited=draw(st.booleans()),
            path_length=draw(st.sampled_from([None, None, None, 0, 1])),
            legacy=legacy,
        )
    return found


@st.composite
def lists(draw: st.DrawFn, shown: tuple[Certificate, ...]) -> tuple[Crl, ...] | None:
    if draw(st.integers(0, 3)):
        return None
    revoked = draw(st.lists(st.sampled_from(shown), max_size=1))
    begin = NOW + 60 if draw(SELDOM) else NOW
    lifetime_s = draw(st.sampled_from([60, grid.LONG_S]))
    known = [grid.authority(), grid.lower_authority(0), grid.lower_authority(None)]
    odd = [grid.authority("2"), grid.authority()]
    signers = draw(st.sampled_from([known, known, known[:1], odd, []]))
    return tuple(s.crl(revoked, now=begin, lifetime_s=lifetime_s) for s in signers)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    credential = draw(credentials(draw(authorities())))
    shown = credential.chain.certificates
    if draw(SELDOM):
        shown = (*shown, grid.authority().certificate)
    if draw(SELDOM):
        at = draw(st.integers(0, len(shown) - 1))
        shown = (*shown[:at], spoilt(shown[at]), *shown[at + 1 :])
    if draw(SELDOM):
        shown = (shown[0], *draw(st.permutations(shown[1:]))[1:])
    roots = [grid.authority().certificate, grid.authority("2").certificate]
    odd = [roots[1:], [grid.lower_authority(0).certificate]]
    return Case(
        shown=shown,
        anchors=tuple(draw(st.sampled_from([roots] * 6 + odd))),
        now=NOW + draw(st.sampled_from([-1, 0, 0, 10, 10, 49, 50, 99, 100])),
        purpose=draw(st.sampled_from([None, None, *Purpose])),
        hostname=draw(st.sampled_from([""] * 9 + ["panda.sim", "a.pool.sim", "x.sim", "10.0.0.1"])),
        crls=draw(lists(shown)),
        proxies=Proxies.REFUSED if draw(SELDOM) else Proxies.RFC,
        strong=draw(SELDOM),
    )


def spoilt(certificate: Certificate) -> Certificate:
    """Return *certificate* with the last byte of its signature changed."""
    data = certificate.der
    return read_certificate(data[:-1] + bytes((data[-1] ^ 1,)))


def asked(case: Case, folder: Path) -> tuple[int, str]:
    """Return the first error that the program finds, and its words."""
    files = {
        "leaf": case.shown[0].pem(),
        "untrusted": "".join(c.pem() for c in case.shown[1:]),
        "anchors": "".join(c.pem() for c in case.anchors),
        "crls": "".join(c.pem() for c in case.crls or ()),
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    command = ["openssl", "verify", "-no-CApath", "-no-CAstore", "-attime", str(case.now)]
    command += ["-CAfile", str(folder / "anchors"), "-auth_level", "2" if case.strong else "0"]
    command += ["-untrusted", str(folder / "untrusted")] if files["untrusted"] else []
    command += ["-purpose", PURPOSES[case.purpose]] if case.purpose else []
    if case.hostname:
        kind = "ip" if case.hostname[0].isdigit() else "hostname"
        command += [f"-verify_{kind}", case.hostname]
    if case.crls is not None:
        command += ["-crl_check_all"]
        command += ["-CRLfile", str(folder / "crls")] if case.crls else []
    command += ["-allow_proxy_certs"] if case.proxies is Proxies.RFC else []
    done = subprocess.run(
        [*command, str(folder / "leaf")], capture_output=True, text=True, check=False
    )
    found = ERROR.search(done.stderr)
    if found is None:
        assert done.returncode == 0, done.stderr
        return 0, "ok"
    return int(found[1]), found[2]


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_the_program_finds_what_we_find(
    tmp_path_factory: pytest.TempPathFactory, case: Case
) -> None:
    ours = verify_chain(
        case.shown,
        anchors=case.anchors,
        now=case.now,
        purpose=case.purpose,
        hostname=case.hostname,
        common_name=True,
        crls=case.crls,
        proxies=case.proxies,
        bits_min=2048 if case.strong else 0,
    )
    event(ours.name)
    code, words = asked(case, tmp_path_factory.mktemp("case"))
    assert (code, words) == (int(ours), ours.words)


def openssl(*words: str, text: str) -> str:
    done = subprocess.run(
        ["openssl", *words], input=text, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_program_shows_a_proxy_as_one() -> None:
    proxy = proxy_of(grid.user(), not_before=NOW, path_length=3, attributes=[grid.attributes()])
    text = openssl("x509", "-noout", "-text", text=proxy.pem())
    assert "Proxy Certificate Information: critical" in text
    assert "Path Length Constraint: 03" in text
    assert "Policy Language: Inherit all" in text
    assert "Digital Signature, Key Encipherment" in text
    assert "1.3.6.1.4.1.8005.100.100.5" in text
    assert "Public-Key: (2048 bit)" in text


def test_the_program_sees_the_same_names_hashes_and_times() -> None:
    host = grid.host("panda.sim", "10.0.0.1").certificate
    words = (
        "-subject_hash",
        "-subject",
        "-nameopt",
        "compat",
        "-startdate",
        "-dateopt",
        "iso_8601",
    )
    text = openssl("x509", "-noout", *words, text=host.pem())
    assert text.splitlines() == [
        name_hash(host.subject_name),
        f"subject={host.subject}",
        "notBefore=2021-01-01 00:00:00Z",
    ]


def test_the_program_reads_names_beyond_ascii_as_we_do() -> None:
    odd = grid.authority().issue_user("/O=Sim Été/CN=José  PÉREZ", not_before=NOW).certificate
    words = ("-subject_hash", "-subject", "-nameopt", "compat")
    text = openssl("x509", "-noout", *words, text=odd.pem())
    assert text.splitlines() == [name_hash(odd.subject_name), f"subject={odd.subject}"]


def test_the_program_finds_keys_and_lists_sound() -> None:
    assert "RSA key ok" in openssl("rsa", "-check", "-noout", text=grid.user().key.pem())
    crl = grid.authority().crl([grid.user().certificate], now=NOW)
    text = openssl("crl", "-noout", "-text", text=crl.pem())
    assert f"Serial Number: {grid.user().certificate.serial:016X}" in text


@pytest.mark.parametrize("oddity", ODDITIES.values(), ids=list(ODDITIES))
def test_the_program_refuses_oddities_as_we_do(oddity: Oddity, tmp_path: Path) -> None:
    case = Case(
        shown=oddity.shown.chain.certificates,
        anchors=oddity.anchors,
        now=NOW,
        purpose=None,
        hostname="",
        crls=oddity.crls,
        proxies=Proxies.RFC,
        strong=False,
    )
    assert asked(case, tmp_path) == (int(oddity.verdict), oddity.verdict.words)


def test_the_library_has_the_same_words() -> None:
    library = ctypes.CDLL(ctypes.util.find_library("crypto"))
    library.X509_verify_cert_error_string.restype = ctypes.c_char_p
    for verdict in Verdict:
        words = library.X509_verify_cert_error_string(ctypes.c_long(verdict)).decode()
        # Later releases add "or the system clock is incorrect" to one of them.
        assert words.startswith(verdict.words)
