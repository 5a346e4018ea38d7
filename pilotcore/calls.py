"""The calls of both dialects as tables: paths, names and types of what is sent.

Both servers refuse a request with a field that they do not know, and api one with a value of
the wrong type: what has no row in the table of a call is not sent. Times are UTC in the form
``%Y-%m-%d %H:%M:%S``, the only one that either server keeps. Read from
panda-server@d51fd81c:pandaserver/jobdispatcher/JobDispatcher.py and
panda-server@9cc3603:pandaserver/api/v1/pilot_api.py, event_api.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable
from typing import Mapping

Cast = Callable[[object], object]


@dataclass(frozen=True)
class Call:
    """One call of one dialect: its path, and own name -> (name there, type there)."""

    path: str
    names: Mapping[str, tuple[str, Cast]]
    method: str = "POST"


def _text(value: object) -> str:
    return str(value)


def _whole(value: object) -> int:
    return int(float(str(value)))


def _same(*names: str) -> dict[str, tuple[str, Cast]]:
    return {name: (name, _text) for name in names}


_UPDATE_TEXTS = {
    "state": "job_status",
    "node": "node",
    "siteName": "site_name",
    "schedulerID": "scheduler_id",
    "pilotID": "pilot_id",
    "batchID": "batch_id",
    "startTime": "start_time",
    "endTime": "end_time",
    "pilotTiming": "pilot_timing",
    "jobMetrics": "job_metrics",
    "pilotErrorDiag": "pilot_error_diag",
    "exeErrorDiag": "exe_error_diag",
    "jobSubStatus": "job_sub_status",
    "cpuConsumptionUnit": "cpu_consumption_unit",
    "metaData": "meta_data",
    "pilotLog": "pilot_log",
    "stdout": "stdout",
    "xml": "job_output_report",
}
_UPDATE_NUMBERS = {
    "jobId": "job_id",
    "attemptNr": "attempt_nr",
    "coreCount": "core_count",
    "cpuConsumptionTime": "cpu_consumption_time",
    "avgPSS": "avg_pss",
    "avgRSS": "avg_rss",
    "maxPSS": "max_pss",
    "maxRSS": "max_rss",
    "maxVMEM": "max_vmem",
    "meanCoreCount": "mean_core_count",
    "pilotErrorCode": "pilot_error_code",
    "exeErrorCode": "exe_error_code",
    "transExitCode": "trans_exit_code",
}

LEGACY: Mapping[str, Call] = {
    "acquire_jobs": Call(
        "/server/panda/getJob",
        {
            "queue": ("computingElement", _text),
            "resource": ("siteName", _text),
            "label": ("prodSourceLabel", _text),
            "node": ("node", _text),
            "disk_mb": ("diskSpace", _whole),
            "resource_type": ("resourceType", _text),
            "job_type": ("jobType", _text),
            "harvester_id": ("harvester_id", _text),
            "worker_id": ("worker_id", _whole),
        },
    ),
    "update_job": Call(
        "/server/panda/updateJob",
        {
            **_same("jobId", "timestamp", *_UPDATE_TEXTS),
            **{name: (name, _whole) for name in _UPDATE_NUMBERS if name != "jobId"},
        },
    ),
    "acquire_event_ranges": Call(
        "/server/panda/getEventRanges",
        {
            **_same("pandaID", "jobsetID", "taskID"),
            "nRanges": ("nRanges", _whole),
        },
    ),
    "update_event_ranges": Call(
        "/server/panda/updateEventRanges",
        {"eventRanges": ("eventRanges", _text), "version": ("version", _whole)},
    ),
    "get_proxy": Call("/server/panda/getProxy", _same("role")),
    "update_worker_status": Call(
        "/server/panda/updateWorkerPilotStatus",
        {
            "worker_id": ("workerID", _text),
            "harvester_id": ("harvesterID", _text),
            "status": ("status", _text),
            "queue": ("site", _text),
            "node": ("node_id", _text),
        },
    ),
}

API: Mapping[str, Call] = {
    "acquire_jobs": Call(
        "/api/v1/pilot/acquire_jobs",
        {
            "queue": ("computing_element", _text),
            "resource": ("site_name", _text),
            "label": ("prod_source_label", _text),
            "node": ("node", _text),
            "disk_mb": ("disk_space", _whole),
            "resource_type": ("resource_type", _text),
            "job_type": ("job_type", _text),
            "harvester_id": ("harvester_id", _text),
            "worker_id": ("worker_id", _whole),
        },
    ),
    "update_job": Call(
        "/api/v1/pilot/update_job",
        {
            **{name: (there, _text) for name, there in _UPDATE_TEXTS.items()},
            **{name: (there, _whole) for name, there in _UPDATE_NUMBERS.items()},
        },
    ),
    "acquire_event_ranges": Call(
        "/api/v1/event/acquire_event_ranges",
        {
            "pandaID": ("job_id", _whole),
            "jobsetID": ("jobset_id", _whole),
            "taskID": ("task_id", _whole),
            "nRanges": ("n_ranges", _whole),
        },
    ),
    "update_event_ranges": Call(
        "/api/v1/event/update_event_ranges",
        {"eventRanges": ("event_ranges", _text), "version": ("version", _whole)},
    ),
    "get_proxy": Call("/api/v1/creds/get_proxy", _same("role"), "GET"),
    "update_worker_status": Call(
        "/api/v1/pilot/update_worker_status",
        {
            "worker_id": ("worker_id", _text),
            "harvester_id": ("harvester_id", _text),
            "status": ("status", _text),
            "node": ("node_id", _text),
        },
    ),
}
DIALECTS: Mapping[str, Mapping[str, Call]] = {"legacy": LEGACY, "api": API}
