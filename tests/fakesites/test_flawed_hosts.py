"""Bad host certificates: ours and OpenSSL refuse each of them, for the same reason."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from certificates.verdicts import Verdict
from certificates.verifying import Purpose
from certificates.verifying import verify_chain
from fakesites import issuers
from fakesites.flawed_hosts import DAY_S
from fakesites.flawed_hosts import FLAWS
from fakesites.flawed_hosts import flawed_host

NAME = "server.sim"
NOW = 1_772_352_000
VERDICTS = {
    "expired": Verdict.EXPIRED,
    "not_yet_valid": Verdict.NOT_YET_VALID,
    "revoked": Verdict.REVOKED,
    "self_signed": Verdict.SELF_SIGNED,
    "unknown_ca": Verdict.UNABLE_TO_GET_ISSUER_LOCALLY,
    "wrong_host": Verdict.HOSTNAME_MISMATCH,
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_each_is_refused_for_its_own_reason(flaw: str) -> None:
    shown, lists = flawed_host(NAME, flaw, day=NOW // DAY_S)
    anchors = [issuers.authority().certificate]
    verdict = verify_chain(
        shown.chain.certificates,
        anchors=anchors,
        now=NOW,
        purpose=Purpose.SERVER,
        hostname=NAME,
        crls=lists,
    )
    assert verdict is VERDICTS[flaw]


@pytest.mark.parametrize("flaw", FLAWS)
def test_openssl_says_the_same(flaw: str, tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    shown, lists = flawed_host(NAME, flaw, day=NOW // DAY_S)
    (tmp_path / "ca.pem").write_text(issuers.authority().certificate.pem())
    (tmp_path / "host.pem").write_text(shown.certificate.pem())
    words = ["-attime", str(NOW), "-verify_hostname", NAME, "-purpose", "sslserver"]
    if lists:
        (tmp_path / "crl.pem").write_text("".join(each.pem() for each in lists))
        words += ["-crl_check", "-CRLfile", "crl.pem"]
    ran = subprocess.run(
        [openssl, "verify", "-CAfile", "ca.pem", *words, "host.pem"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    number = VERDICTS[flaw].value
    assert ran.returncode != 0
    assert f"error {number} at 0 depth lookup" in ran.stderr


def test_a_good_one_is_accepted_by_the_same_terms() -> None:
    verdict = verify_chain(
        issuers.host(NAME).chain.certificates,
        anchors=[issuers.authority().certificate],
        now=NOW,
        purpose=Purpose.SERVER,
        hostname=NAME,
    )
    assert verdict is Verdict.OK
