"""Proxies by recipe, and made anew."""

from __future__ import annotations

from random import Random

import pytest

from fakesites.credentials import Credential
from fakesites.credentials import check
from fakesites.recipes import fqans_of
from fakesites.recipes import make_proxy
from fakesites.recipes import recipe_of
from fakesites.recipes import with_attributes_until
from fakesites.recipes import with_end

NOW = 1_772_352_000
DN = "/DC=sim/CN=robot"
HOUR = 3600


def proxy(seed: int = 1, *, vo: str = "atlas") -> Credential:
    fqans = fqans_of("atlas", "production") if vo else ()
    return make_proxy(Random(seed), dn=DN, now=NOW, lifetime_s=96 * HOUR, vo=vo, fqans=fqans)


def test_the_same_words_are_the_same_file() -> None:
    assert proxy().text == proxy().text


def test_keys_and_numbers_follow_from_the_seed() -> None:
    one, other = proxy(1), proxy(2)
    assert one.chain.leaf.key != other.chain.leaf.key
    assert one.serial != other.serial
    assert one.attributes and other.attributes
    assert one.attributes.serial != other.attributes.serial


def test_who_holds_it_does_not() -> None:
    assert proxy(1).chain.holder == proxy(2).chain.holder


def test_a_recipe_is_read_from_what_it_made() -> None:
    found = recipe_of(proxy())
    assert (found.dn, found.vo, found.fqans) == (DN, "atlas", fqans_of("atlas", "production"))
    assert (found.not_before, found.not_after) == (NOW - 300, NOW + 96 * HOUR)
    assert (found.voms_not_before, found.voms_not_after) == (NOW - 300, NOW + 96 * HOUR)


def test_attributes_that_end_early_are_truly_expired() -> None:
    early = with_attributes_until(proxy(), NOW - HOUR)
    assert early.attributes
    assert (early.not_after, early.attributes.not_after) == (NOW + 96 * HOUR, NOW - HOUR)
    # Issued in good time, for as long as ever.
    assert early.attributes.not_before == NOW - HOUR - 96 * HOUR - 300
    assert check(early, now=NOW) == "the VOMS attributes have expired"
    assert check(early, now=NOW - 2 * HOUR) == "the credential is not valid yet"


def test_a_proxy_that_ends_early_takes_its_attributes_with_it() -> None:
    early = with_end(proxy(), NOW - HOUR)
    assert (early.not_after, early.voms_not_after) == (NOW - HOUR, NOW - HOUR)
    assert check(early, now=NOW) == "the credential has expired"
    assert check(early, now=NOW - 2 * HOUR) is None


@pytest.mark.parametrize("left_s", [1, HOUR])
def test_one_that_ends_soon_is_good_until_then(left_s: int) -> None:
    soon = with_end(proxy(), NOW + left_s)
    assert soon.not_before == NOW - 300
    assert check(soon, now=NOW + left_s - 1) is None
    assert check(soon, now=NOW + left_s) == "the credential has expired"


def test_attributes_are_not_prolonged() -> None:
    ended = with_attributes_until(proxy(), NOW - HOUR)
    assert with_end(ended, NOW + HOUR).voms_not_after == NOW - HOUR


def test_without_attributes_there_are_none_to_end() -> None:
    plain = proxy(vo="")
    assert with_attributes_until(plain, NOW) == plain
    assert with_end(plain, NOW + 60).voms_not_after is None


def test_the_leading_role_comes_first() -> None:
    assert fqans_of("atlas", "production") == (
        "/atlas/Role=production/Capability=NULL",
        "/atlas/Role=NULL/Capability=NULL",
    )
