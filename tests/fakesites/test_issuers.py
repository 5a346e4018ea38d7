"""The CA of the grid, and those whom every node trusts."""

from __future__ import annotations

from certificates.names import name_hash
from certificates.verdicts import Verdict
from certificates.verifying import verify_chain
from fakesites import issuers
from fakesites.conditions import AUTHORITIES
from fakesites.conditions import VOMS_SERVERS
from fakesites.conditions import Conditions
from fakesites.conditions import texts
from harness.world import CRIC
from harness.world import PANDA
from harness.world import TRANSFORM_HOST

NOW = 1_772_352_000


def test_what_is_kept_is_what_would_be_issued() -> None:
    assert issuers.ISSUED.read_text() == issuers.issue_all()


def test_a_kept_credential_has_its_key() -> None:
    person = issuers.person(issuers.PILOTS)
    assert person.key.public == person.certificate.key


def test_nobody_but_the_grids_ca_is_kept() -> None:
    foreign = issuers.person(issuers.PILOTS, "/CN=other")
    assert foreign.certificate != issuers.person(issuers.PILOTS).certificate
    assert foreign.certificate.issuer == "/CN=other"


def test_the_server_of_every_flight_is_kept_with_all_its_names() -> None:
    aliases = ("pandacache.sim", TRANSFORM_HOST, CRIC)
    assert (PANDA, aliases) == (issuers.PANDA, issuers.PANDA_ALIASES)
    kept = issuers.host(PANDA, aliases)
    assert kept.certificate.der in {each.der for each in issuers._issued().values()}
    assert issuers.host(PANDA, ("more.sim",)).certificate.extensions.hosts == (PANDA, "more.sim")


def test_they_are_good_for_whoever_trusts_the_ca() -> None:
    authority = issuers.authority().certificate
    for credential in (issuers.person(issuers.PILOTS), issuers.voms_server("atlas").credential):
        chain = credential.chain.certificates
        assert verify_chain(chain, anchors=[authority], now=NOW) is Verdict.OK


def test_no_certificate_begins_before_2000_or_ends_after_2049() -> None:
    # ARC reads the years of the last century as those of this one.
    for certificate in issuers._issued().values():
        assert certificate.not_before >= 946_684_800
        assert certificate.not_after < 2_524_608_000


def test_a_node_trusts_the_ca_and_the_voms_server() -> None:
    stem = name_hash(issuers.authority().certificate.subject_name)
    found = texts()
    assert found[f"{AUTHORITIES}/{stem}.0"] == issuers.authority().certificate.pem()
    assert issuers.host_dn("voms.atlas.sim") in found[f"{VOMS_SERVERS}/atlas/voms.atlas.sim.lsc"]


def test_every_text_has_its_name_in_a_folder() -> None:
    conditions = Conditions()
    for path in texts():
        folder, _, name = path.rpartition("/")
        found = conditions.folder(folder)
        assert found is not None
        assert name in found.names
