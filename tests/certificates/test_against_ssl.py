"""Python's ssl shakes hands with what we made, over two memories instead of a network."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Sequence

import pytest

from certificates.certificate import Certificate
from certificates.credential import Credential
from certificates.crl import Crl
from certificates.proxies import proxy_of
from certificates.verdicts import Verdict
from certificates.verifying import Proxies
from certificates.verifying import Purpose
from certificates.verifying import verify_chain
from tests.certificates import grid
from tests.certificates.oddities import ODDITIES

PROXIES = ssl.VERIFY_ALLOW_PROXY_CERTS
ROOT = grid.authority().certificate


def context(
    protocol: ssl._SSLMethod, own: Credential, anchors: Sequence[Certificate], folder: Path
) -> ssl.SSLContext:
    made = ssl.SSLContext(protocol)
    made.minimum_version = made.maximum_version = ssl.TLSVersion.TLSv1_2
    path = folder / f"{protocol.name}.pem"
    path.write_text(own.pem())
    made.load_cert_chain(path)
    made.load_verify_locations(cadata="".join(anchor.pem() for anchor in anchors))
    made.verify_mode = ssl.CERT_REQUIRED
    return made


@dataclass
class Meeting:
    """Two ends, and what each of them has against the other."""

    client: ssl.SSLObject
    server: ssl.SSLObject
    errors: dict[str, ssl.SSLError]


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> Meeting:
    """Let both ends speak until neither has anything to say."""
    one, other = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = {
        "client": client.wrap_bio(one, other, server_hostname=name),
        "server": server.wrap_bio(other, one, server_side=True),
    }
    met = Meeting(ends["client"], ends["server"], {})
    for _ in range(6):
        for side, end in ends.items():
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError as error:
                met.errors.setdefault(side, error)
    return met


def meet(
    folder: Path,
    credential: Credential,
    *,
    name: str = "panda.sim",
    anchors: Sequence[Certificate] = (ROOT,),
    crls: Sequence[Crl] | None = None,
    flags: int = PROXIES,
) -> Meeting:
    """Let *credential* meet the server panda.sim."""
    server = context(ssl.PROTOCOL_TLS_SERVER, grid.host(), anchors, folder)
    client = context(ssl.PROTOCOL_TLS_CLIENT, credential, [ROOT], folder)
    server.verify_flags |= flags
    if crls is not None:
        server.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN
        (folder / "crls").write_text("".join(crl.pem() for crl in crls) or "\n")
        if crls:
            server.load_verify_locations(folder / "crls")
    return shake_hands(client, server, name)


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_a_server_takes_a_chain_of_proxies(tmp_path: Path, depth: int) -> None:
    credential = grid.user()
    for _ in range(depth):
        credential = proxy_of(credential, not_before=grid.BEGIN, lifetime_s=grid.LONG_S)
    met = meet(tmp_path, credential)
    assert met.errors == {}
    assert met.server.getpeercert(binary_form=True) == credential.certificate.der
    assert met.client.getpeercert(binary_form=True) == grid.host().certificate.der


def test_a_proxy_carries_its_attributes_through_a_handshake(tmp_path: Path) -> None:
    proxy = proxy_of(
        grid.user(),
        not_before=grid.BEGIN,
        lifetime_s=grid.LONG_S,
        attributes=[grid.attributes(nickname="ada")],
    )
    met = meet(tmp_path, proxy)
    assert met.server.getpeercert(binary_form=True) == proxy.certificate.der


def same(met: Meeting, credential: Credential, **more: Any) -> Verdict:
    """Return our verdict, which is that of the server, and the alert is what the client saw."""
    terms = {
        "anchors": [ROOT],
        "now": grid.NOW,
        "purpose": Purpose.CLIENT,
        "proxies": Proxies.RFC,
        **more,
    }
    verdict = verify_chain(credential.chain.certificates, **terms)
    error = met.errors["server"]
    assert isinstance(error, ssl.SSLCertVerificationError)
    assert error.verify_code == int(verdict)
    assert error.verify_message.startswith(verdict.words)
    assert met.errors["client"].reason == verdict.alert
    return verdict


def test_a_server_that_was_not_told_takes_no_proxies(tmp_path: Path) -> None:
    met = meet(tmp_path, grid.proxy(), flags=0)
    found = same(met, grid.proxy(), proxies=Proxies.REFUSED)
    assert found is Verdict.PROXY_NOT_ALLOWED


def test_a_server_takes_nobody_of_a_foreign_authority(tmp_path: Path) -> None:
    foreign = [grid.authority("2").certificate]
    met = meet(tmp_path, grid.proxy(), anchors=foreign)
    assert same(met, grid.proxy(), anchors=foreign) is Verdict.UNABLE_TO_GET_ISSUER_LOCALLY


@pytest.mark.parametrize(
    ("begin", "verdict"),
    [(grid.BEGIN, Verdict.EXPIRED), (grid.BEGIN + grid.LONG_S, Verdict.NOT_YET_VALID)],
)
def test_a_server_takes_no_proxy_out_of_its_time(
    tmp_path: Path, begin: int, verdict: Verdict
) -> None:
    proxy = proxy_of(grid.user(), not_before=begin, lifetime_s=3600)
    assert same(meet(tmp_path, proxy), proxy) is verdict


def test_a_server_takes_nobody_who_was_revoked(tmp_path: Path) -> None:
    for revoked, verdict in ([grid.user().certificate], Verdict.REVOKED), ([], None):
        crls = [grid.authority().crl(revoked, now=grid.BEGIN, lifetime_s=grid.LONG_S)]
        met = meet(tmp_path, grid.proxy(), crls=crls)
        if verdict is None:
            assert met.errors == {}
        else:
            assert same(met, grid.proxy(), crls=crls) is verdict


def test_a_server_without_lists_takes_nobody(tmp_path: Path) -> None:
    met = meet(tmp_path, grid.proxy(), crls=[])
    assert same(met, grid.proxy(), crls=[]) is Verdict.UNABLE_TO_GET_CRL


def test_a_server_takes_no_more_proxies_than_their_path_length(tmp_path: Path) -> None:
    last = proxy_of(grid.user(), not_before=grid.BEGIN, lifetime_s=grid.LONG_S, path_length=0)
    next_one = proxy_of(last, not_before=grid.BEGIN, lifetime_s=grid.LONG_S)
    found = same(meet(tmp_path, next_one), next_one)
    assert found is Verdict.PROXY_PATH_LENGTH_EXCEEDED


# OpenSSL does not even load these, so that no client of it can show them.
UNLOADABLE = ("proxy that is an authority", "proxy that is a host")


@pytest.mark.parametrize("name", [name for name in ODDITIES if name not in UNLOADABLE])
def test_a_server_refuses_oddities_as_we_do(tmp_path: Path, name: str) -> None:
    oddity = ODDITIES[name]
    met = meet(tmp_path, oddity.shown, anchors=oddity.anchors, crls=oddity.crls)
    if oddity.verdict is Verdict.OK:
        assert met.errors == {}
    else:
        same(met, oddity.shown, anchors=oddity.anchors, crls=oddity.crls)


def test_a_client_takes_no_server_of_another_name(tmp_path: Path) -> None:
    met = meet(tmp_path, grid.user(), name="other.sim")
    error = met.errors["client"]
    assert isinstance(error, ssl.SSLCertVerificationError)
    assert error.verify_code == int(Verdict.HOSTNAME_MISMATCH)
    assert met.errors["server"].reason == Verdict.HOSTNAME_MISMATCH.alert
