"""Files registered are the files on storage: the same place, size and checksum, and none missed.

Read from the seed systems W05 (register checksum and size) and W10 (a file of size 0 must not
be registered as good), and panda-server@9cc3603:pandaserver/dataservice/adder_gen.py.
"""

from __future__ import annotations

from harness.checkers._registry import checker
from harness.checkers._shelf import Shelf
from harness.checkers._shelf import Stored
from harness.checkers._shelf import at_place
from harness.checkers._shelf import plain_adler32
from harness.checkers._shelf import shelf
from harness.findings import Finding
from harness.findings import moment
from harness.record import Flight
from harness.record import JobView
from harness.record_fields import number_of
from harness.record_sends import FINAL_STATES
from simkernel import Event

NAME = "files-registered"

# What of the server settles a job by the pilot's report of its files.
ADDER = "adder"


@checker(NAME, about="what is registered is on storage with that size and checksum, and vice versa")
def files_registered(flight: Flight) -> list[Finding]:
    """Find registered files that are not there or not the same, and stored ones unregistered."""
    files = shelf(flight)
    findings = []
    for job in flight.jobs():
        for event in job.of("file.registered"):
            findings += _registered(event, job=job.job, files=files)
        findings += _rejected(job)
        if job.state == "finished":
            findings += _forgotten(job, files)
    return findings


def _registered(event: Event, *, job: str, files: Shelf) -> list[Finding]:
    lfn, endpoint = str(event["lfn"]), str(event.get("endpoint") or "")
    place = str(event.get("surl") or "")
    faults = []
    if number_of(event.get("bytes")) == 0:
        faults.append("its registered size is 0")
    stored = at_place(files, place=place, endpoint=endpoint, lfn=lfn)
    if stored is None:
        faults.append(f"nothing is stored at {place or 'any place of that name'}")
    else:
        faults += _differences(event, stored, endpoint=endpoint)
    witnesses = (event.n,) if stored is None else (event.n, stored.n)
    begin = f"job {job} registered {lfn} at {moment(event.t)}, but "
    return [Finding(NAME, begin + fault, event.t, job, witnesses) for fault in faults]


def _differences(event: Event, stored: Stored, *, endpoint: str) -> list[str]:
    faults = []
    if number_of(event.get("bytes")) != stored.bytes:
        faults.append(f"as {event.get('bytes')} bytes where {stored.bytes} are stored")
    # A pilot may have reported an md5sum instead, which the journal does not have.
    claimed = plain_adler32(event.get("adler32"))
    if claimed and claimed != stored.adler32:
        faults.append(f"with adler32 {claimed} where {stored.adler32} is stored")
    if endpoint and endpoint != stored.endpoint:
        faults.append(f"at {endpoint} where it is stored at {stored.endpoint}")
    return faults


def _forgotten(job: JobView, files: Shelf) -> list[Finding]:
    registered = {str(event["lfn"]) for event in job.of("file.registered")}
    last = job.of("job.state")[-1]
    return [
        Finding(
            NAME,
            f"job {job.job} finished and left {lfn} on {stored.endpoint} at {moment(stored.t)} "
            f"({stored.bytes} bytes) without registering it",
            last.t,
            job.job,
            (stored.n, last.n),
        )
        for lfn in (*job.outputs, *filter(None, [job.log]))
        if lfn not in registered
        for stored in files.get(lfn, [])[-1:]
    ]


def _rejected(job: JobView) -> list[Finding]:
    """Find jobs that their pilot called finished, and whose report the server did not accept."""
    said = [event for event in job.of("job.update") if event["state"] in FINAL_STATES]
    if job.is_clone or not said or said[-1]["state"] != "finished":
        return []
    return [
        Finding(
            NAME,
            f"job {job.job} is finished to {said[-1]['pilot']} since {moment(said[-1].t)}, but the "
            f"server does not accept its files: {event.get('reason')}",
            event.t,
            job.job,
            (said[-1].n, event.n),
        )
        for event in job.of("job.state")
        if event.n > said[-1].n and event["new"] == "failed" and event.get("by") == ADDER
    ]
