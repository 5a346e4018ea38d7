"""Whom a server believes, as two folders say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from certificates.chain import read_chain
from certificates.folders import authority_files
from certificates.folders import server_files
from fakeserver.live.trust import read_trust
from simkernel import ScenarioError
from tests.fakeserver.live.running import Issuer
from tests.fakeserver.live.running import issuer
from tests.fakeserver.live.running import now

ROLE = "/atlas/Role=pilot"


@pytest.fixture
def ours() -> Issuer:
    """Return a CA with a person and a VOMS server."""
    return issuer("trust")


def folders(path: Path, *issuers: Issuer) -> tuple[Path, Path]:
    """Write the folders of CAs and VOMS servers and return them."""
    for each in issuers:
        for name, text in authority_files(each.authority.certificate).items():
            _write(path / "ca" / name, text)
        for name, text in server_files(each.voms).items():
            _write(path / "voms" / name, text)
    return path / "ca", path / "voms"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_two_cas_are_two_anchors(tmp_path: Path, ours: Issuer) -> None:
    trust = read_trust(*folders(tmp_path, ours, issuer("other", "/DC=org/CN=Other")))
    subjects = {anchor.subject for anchor in trust.anchors}
    assert {"/DC=sim/DC=grid/CN=flightsim CA", "/DC=org/CN=Other"} == subjects
    assert 2 == trust.pem().count("BEGIN CERTIFICATE")


def test_roles_of_a_known_server_are_believed(tmp_path: Path, ours: Issuer) -> None:
    trust = read_trust(*folders(tmp_path, ours))
    assert (ROLE,) == trust.fqans(read_chain(ours.proxy(ROLE)), now=now())


def test_without_a_folder_no_vo_is_known(tmp_path: Path, ours: Issuer) -> None:
    authorities, _ = folders(tmp_path, ours)
    trust = read_trust(authorities, None)
    assert () == trust.fqans(read_chain(ours.proxy(ROLE)), now=now())


def test_roles_end_with_their_own_life(tmp_path: Path, ours: Issuer) -> None:
    trust = read_trust(*folders(tmp_path, ours))
    chain = read_chain(ours.proxy(ROLE, attributes_lifetime_s=7200))
    assert (ROLE,) == trust.fqans(chain, now=now() + 3000)
    assert () == trust.fqans(chain, now=now() + 9000)


def test_a_chain_of_proxies_alone_is_nobodys(tmp_path: Path, ours: Issuer) -> None:
    trust = read_trust(*folders(tmp_path, ours))
    leaf = read_chain(ours.proxy(ROLE)).leaf
    assert () == trust.fqans(read_chain(leaf.pem()), now=now())


def test_other_files_are_passed_over(tmp_path: Path, ours: Issuer) -> None:
    authorities, voms = folders(tmp_path, ours)
    for name in ("readme.txt", "0123abcd.r0", "0123abcd.namespaces"):
        (authorities / name).write_text("no certificate")
    assert 1 == len(read_trust(authorities, voms).anchors)


def test_a_folder_without_a_ca_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no CA here"):
        read_trust(tmp_path, None)


def test_a_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "0123abcd.0").write_text("nonsense")
    with pytest.raises(ScenarioError, match=r"0123abcd\.0: no certificate"):
        read_trust(tmp_path, None)
