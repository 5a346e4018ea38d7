"""MyProxy's contents and the arbiter of gLExec, as a scenario sets them up."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from fakesites.credentials import read_pem
from fakesites.issuers import PILOTS
from fakesites.myproxy import Stored
from harness.identity_services import arbiter
from harness.identity_services import stored_credential
from simkernel import ScenarioError

NOW = 1_772_352_000.0
JANE = "/DC=sim/DC=flightsim/OU=People/CN=Jane Doe (1234)"


def stored(**fields: Any) -> Stored:
    return stored_credential(fields, Random(7), vo="atlas", now=NOW)


def test_what_is_kept_is_its_owners_proxy_with_attributes() -> None:
    kept = stored(dn=JANE, credname="key", trusted="*", roles=["user"])
    held = read_pem(kept.text)
    assert (JANE, JANE, "key", "*") == (kept.username, kept.owner, kept.name, kept.trusted)
    assert (JANE, "/atlas/Role=user/Capability=NULL") == (held.dn, held.fqans[0])
    assert int(NOW) + 168 * 3600 == held.not_after


def test_hours_are_those_of_the_scenario() -> None:
    kept = stored(hours=2, signed_hours=0.5, username="jane")
    assert (1800, "jane", PILOTS) == (kept.lifetime_s, kept.username, kept.owner)
    assert int(NOW) + 7200 == read_pem(kept.text).not_after


def test_a_field_that_is_none_is_said() -> None:
    with pytest.raises(ScenarioError, match="unknown field 'retriever'"):
        stored(retriever="*")
    with pytest.raises(ScenarioError, match="unknown field 'user'"):
        arbiter({"user": "x"}, domain="bnl.sim", wall=lambda: NOW)


def test_the_arbiter_answers_as_it_is_told() -> None:
    made = arbiter(
        {"account": "a1", "banned": [JANE], "kind": "scas"}, domain="bnl.sim", wall=lambda: NOW
    )
    assert ("scas.bnl.sim", "a1") == (made.host, made.account)
    assert "deny" == made.decide(stored(dn=JANE).text)
    assert "permit" == made.decide(stored().text)
