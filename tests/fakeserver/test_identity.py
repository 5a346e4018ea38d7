"""Who asks."""

from __future__ import annotations

import pytest

from fakeserver.identity import Identity
from fakeserver.identity import compact
from fakeserver.identity import has_role
from fakeserver.identity import identify


@pytest.mark.parametrize(
    ("fqan", "expected"),
    [
        ("/atlas/Role=pilot/Capability=NULL", True),
        ("/atlas/usatlas/Role=production", True),
        ("/osg/Role=pilot", True),
        ("/atlas/Role=NULL", False),
        ("/atlas/Role=pilots", False),
        ("/atlas", False),
    ],
)
def test_a_role_is_pilot_or_production_in_any_vo(fqan: str, expected: bool) -> None:
    assert expected is has_role(Identity("/CN=x", ("/atlas/Role=NULL", fqan)))


def test_nobody_has_no_name_and_no_role() -> None:
    nobody = identify({})
    assert (False, False) == (nobody.known, has_role(nobody))


def test_the_environ_says_who_it_is() -> None:
    environ = {"SSL_CLIENT_S_DN": "/CN=Ann", "flightsim.fqans": ["/atlas/Role=pilot"]}
    assert Identity("/CN=Ann", ("/atlas/Role=pilot",)) == identify(environ)


@pytest.mark.parametrize(
    ("dn", "expected"),
    [
        ("/DC=ch/CN=ann/CN=123/CN=Ann Other/CN=proxy", "Ann Other"),
        ("/DC=ch/CN=Ann Other/CN=12345678", "Ann Other"),
        ("/DC=ch/CN=Ann/CN=limited proxy", "Ann"),
        ("/DC=ch/OU=nobody", "/DC=ch/OU=nobody"),
        ("atlpilo2", "atlpilo2"),
    ],
)
def test_the_compact_name_leaves_out_what_proxies_appended(dn: str, expected: str) -> None:
    assert expected == compact(dn)


def test_a_limited_proxy_is_known_by_its_name() -> None:
    assert Identity("/CN=Ann/CN=limited proxy").limited
    assert not Identity("/CN=Ann/CN=proxy").limited
