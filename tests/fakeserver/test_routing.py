"""Which endpoint a path means."""

from __future__ import annotations

import pytest

from fakeserver import ENDPOINTS
from fakeserver import endpoint_of
from fakeserver.routing import find
from fakeserver.routing import near

NAMES = {
    "acknowledge_commands",
    "acquire_commands",
    "acquire_event_ranges",
    "acquire_jobs",
    "active_job_detailed_stats_by_site",
    "active_job_stats_by_site",
    "add_dialogs",
    "add_sweep_command",
    "add_target_slots",
    "avalanche_task",
    "cache_file",
    "change_task_priority",
    "check_job_status",
    "ddmendpoints",
    "delete_cache_file",
    "download_jedi_log",
    "finish_task",
    "generate_offline_execution_script",
    "get_access_token",
    "get_attributes",
    "get_available_event_range_count",
    "get_banned_users",
    "get_current_worker_id",
    "get_datasets_and_files",
    "get_event_range_statuses",
    "get_job_description",
    "get_job_description_incl_archive",
    "get_job_status",
    "get_key_pair",
    "get_metadata_for_analysis_jobs",
    "get_parent_detailed_info",
    "get_proxy",
    "get_resource_types",
    "get_site_specs",
    "get_task_detailed_info",
    "get_task_details",
    "get_task_job_descriptions",
    "get_task_job_ids",
    "get_task_parameters",
    "get_task_status",
    "get_tasks_detailed_info_since",
    "get_tasks_modified_since",
    "get_token_key",
    "get_user_attributes",
    "get_user_secrets",
    "get_voms_attributes",
    "get_worker_statistics",
    "harvester_heartbeat",
    "increase_attempts",
    "is_alive",
    "job_stats_by_cloud",
    "job_stats_by_site_and_resource_type",
    "job_stats_by_site_share_and_resource_type",
    "kill_jobs",
    "kill_task",
    "kill_unfinished_jobs",
    "pandaqueues",
    "pause_task",
    "production_job_stats_by_cloud_and_processing_type",
    "queuedata",
    "reactivate_task",
    "reassign_jobs",
    "reassign_task",
    "release_task",
    "reload_input",
    "report_worker_statistics",
    "resume_task",
    "retry_task",
    "schedconfig",
    "set_command",
    "set_debug_mode",
    "set_user_secrets",
    "submit_jobs",
    "submit_task",
    "touch_cache_file",
    "traces",
    "transform",
    "update_event_range",
    "update_event_ranges",
    "update_jedi_log",
    "update_job",
    "update_jobs_bulk",
    "update_service_metrics",
    "update_worker_node",
    "update_worker_node_gpu",
    "update_worker_status",
    "update_workers",
    "upload_cache_file",
    "upload_jedi_log",
    "validate_cache_file",
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
