"""Attribute certificates that are not as they should be."""

from __future__ import annotations

import pytest

from certificates import der
from certificates.attributes import read_attributes
from tests.certificates import grid


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"atlas://voms.atlas.sim:15001", b"atlas:..voms.atlas.sim:15001", "contact data"),
        (der.oid("1.3.6.1.4.1.8005.100.100.4"), der.oid("1.3.6.1.4.1.8005.100.100.9"), "missing"),
    ],
)
def test_attributes_without_groups_are_refused_in_the_words_of_voms(
    old: bytes, new: bytes, why: str
) -> None:
    data = grid.attributes().replace(old, new, 1)
    assert data != grid.attributes()
    with pytest.raises(der.CertificateError, match=why):
        read_attributes(data)


def test_a_changed_group_breaks_the_signature() -> None:
    found = read_attributes(grid.attributes().replace(b"production", b"productioN"))
    assert found.fqans[0] == "/atlas/Role=productioN/Capability=NULL"
    assert not found.is_signed_by(grid.voms().credential.key.public)


def test_the_unique_name_of_an_issuer_is_skipped() -> None:
    signed, *rest = der.read(grid.attributes()).children()
    *parts, extensions = signed.children()
    longer = der.sequence(*(p.raw for p in parts), der.bits(b"id"), extensions.raw)
    found = read_attributes(der.sequence(longer, *(element.raw for element in rest)))
    assert found.signer_chain == read_attributes(grid.attributes()).signer_chain
