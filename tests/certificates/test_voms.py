"""VOMS servers and the attributes that they sign."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from certificates.attributes import Generic
from certificates.attributes import read_attributes
from certificates.voms import VomsServer
from tests.certificates import grid

words = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40)


@settings(max_examples=20)
@given(
    st.lists(words, max_size=4),
    st.dictionaries(words, words, max_size=3),
    st.lists(words, max_size=2),
    st.integers(1, 10**8),
)
def test_attributes_say_what_the_server_was_asked_to_say(
    fqans: list[str], generic: dict[str, str], targets: list[str], lifetime_s: int
) -> None:
    found = read_attributes(
        grid.voms().attributes(
            grid.user().certificate,
            fqans=fqans,
            not_before=grid.NOW,
            lifetime_s=lifetime_s,
            generic=generic,
            targets=targets,
        )
    )
    assert (found.vo, found.uri, found.host) == ("atlas", "voms.atlas.sim:15001", "voms.atlas.sim")
    assert (found.fqans, found.targets) == (tuple(fqans), tuple(targets))
    assert found.generic == tuple(Generic(n, v, "atlas") for n, v in sorted(generic.items()))
    assert (found.not_before, found.not_after) == (grid.NOW, grid.NOW + lifetime_s)
    assert (found.holder, found.holder_serial) == (grid.DN, grid.user().certificate.serial)
    assert found.issuer == grid.voms().credential.subject
    assert found.signer_chain == (grid.voms().credential.certificate,)
    assert found.is_signed_by(grid.voms().credential.key.public)


def test_the_names_to_trust_are_those_up_to_the_root() -> None:
    assert grid.voms().lsc == ("/DC=sim/DC=grid/OU=Services/CN=voms.atlas.sim", grid.CA)
    deep = grid.lower_authority().issue_host("voms.sim", not_before=grid.NOW)
    server = VomsServer("cms", deep, "voms.sim:15002")
    assert server.lsc == (deep.subject, grid.lower_authority().certificate.subject, grid.CA)
