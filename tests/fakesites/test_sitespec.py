"""The catalogue of sites, and what a scenario puts over it."""

from __future__ import annotations

from typing import Any

import pytest

from fakesites.sitespec import load_site
from fakesites.sitespec import site_names
from fakesites.storage import Door
from simkernel import ScenarioError


def error_of(overrides: dict[str, Any]) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_site("BNL", overrides)
    return str(caught.value)


def test_the_catalogue_has_these_sites() -> None:
    known = (
        "AGLT2 AGLT2_ITB BNL BNL_ITB CALTECH CALTECH_ITB FNAL FNAL_ITB GOOGLE JLAB LBNL LBNL_ITB"
        " LNGS MWT2 MWT2_ITB NERSC SDCC SLAC UC UC_ITB UKSRC"
    )
    assert known == " ".join(site_names())


@pytest.mark.parametrize("name", site_names())
def test_every_site_of_the_catalogue_loads(name: str) -> None:
    site = load_site(name)
    assert (name, True) == (site.name, bool(site.about and site.storages and site.queues))


def test_bnl_has_a_production_queue_and_two_for_the_testbed() -> None:
    site = load_site("BNL")
    assert (
        site.queue("BNL_ATLAS_1").type,
        site.queue("BNL_ATLAS_1").status,
    ) == ("production", "online")
    assert site.queue("BNL_ITB").processing_type == "ITB_INTEGRATION"
    assert site.queue("BNL_ITB_NEXT").status == "none"


def test_a_door_has_the_port_and_the_prefix_of_its_protocol() -> None:
    doors = load_site("UC_ITB", {"storage": {"UC_ITB_DATADISK": {"doors": [{"protocol": "srm"}]}}})
    expected = Door("srm", 8443, prefix="/srm/managerv2?SFN=", credential=True)
    assert (expected,) == doors.storage("UC_ITB_DATADISK").doors


def test_dcap_is_open_to_everyone() -> None:
    door = next(d for d in load_site("BNL").storage("BNL_DATADISK").doors if d.protocol == "dcap")
    assert not door.credential


def test_tables_are_overridden_field_by_field() -> None:
    site = load_site("BNL", {"node": {"cores": 64}, "batch": {"walltime": "2h", "slots": 1}})
    assert (site.node.cores, site.node.memory_mb) == (64, 32000)
    assert (site.batch.walltime_s, site.batch.slots, site.batch.grace_s) == (7200.0, 1, 30.0)


def test_queues_and_elements_are_found_by_their_names() -> None:
    over = {
        "queue": [{"name": "BNL_ITB", "status": "online"}],
        "storage": {"BNL_DATADISK": {"space": "13 PB"}},
    }
    site = load_site("BNL", over)
    assert (
        site.queue("BNL_ITB").status,
        site.queue("BNL_ITB").storage,
    ) == ("online", "BNL_SCRATCHDISK")
    assert site.storage("BNL_DATADISK").space == 13 * 10**15
    assert tuple(
        load_site("BNL").queue(name).status for name in ("BNL_ATLAS_1", "BNL_ITB", "BNL_ITB_NEXT")
    ) == ("online", "test", "none")


def test_a_new_queue_says_that_it_is_new() -> None:
    site = load_site("BNL", {"queue": {"BNL_X": {"new": True, "storage": "BNL_DATADISK"}}})
    assert site.queue("BNL_X").storage == "BNL_DATADISK"


def test_other_lists_are_replaced() -> None:
    site = load_site("BNL", {"queue": {"BNL_ATLAS_1": {"copytools": ["lsm"]}}})
    assert site.queue("BNL_ATLAS_1").copytools == ("lsm",)


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"queue": {"BNL_ATLAS": {}}}, "BNL.queue: unknown queue 'BNL_ATLAS' — did you mean"),
        ({"storage": {"BNL_DISK": {}}}, "did you mean BNL_DATADISK"),
        ({"queue": [{"status": "online"}]}, "BNL.queue: a queue without a name"),
        ({"node": {"core": 1}}, "BNL.node: unknown field 'core' — did you mean cores"),
        ({"batch": {"walltime": "2 weeks"}}, "BNL.batch.walltime_s: '2 weeks' is no duration"),
        ({"node": {"cores": "many"}}, "BNL.node.cores: 'many' is no int"),
        ({"node": {"cores": True}}, "BNL.node.cores: True is no int"),
        ({"colour": "red"}, "BNL: unknown field 'colour'"),
        ({"storage": {"BNL_DATADISK": {"space": "much"}}}, "'much' is no number with a unit"),
        (
            {"storage": {"BNL_DATADISK": {"doors": [{"protocol": "rot"}]}}},
            "unknown protocol 'rot' — did you mean root",
        ),
        ({"queue": {"BNL_ITB": {"copytools": ["xrdcpp"]}}}, "did you mean xrdcp"),
        ({"queue": {"BNL_ITB": {"storage": "BNL_TAPE"}}}, "unknown storage element 'BNL_TAPE'"),
        ({"queue": {"BNL_X": {"new": True}}}, "BNL.queue.BNL_X: field 'storage' is missing"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(overrides: dict[str, Any], said: str) -> None:
    assert said in error_of(overrides)


def test_an_unknown_site_is_answered_with_the_nearest_names() -> None:
    with pytest.raises(ScenarioError, match="unknown site 'UC_IBT' — did you mean UC_ITB"):
        load_site("UC_IBT")
    with pytest.raises(ScenarioError, match="there are AGLT2, AGLT2_ITB, BNL"):
        load_site("XYZZY_1234")


def test_an_unknown_queue_of_a_site_is_answered_with_the_nearest_names() -> None:
    with pytest.raises(ScenarioError, match=r"BNL: unknown queue 'BNL_ITP' — did you mean BNL_ITB"):
        load_site("BNL").queue("BNL_ITP")
