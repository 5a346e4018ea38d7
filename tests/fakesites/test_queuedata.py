"""What the information system says of a site."""

from __future__ import annotations

import hashlib
import json

import pytest

from fakesites.queuedata import ddmendpoints
from fakesites.queuedata import queuedata
from fakesites.queuedata import schedconfig
from fakesites.sitespec import load_site
from fakesites.sitespec import site_names
from fakesites.turls import parse_turl

# Every name that pilot3@a090538b:pilot/info/queuedata.py loads from outside, with its type.
PILOT_KEYS = {
    "nickname": str,
    "panda_resource": str,
    "cmtconfig": str,
    "atlas_site": str,
    "gstat": str,
    "type": str,
    "appdir": str,
    "catchall": str,
    "environ": str,
    "container_type": str,
    "container_options": str,
    "resource_type": str,
    "state": str,
    "status": str,
    "copytools": dict,
    "acopytools": dict,
    "acopytools_schemas": dict,
    "astorages": dict,
    "aprotocols": dict,
    "params": dict,
    "allow_lan": bool,
    "allow_wan": bool,
    "direct_access_lan": bool,
    "direct_access_wan": bool,
    "is_cvmfs": bool,
    "use_pcache": bool,
    "timefloor": int,
    "maxwdir": int,
    "maxinputsize": int,
    "maxrss": int,
    "maxtime": int,
    "corecount": int,
    "pledgedcpu": int,
    "memkillgrace": int,
}
QUEUES = [(site, queue.name) for site in site_names() for queue in load_site(site).queues]


@pytest.mark.parametrize(("site", "queue"), QUEUES)
def test_every_key_that_the_pilot_reads_is_there_with_its_type(site: str, queue: str) -> None:
    record = queuedata(load_site(site), queue)
    found = {key: type(record.get(key)) for key in PILOT_KEYS}
    assert found == PILOT_KEYS


@pytest.mark.parametrize(("site", "queue"), QUEUES)
def test_every_endpoint_that_a_queue_names_is_defined(site: str, queue: str) -> None:
    record, endpoints = queuedata(load_site(site), queue), ddmendpoints(load_site(site))
    named = {name for names in record["astorages"].values() for name in names}
    assert named <= set(endpoints)


@pytest.mark.parametrize(("site", "queue"), QUEUES)
def test_every_scheme_that_a_queue_asks_for_has_a_door_to_write_through(
    site: str, queue: str
) -> None:
    record, endpoints = queuedata(load_site(site), queue), ddmendpoints(load_site(site))
    schemes = record["acopytools_schemas"]["write_lan"]["default"]
    target = endpoints[record["astorages"]["write_lan"][0]]
    offered = {entry["endpoint"].split(":")[0] for entry in target["arprotocols"]["write_lan"]}
    assert not offered.isdisjoint(schemes)


def test_the_records_are_plain_json() -> None:
    site = load_site("BNL")
    whole = {"queue": schedconfig(site, "BNL_ITB"), "ddm": ddmendpoints(site)}
    assert whole == json.loads(json.dumps(whole))


def test_the_copytools_are_those_of_the_queue_in_its_order() -> None:
    record = queuedata(load_site("BNL"), "BNL_ATLAS_1")
    assert list(record["copytools"]) == ["xrdcp", "lsm"]
    assert record["acopytools"]["read_lan"] == ["xrdcp", "lsm"]


def test_time_floor_is_minutes_and_the_rest_seconds() -> None:
    over = {"queue": {"BNL_ITB": {"timefloor_min": 10, "maxtime_s": "2h"}}}
    record = queuedata(load_site("BNL", over), "BNL_ITB")
    assert (record["timefloor"], record["maxtime"]) == (10, 7200)


def test_any_field_can_be_put_over_the_record() -> None:
    over = {"queue": {"BNL_ITB": {"extra": {"catchall": "setdebugmode", "copytools": None}}}}
    record = queuedata(load_site("BNL", over), "BNL_ITB")
    assert (record["catchall"], record["copytools"]) == ("setdebugmode", None)


def test_two_records_share_nothing_that_a_fault_could_change() -> None:
    site = load_site("BNL")
    queuedata(site, "BNL_ITB")["acopytools"]["pr"].append("odd")
    assert queuedata(site, "BNL_ITB")["acopytools"]["pw"] == ["xrdcp"]


def test_schedconfig_has_the_record_under_the_name_of_the_queue() -> None:
    site = load_site("BNL")
    assert {"BNL_ITB": queuedata(site, "BNL_ITB")} == schedconfig(site, "BNL_ITB")


@pytest.mark.parametrize("activity", ["read_lan", "read_wan", "write_lan", "write_wan"])
@pytest.mark.parametrize("name", ["BNL_DATADISK", "BNL_SCRATCHDISK"])
def test_the_pilot_composes_the_url_that_the_storage_knows(activity: str, name: str) -> None:
    # pilot3@a090538b:pilot/api/data.py: endpoint + path + scope/md5/md5/lfn
    site = load_site("BNL")
    digest = hashlib.md5(b"mc:a.root").hexdigest()
    tail = f"mc/{digest[:2]}/{digest[2:4]}/a.root"
    spec = site.storage(name)
    for entry in ddmendpoints(site)[name]["arprotocols"][activity]:
        turl = parse_turl(entry["endpoint"] + entry["path"] + tail)
        assert turl is not None
        assert (spec.host, f"{spec.root}/{tail}") == (turl.host, turl.path)


def test_endpoints_are_numbered_through_all_sites() -> None:
    records = ddmendpoints(load_site("BNL"), load_site("UC_ITB"))
    assert [record["id"] for record in records.values()] == [1, 2, 3]
