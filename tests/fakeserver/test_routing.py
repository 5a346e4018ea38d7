"""Which endpoint a path means."""

from __future__ import annotations

import pytest

from fakeserver import ENDPOINTS
from fakeserver import endpoint_of
from fakeserver.routing import find
from fakeserver.routing import near

NAMES = {
    "acquire_event_ranges",
    "acquire_jobs",
    "ddmendpoints",
    "get_access_token",
    "get_available_event_range_count",
    "get_job_status",
    "get_key_pair",
    "get_proxy",
    "get_resource_types",
    "is_alive",
    "queuedata",
    "schedconfig",
    "set_debug_mode",
    "traces",
    "transform",
    "update_event_ranges",
    "update_job",
    "update_jobs_bulk",
    "update_worker_node",
    "update_worker_node_gpu",
    "update_worker_status",
}


def test_these_are_the_endpoints() -> None:
    assert sorted(NAMES) == [each.name for each in ENDPOINTS]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.name)
def test_an_endpoint_says_what_it_is_and_where_that_was_read(endpoint: object) -> None:
    about, source = endpoint.about, endpoint.source  # type: ignore[attr-defined]
    assert about
    assert "@" in source


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.name)
def test_every_path_of_an_endpoint_leads_to_it(endpoint: object) -> None:
    for path in endpoint.paths:  # type: ignore[attr-defined]
        assert endpoint.name == endpoint_of(  # type: ignore[attr-defined]
            "POST", path.replace("{queue}", "BNL").replace("{name}", "payload")
        )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/server/panda/getJob", "acquire_jobs"),
        ("/api/v1/pilot/acquire_jobs", "acquire_jobs"),
        ("/api/latest/pilot/acquire_jobs", "acquire_jobs"),
        ("/server/panda/get_access_token?client_name=x", "get_access_token"),
        ("/cache/schedconfig/BNL_ATLAS_1.all.json", "queuedata"),
        ("/cache/schedconfig/BNL_ATLAS_1.json", "schedconfig"),
        ("/ddmendpoints.json", "ddmendpoints"),
        ("/trf/user/runGen-00-00-02", "transform"),
        ("/traces/", "traces"),
        ("/server/panda/getjob", None),
        ("/server/panda/", None),
        ("/trf/user/a/b", None),
        ("/", None),
    ],
)
def test_endpoint_of(path: str, expected: str | None) -> None:
    assert expected == endpoint_of("GET", path)


def test_the_names_in_a_path_are_found() -> None:
    route = find("/cache/schedconfig/A.B.all.json")
    assert route is not None
    assert {"queue": "A.B"} == route.texts


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/server/panda/getjob?x=1", ["/server/panda/getJob"]),
        ("/api/v1/pilot/aquire_jobs", ["/api/v1/pilot/acquire_jobs"]),
        ("/x", []),
    ],
)
def test_near(path: str, expected: list[str]) -> None:
    assert expected == near(path)
