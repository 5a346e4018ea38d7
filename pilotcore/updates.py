"""What the pilot tells the server about a job: the fields of every update.

Read from pilot3@a090538b:pilot/control/job.py#get_data_structure. Names are those of the legacy
dialect; dialects.py translates. Texts are cut to what the server keeps
(panda-server@9cc3603:pandaserver/api/v1/pilot_api.py#update_job).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from datetime import timezone
from pathlib import Path
from typing import Callable
from typing import Dict
from typing import Iterable
from typing import Mapping

from pilotcore import VERSION
from pilotcore import clones
from pilotcore.data.stage_out import StoredFile
from pilotcore.errors import Failure
from pilotcore.job import SERVER_STATES
from pilotcore.job import TRANSITIONS
from pilotcore.job import Job
from pilotcore.options import Options
from pilotcore.platform import Platform
from pilotcore.run.supply import NO_EVENTS
from pilotcore.usage import Meter

METRICS_LENGTH_MAX = 500
PILOT_LOG_LENGTH_MAX = 1024
REPORT_LENGTH_MAX = 1_000_000
# Where batch systems leave their id of the pilot; the first that is set is taken.
BATCH_IDS = ("GRID_GLOBAL_JOBID", "PBS_JOBID", "SLURM_JOB_ID", "LSB_JOBID", "JOB_ID", "CONDOR_ID")
# What tells the server that an attempt was nobody's fault, by the error code that it comes with.
SUB_STATUS = {clones.LOST: clones.SUB_STATUS, NO_EVENTS: "pilot_noevents"}
# Further metrics of one job, by name.
Notes = Dict[str, object]
TIMED = ("getjob", "stage-in", "payload", "stage-out", "initial", "starting")


@dataclass(frozen=True)
class Identity:
    """Who is telling: the same in every update of every job of this pilot."""

    queue: str
    node: str
    pilot_id: str
    batch_id: str
    scheduler_id: str


def identity(options: Options, env: Mapping[str, str], *, node: str) -> Identity:
    """Return this pilot's identity."""
    tag = env.get("GTAG") or "unknown"
    return Identity(
        queue=options.queue,
        node=node,
        pilot_id=f"{tag}|{options.version_tag}|core-{VERSION}"[:200],
        batch_id=next((env[name] for name in BATCH_IDS if env.get(name)), "")[:80],
        scheduler_id=env.get("HARVESTER_ID", ""),
    )


def utc(posix: float) -> str:
    """Return *posix* in the only form of time that the server keeps."""
    return datetime.fromtimestamp(posix, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


class Progress:
    """The phase that a job is in, and how long each one took; *entered* is told of each."""

    def __init__(
        self,
        platform: Platform,
        *,
        before: Mapping[str, float],
        entered: Callable[[str], None] = lambda _phase: None,
    ) -> None:
        self.phase = "starting"
        self.seconds: dict[str, float] = dict(before)
        self.began = platform.now()
        self.payload_began: float | None = None
        self.payload_ended: float | None = None
        self._platform = platform
        self._tell = entered
        self._entered = platform.monotonic()

    def enter(self, phase: str) -> None:
        """Go to *phase*, which must be one that the table allows."""
        assert phase in TRANSITIONS[self.phase], f"{self.phase} -> {phase}"
        now = self._platform.monotonic()
        self.seconds[self.phase] = now - self._entered
        self._entered = now
        if phase == "payload":
            self.payload_began = self._platform.now()
        elif self.phase == "payload":
            self.payload_ended = self._platform.now()
        self.phase = phase
        self._tell(phase)

    @property
    def state(self) -> str:
        """Return the state that the server is told while this phase lasts."""
        return SERVER_STATES[self.phase]

    def timing(self) -> str:
        """Return pilotTiming: whole seconds of getjob|stagein|payload|stageout|initial|setup."""
        return "|".join(str(round(self.seconds.get(name, 0.0))) for name in TIMED)


def update_fields(
    job: Job, who: Identity, progress: Progress, *, now: float, state: str
) -> dict[str, object]:
    """Return the fields that every update of *job* has."""
    began = progress.payload_began
    return {
        "jobId": str(job.panda_id),
        "state": state,
        "attemptNr": job.attempt,
        "timestamp": datetime.fromtimestamp(now, timezone.utc).isoformat(timespec="seconds"),
        "siteName": who.queue,
        "node": who.node,
        "pilotID": who.pilot_id,
        "batchID": who.batch_id,
        "schedulerID": who.scheduler_id,
        "coreCount": job.cores,
        "startTime": "" if began is None else utc(began),
    }


def used_fields(meter: Meter) -> dict[str, object]:
    """Return what the payload has used so far; nothing before anybody has looked."""
    cores = meter.mean_cores
    if cores is None:
        return {}
    return {
        "cpuConsumptionTime": round(meter.cpu_s),
        "cpuConsumptionUnit": "s",
        "maxRSS": meter.rss_max // 1024,
        "meanCoreCount": round(cores),
    }


def metrics(values: Mapping[str, object]) -> str:
    """Return jobMetrics: ``name=value`` in words, without values that are empty."""
    words = (f"{name}={value}" for name, value in values.items() if value not in (None, ""))
    text = " ".join(words)
    # A value that is cut is a wrong one.
    return text if len(text) <= METRICS_LENGTH_MAX else text[:METRICS_LENGTH_MAX].rpartition(" ")[0]


def final_fields(
    failure: Failure | None,
    progress: Progress,
    *,
    files: Iterable[StoredFile],
    payload_code: int | None,
    pilot_log: str,
) -> dict[str, object]:
    """Return what the final update has besides: outcome, files to register, timing."""
    end = progress.payload_ended
    report = {each.lfn: each.fields() for each in files}
    fields: dict[str, object] = {
        "endTime": "" if end is None else utc(end),
        "pilotTiming": progress.timing(),
        "pilotErrorCode": failure.code if failure else 0,
        "pilotErrorDiag": failure.diag if failure else "",
        "transExitCode": payload_code,
        "xml": json.dumps(report) if report else "",
        "pilotLog": pilot_log[-PILOT_LOG_LENGTH_MAX:],
    }
    if failure is not None and failure.code in SUB_STATUS:
        fields["jobSubStatus"] = SUB_STATUS[failure.code]
    return fields


def job_report(directory: Path) -> dict[str, object]:
    """Return what the payload says about itself in jobReport.json; nothing if it says nothing.

    A report that is missing or garbage is the payload's business, not a failure of the pilot.
    """
    path = directory / "jobReport.json"
    try:
        text = path.read_text(encoding="utf-8")[:REPORT_LENGTH_MAX]
        report = json.loads(text)
    except (OSError, ValueError):
        return {}
    if not isinstance(report, dict):
        return {}
    fields: dict[str, object] = {"metaData": text}
    if isinstance(report.get("exitCode"), int):
        fields["exeErrorCode"] = report["exitCode"]
        fields["exeErrorDiag"] = str(report.get("exitMsg") or "")[:256]
    return fields


def events_in(report: Mapping[str, object]) -> dict[str, object]:
    """Return how many events the payload says it processed, as a metric, if it says so."""
    try:
        said = json.loads(str(report["metaData"]))["resource"]["transform"]["processedEvents"]
        return {"nEvents": int(said)}
    except (KeyError, TypeError, ValueError):
        return {}
