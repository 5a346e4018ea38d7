"""The files of /etc/grid-security."""

from __future__ import annotations

from certificates.folders import authority_files
from certificates.folders import server_files
from tests.certificates import grid


def test_an_authority_has_its_files_by_hash() -> None:
    root = grid.authority()
    own, foreign = root.crl(now=grid.NOW), grid.lower_authority().crl(now=grid.NOW)
    files = authority_files(root.certificate, [foreign, own])
    assert sorted(files) == ["2b1d14f0.0", "2b1d14f0.r0", "2b1d14f0.signing_policy"]
    assert files["2b1d14f0.0"] == root.certificate.pem()
    assert files["2b1d14f0.r0"] == own.pem()
    assert "'\"/DC=sim/DC=grid/*\"'" in files["2b1d14f0.signing_policy"]


def test_a_voms_server_has_its_names_by_host() -> None:
    names = f"{grid.voms().credential.subject}\n{grid.CA}\n"
    assert server_files(grid.voms()) == {"atlas/voms.atlas.sim.lsc": names}
