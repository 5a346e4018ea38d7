"""Distinguished names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import der
from certificates import names

text = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="/="))
parts = st.tuples(st.sampled_from(sorted(names.ATTRIBUTES)), text)
slashes = st.lists(parts, min_size=1, max_size=6).map(
    lambda found: "".join(f"/{short}={value}" for short, value in found)
)


@given(slashes)
def test_a_name_survives(name: str) -> None:
    assert name == names.slash_form(names.encode_name(name))


def test_a_slash_inside_a_part_does_not_end_it() -> None:
    name = names.encode_name("/DC=sim/CN=host/node.sim/emailAddress=ada@sim")
    assert len(der.read(name).children()) == 3


def test_bytes_beyond_ascii_are_shown_as_openssl_does() -> None:
    assert names.slash_form(names.encode_name("/CN=José")) == "/CN=Jos\\xC3\\xA9"


@pytest.mark.parametrize("name", ["", "Ada", "CN=Ada", "/XY=Ada", "sim/CN=Ada"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(der.CertificateError, match="no distinguished name"):
        names.encode_name(name)


def test_a_domain_component_is_ascii() -> None:
    with pytest.raises(der.CertificateError, match="DC cannot hold"):
        names.encode_name("/DC=café")


@given(slashes, text)
def test_a_proxy_name_has_one_part_more_than_its_parent(name: str, last: str) -> None:
    whole = names.add_common_name(names.encode_name(name), last)
    assert names.slash_form(whole) == f"{name}/CN={last}"
    assert names.last_common_name(whole) == last
    assert names.parent_of(whole) == names.encode_name(name)


def test_a_last_part_that_is_no_common_name_is_none() -> None:
    assert names.last_common_name(names.encode_name("/CN=Ada/OU=x")) is None


def test_letter_case_and_spaces_do_not_tell_names_apart() -> None:
    one, other = (names.encode_name(f"/O=Sim/CN={cn}") for cn in ("Ada  Lovelace ", "ADA lovelace"))
    assert one != other
    assert names.canonical(one) == names.canonical(other)


def test_the_hash_is_the_one_of_openssl() -> None:
    # openssl x509 -hash of a certificate with this subject
    name = names.encode_name("/DC=sim/DC=grid/CN=flightsim CA")
    assert names.name_hash(name) == "2b1d14f0"


def test_two_values_in_one_part_are_joined() -> None:
    pairs = [
        der.sequence(der.oid(names.ATTRIBUTES[s]), der.value(der.UTF8, v.encode()))
        for s, v in (("CN", "Ada"), ("UID", "7"))
    ]
    assert names.slash_form(der.sequence(der.value(der.SET, *pairs))) == "/CN=Ada+UID=7"
