"""Authorities and what they issue."""

from __future__ import annotations

import subprocess
import sys

from certificates import extensions as ext
from certificates.authority import new_authority
from tests.certificates import grid


def test_a_root_signs_itself() -> None:
    root = grid.authority().certificate
    assert root.is_self_signed()
    assert root.is_signed_by(root.key)
    assert root.extensions.is_ca


def test_a_host_is_known_by_all_its_names() -> None:
    host = grid.authority().issue_host("a.sim", not_before=grid.NOW, sans=("b.sim", "a.sim", "::1"))
    assert host.subject == "/DC=sim/DC=grid/OU=Services/CN=a.sim"
    assert host.certificate.extensions.hosts == ("a.sim", "b.sim")
    assert host.certificate.extensions.addresses == (bytes(15) + b"\1",)
    assert ext.SERVER_AUTH in (host.certificate.extensions.purposes or ())


def test_a_user_is_no_server() -> None:
    assert grid.user().certificate.extensions.purposes == (ext.CLIENT_AUTH,)
    assert grid.user().certificate.issuer == grid.CA


def test_what_a_lower_authority_issues_carries_its_certificate_but_not_the_root() -> None:
    lower = grid.lower_authority()
    found = lower.issue_user("/CN=x", not_before=grid.NOW)
    assert found.issuers == (lower.certificate,)
    assert lower.credential.issuers == ()
    assert grid.user().issuers == ()


def test_another_seed_is_another_authority_of_the_same_name() -> None:
    one, other = grid.authority("1").certificate, grid.authority("2").certificate
    assert one.subject == other.subject
    assert one.key != other.key
    assert not one.names_as_issuer(other)


def test_the_same_words_make_the_same_bytes_in_another_process() -> None:
    code = (
        "from tests.certificates import grid;"
        "print(grid.lower_authority().certificate.pem() + grid.host().pem()"
        " + grid.proxy(limited=True).pem() + grid.attributes(nickname='a').hex())"
    )
    own = (
        grid.lower_authority().certificate.pem()
        + grid.host().pem()
        + grid.proxy(limited=True).pem()
        + grid.attributes(nickname="a").hex()
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert own == done.stdout.rstrip("\n")


def test_other_times_give_other_serial_numbers() -> None:
    found = {
        grid.authority().issue_user(grid.DN, not_before=grid.NOW, lifetime_s=s).certificate.serial
        for s in (1, 2, 3)
    }
    assert len(found) == 3


def test_a_weak_key_is_there_if_it_is_wanted() -> None:
    weak = grid.authority().issue_user("/CN=weak", not_before=grid.NOW, bits=1024)
    assert weak.certificate.bits == 1024


def test_a_path_length_is_written() -> None:
    root = new_authority("/CN=r", seed="1", not_before=grid.NOW, path_length=2)
    assert root.certificate.extensions.path_length == 2
    assert grid.lower_authority().certificate.extensions.path_length == 0
