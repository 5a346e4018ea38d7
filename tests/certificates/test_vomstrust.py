"""Which VOMS attributes are believed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.attributes import read_attributes
from certificates.verdicts import VomsVerdict
from certificates.voms import VomsServer
from certificates.vomstrust import GRACE_S
from certificates.vomstrust import verify_attributes
from tests.certificates import grid

SERVER = grid.voms()


def verdict(
    data: bytes = grid.attributes(), *, server: VomsServer = SERVER, **terms: Any
) -> VomsVerdict:
    terms = {
        "holder": grid.user().certificate,
        "anchors": [grid.authority().certificate],
        "trusted": {server.vo: [server.lsc]},
        "now": grid.NOW,
        **terms,
    }
    return verify_attributes(read_attributes(data), **terms)


def made(server: VomsServer = SERVER, **more: Any) -> bytes:
    more = {"fqans": grid.FQANS, "not_before": grid.NOW, **more}
    return server.attributes(grid.user().certificate, **more)


@given(st.integers(1, 10**7))
def test_attributes_are_good_from_begin_to_end_with_some_grace(lifetime_s: int) -> None:
    data = made(lifetime_s=lifetime_s)
    begin, end = grid.NOW - GRACE_S, grid.NOW + lifetime_s + GRACE_S
    assert verdict(data, now=begin - 1) is VomsVerdict.NOT_YET_VALID
    assert verdict(data, now=begin) is VomsVerdict.OK
    assert verdict(data, now=end - 1) is VomsVerdict.OK
    assert verdict(data, now=end) is VomsVerdict.EXPIRED
    assert verdict(data, now=grid.NOW + lifetime_s, grace_s=0) is VomsVerdict.EXPIRED


def test_a_server_has_to_be_known_by_its_names() -> None:
    assert verdict(trusted={}) is VomsVerdict.UNKNOWN_SERVER
    other = {"atlas": [("/CN=other", grid.CA), ()]}
    assert verdict(trusted=other) is VomsVerdict.UNKNOWN_CHAIN


def test_a_server_needs_a_good_certificate() -> None:
    assert verdict(anchors=[]) is VomsVerdict.SERVER_REFUSED
    assert verdict(now=grid.BEGIN - 1) is VomsVerdict.SERVER_REFUSED


def test_nobody_else_signs_for_a_server() -> None:
    forged = grid.attributes().replace(b"production", b"productioN")
    assert verdict(forged) is VomsVerdict.SIGNATURE


def test_attributes_are_for_their_holder() -> None:
    other = grid.user("/CN=other").certificate
    assert verdict(holder=other) is VomsVerdict.HOLDER_SERIAL
    namesake = grid.authority("2").issue_user(
        "/DC=sim/CN=other", not_before=grid.BEGIN, lifetime_s=grid.LONG_S
    )
    same_number = grid.user().certificate.serial
    renamed = namesake.certificate.__class__(
        **{
            name: getattr(namesake.certificate, name)
            for name in namesake.certificate.__dataclass_fields__
        }
        | {"serial": same_number, "issuer_name": namesake.certificate.subject_name}
    )
    assert verdict(holder=renamed) is VomsVerdict.HOLDER


def test_targets_limit_who_believes() -> None:
    data = made(targets=["a.sim", "b.sim"])
    assert verdict(data, host="b.sim") is VomsVerdict.OK
    assert verdict(data, host="c.sim") is VomsVerdict.TARGET


@pytest.mark.parametrize(
    ("fqan", "answer"),
    [
        ("/atlas", VomsVerdict.OK),
        ("/atlas/usatlas", VomsVerdict.OK),
        ("/atlasx", VomsVerdict.GROUPS),
        ("/cms/Role=pilot", VomsVerdict.GROUPS),
    ],
)
def test_groups_are_those_of_the_vo(fqan: str, answer: VomsVerdict) -> None:
    assert verdict(made(fqans=[fqan])) is answer
