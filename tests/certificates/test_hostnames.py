"""Which hosts a certificate speaks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.hostnames import check_host
from certificates.hostnames import is_match
from certificates.verdicts import Verdict
from tests.certificates import grid

label = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)


@pytest.mark.parametrize(
    ("host", "verdict"),
    [
        ("panda.sim", Verdict.OK),
        ("PANDA.sim.", Verdict.OK),
        ("pandaserver.sim", Verdict.OK),
        ("node7.pool.sim", Verdict.OK),
        ("a.node7.pool.sim", Verdict.HOSTNAME_MISMATCH),
        ("pool.sim", Verdict.HOSTNAME_MISMATCH),
        ("other.sim", Verdict.HOSTNAME_MISMATCH),
        ("10.0.0.1", Verdict.OK),
        ("10.0.0.2", Verdict.ADDRESS_MISMATCH),
        ("::1", Verdict.ADDRESS_MISMATCH),
    ],
)
def test_a_host_is_known_by_its_alternative_names(host: str, verdict: Verdict) -> None:
    known = grid.host("panda.sim", "pandaserver.sim", "*.pool.sim", "10.0.0.1").certificate
    assert check_host(known, host) is verdict


def test_a_common_name_counts_only_if_it_is_wanted() -> None:
    bare = grid.user("/DC=sim/CN=bare.sim").certificate
    assert check_host(bare, "bare.sim") is Verdict.HOSTNAME_MISMATCH
    assert check_host(bare, "bare.sim", common_name=True) is Verdict.OK
    assert check_host(bare, "other.sim", common_name=True) is Verdict.HOSTNAME_MISMATCH
    # OpenSSL looks through all of them, so that a host's proxy passes for the host.
    proxy = grid.user("/DC=sim/CN=bare.sim/CN=1").certificate
    assert check_host(proxy, "bare.sim", common_name=True) is Verdict.OK
    named = grid.host("panda.sim", "pandaserver.sim").certificate
    assert check_host(named, "x.sim", common_name=True) is Verdict.HOSTNAME_MISMATCH


@given(label, label, label)
def test_a_wildcard_is_one_label_above_a_domain(first: str, second: str, top: str) -> None:
    assert is_match(f"*.{second}.{top}", f"{first}.{second}.{top}")
    assert not is_match(f"*.{second}.{top}", f"{second}.{top}")
    assert not is_match(f"*.{second}.{top}", f".{second}.{top}")
    assert not is_match(f"*.{top}", f"{second}.{top}")
