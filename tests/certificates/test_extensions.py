"""Extensions, written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import der
from certificates import extensions as ext


def read(*written: bytes) -> ext.Extensions:
    return ext.read_extensions(map(der.read, written))


@given(st.lists(st.sampled_from(ext.USAGES), min_size=1, unique=True))
def test_a_usage_survives(names: list[str]) -> None:
    found = read(ext.key_usage(*names)).usage
    assert found is not None
    assert sorted(names) == sorted(found)


@given(st.booleans(), st.none() | st.integers(0, 300))
def test_constraints_survive(is_ca: bool, path_length: int | None) -> None:
    found = read(ext.basic_constraints(is_ca=is_ca, path_length=path_length))
    assert (is_ca, path_length) == (found.is_ca, found.path_length)


@given(st.sampled_from([ext.IMPERSONATION, ext.LIMITED]), st.none() | st.integers(0, 9))
def test_proxy_information_survives(policy: str, path_length: int | None) -> None:
    found = read(ext.proxy_info(policy, path_length=path_length))
    assert (policy, path_length) == (found.policy, found.proxy_path_length)


def test_names_and_addresses_survive() -> None:
    found = read(ext.alternative_names(["panda.sim", "10.0.0.1", "2001:db8::1", "10.0.0.256"]))
    assert found.has_names
    assert found.hosts == ("panda.sim", "10.0.0.256")
    assert [len(packed) for packed in found.addresses] == [4, 16]


def test_keys_purposes_and_attributes_survive() -> None:
    found = read(
        ext.subject_key(b"own"),
        ext.authority_key(b"ca"),
        ext.extended_key_usage(ext.SERVER_AUTH),
        ext.voms_attributes([der.sequence(b""), der.sequence(der.null())]),
    )
    assert (found.subject_key, found.authority_key) == (b"own", b"ca")
    assert found.purposes == (ext.SERVER_AUTH,)
    assert found.attributes == (der.sequence(), der.sequence(der.null()))


def test_nothing_is_said_without_extensions() -> None:
    assert read() == ext.Extensions()


@pytest.mark.parametrize(("critical", "unknown"), [(True, ("1.2.3",)), (False, ())])
def test_an_unknown_extension_matters_if_it_is_critical(
    critical: bool, unknown: tuple[str, ...]
) -> None:
    assert read(ext.extension("1.2.3", b"", critical=critical)).unknown == unknown


def test_an_extension_that_is_there_twice_is_refused() -> None:
    with pytest.raises(der.CertificateError, match="twice"):
        read(ext.subject_key(b"1"), ext.subject_key(b"2"))
