"""Nothing that a report must not carry gets through."""

from __future__ import annotations

import base64
import random

import pytest

from siteverify.redaction import one_line
from siteverify.redaction import scrub
from siteverify.redaction import tail
from siteverify.render import RENDERERS
from siteverify.runner import run_checks
from siteverify.vantage import Answer
from siteverify.vantage import FaultError
from siteverify.vantage import Ran
from tests.siteverify.breakages import TABLE
from tests.siteverify.breakages import Breakage
from tests.siteverify.fake_vantage import FakeVantage

KEY = base64.encodebytes(random.Random("key").randbytes(600)).decode()
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{KEY}-----END RSA PRIVATE KEY-----\n"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqZG9lIn0.c2lnbmF0dXJl-_x"
PERSON = "/DC=ch/DC=cern/OU=Organic Units/OU=Users/CN=jdoe/CN=712345/CN=Jane Doe"
SECRETS = ("c2lnbmF0dXJl", "Jane Doe", "jdoe", "712345", "hunter2", *KEY.split())
SPILL = f"{PEM}\nsubject: {PERSON}\nBearer {TOKEN}\npassword=hunter2 jane.doe@cern.ch\n"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (PEM, "[redacted RSA PRIVATE KEY]\n"),
        (PEM[:200], "[redacted RSA PRIVATE KEY]"),
        (f"see {TOKEN}.", "see [redacted token]."),
        ("Authorization: Basic c2VjcmV0", "Authorization: [redacted]"),
        ("use bearer abcdefgh.ijk", "use bearer [redacted token]"),
        ("http_password = hunter2, x", "http_password = [redacted], x"),
        ('{"secret_key": "hunter2"}', '{"secret_key": [redacted]}'),
        (
            "https://s3.sim/x?X-Amz-Signature=abc&y=1",
            "https://s3.sim/x?X-Amz-Signature=[redacted]&y=1",
        ),
        ("http://jane:hunter2@squid.sim:3128", "http://jane:[redacted]@squid.sim:3128"),
        (
            PERSON,
            "/DC=ch/DC=cern/OU=Organic Units/OU=Users/CN=[redacted]/CN=[redacted]/CN=[redacted]",
        ),
        ("CN=Jane Doe,OU=Users,DC=cern", "CN=[redacted],OU=Users,DC=cern"),
        ("/O=Grid/emailAddress=x", "/O=Grid/emailAddress=[redacted]"),
        ("mail jane.doe@cern.ch now", "mail [redacted email] now"),
        (KEY.split()[0], "[redacted base64]"),
    ],
)
def test_a_secret_is_taken_out(text: str, clean: str) -> None:
    assert clean == scrub(text)


@pytest.mark.parametrize(
    "text",
    [
        "0.0 GB free in /srv/work, at least 2 GB are needed",
        "root://se.bnl.sim:1094//pnfs/usatlas.bnl.gov/BNLT0D1/rucio/mc16_13TeV/aa/bb/file.root",
        "/cvmfs/atlas.cern.ch/repo/ATLASLocalRootBase/user/atlasLocalSetup.sh",
        "d2a84f4b8b650937ec8f73cd8be2c74add5a911ba64df27458ed8229da804a26",
        "$OSG_SITE_NAME: BNL_ITB_Test1",
        "the proxy ends in 3.0 h",
    ],
)
def test_what_an_administrator_needs_stays(text: str) -> None:
    assert text == scrub(text)


def test_a_key_is_recognised_before_its_marks_are_cut_off() -> None:
    assert not any(line in tail(PEM, limit=100) for line in KEY.split())


def test_a_key_whose_beginning_was_never_there_is_taken_out() -> None:
    assert "[redacted RSA PRIVATE KEY]" == tail(PEM.split("\n", 1)[1], limit=100)


@pytest.mark.parametrize("character", ["a", "A1b", "/", "=", "a\n", "CN=", "eyJ"])
def test_a_flood_is_read_to_its_end(character: str) -> None:
    flood = character * 60_000  # a rule that starts at each character would take minutes
    assert 400 >= len(tail(flood, limit=400))


def test_a_tail_is_the_end_and_a_line_the_beginning() -> None:
    assert "...defg" == tail("abcdefg" * 9, limit=7)
    assert "a b ..." == one_line("a\n b  cdefgh", limit=7)


def spilling(vantage: FakeVantage) -> FakeVantage:
    """Let everything that *vantage* says carry secrets along."""
    for key, ran in vantage.commands.items():
        if isinstance(ran, Ran):
            vantage.commands[key] = Ran(ran.code, f"{ran.stdout}{SPILL}", SPILL, ran.timed_out)
    for url, page in vantage.pages.items():
        if isinstance(page, Answer):
            vantage.pages[url] = Answer(page.status, page.body + SPILL, page.headers)
    vantage.variables.update({"OSG_GRID": SPILL, "X509_CERT_DIR": SPILL, "http_proxy": SPILL})
    vantage.variables["USER"] = PERSON
    vantage.name = f"wn {PERSON}"
    vantage.writes["/dev/shm"] = FaultError(SPILL, "EIO")
    return vantage


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("breakage", TABLE[::4], ids=lambda b: f"{b.check_id}-{b.name}")
def test_no_report_carries_a_secret(breakage: Breakage, name: str) -> None:
    vantage = FakeVantage()
    breakage.do(vantage)
    report = RENDERERS[name](run_checks(spilling(vantage), breakage.settings))
    assert [] == [secret for secret in SECRETS if secret in report]
