"""What many jobs cost the model of the server: CPU microseconds a request, and bytes a job.

    python -m bench.server_jobs --jobs 1000 --jobs 10000 --jobs 100000
    python -m bench.server_jobs --jobs 10000 --distinct

Each row is a server with so many jobs that wait, of *tasks* tasks by *users* users at four
queues. Then pilots ask, report and end jobs; each figure is CPU time of this process over the
number of requests (noisy, as any timing), the journal's and hypothesis' share left out. A last
column tells how often a rule was asked for one dispatch: a count, the same every time.
"""

from __future__ import annotations

import argparse
import json
import time
import tracemalloc
from dataclasses import dataclass
from random import Random
from typing import Callable

from fakeserver import InputFile
from fakeserver import JobSpec
from fakeserver import OutputFile
from fakeserver import PandaServer
from fakeserver.dispatch import JobRequest
from fakeserver.matching import rules
from fakeserver.operation import counts
from fakeserver.operation import why_waiting
from fakeserver.updates import read_update
from simkernel import Journal

EPOCH = 1_772_352_000.0
QUEUES = ("BNL_ATLAS_1", "UC_ITB", "CERN", "SARA")
USERS = 20
JOBS_A_TASK = 500
REQUESTS = 500
LABELS = ("managed", "user", "unified")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of figures: microseconds of CPU, bytes, counts."""

    jobs: int
    define_us: float
    acquire_us: float
    update_us: float
    final_us: float
    reap_us: float
    counts_us: float
    why_us: float
    bytes_a_job: float
    rules_a_dispatch: float


def job(number: int, *, distinct: bool) -> JobSpec:
    """Return the *number*-th job; *distinct* lets no two need the same memory."""
    task = number // JOBS_A_TASK
    return JobSpec(
        number + 1,
        QUEUES[number % len(QUEUES)],
        kind="analysis" if task % 2 else "production",
        task_id=task + 1,
        inputs=(InputFile(f"in.{number}", guid="1-1", size=100, adler32="f65bfee9"),),
        outputs=(OutputFile(f"out.{number}", endpoint="BNL_DATADISK"),),
        log=OutputFile(f"{number}.log.tgz", guid="2-2", endpoint="BNL_DATADISK"),
        transformation="http://pandaserver.sim:25085/trf/user/payload",
        job_pars=f"--flightsim-job {number}",
        core_count=8 if task % 3 else 1,
        min_ram_count=1 + number if distinct else 1000 + 500 * (task % 4),
        user=f"/DC=sim/CN=User {task % USERS}",
        priority=1000 - task % 50,
    )


def server() -> PandaServer:
    """Return an empty server that journals nothing."""
    journal = Journal(lambda: 0.0)
    journal.seal()
    return PandaServer(lambda: EPOCH, journal, rng=Random("1/server"))


def timed(calls: list[Callable[[], object]]) -> float:
    """Return CPU microseconds a call."""
    begun = time.process_time()
    for call in calls:
        call()
    return (time.process_time() - begun) / len(calls) * 1e6


def report_of(panda_id: int) -> str:
    """Return the report of a final update."""
    files = {"guid": "3-3", "fsize": 500, "adler32": "0a0b0c0d", "endpoint": "X"}
    return json.dumps({f"out.{panda_id - 1}": files, f"{panda_id - 1}.log.tgz": files})


def measure(jobs: int, *, distinct: bool) -> Row:
    """Return the figures of a server with *jobs* jobs."""
    made = server()
    specs = [job(number, distinct=distinct) for number in range(jobs)]
    tracemalloc.start()
    define = [lambda spec=spec: made.define_job(spec) for spec in specs[: jobs // 2]]
    for call in define:
        call()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    bytes_a_job = held / max(1, jobs // 2)
    define_us = timed([lambda spec=spec: made.define_job(spec) for spec in specs[jobs // 2 :]])
    return _requests(made, jobs, define_us=define_us, bytes_a_job=bytes_a_job)


def _requests(made: PandaServer, jobs: int, *, define_us: float, bytes_a_job: float) -> Row:
    given: list[int] = []
    asked = _count_rules()

    def acquire(number: int) -> None:
        request = JobRequest(QUEUES[number % 4], LABELS[number % 3], element="ce", memory=4000)
        records = made.dispatch(request, who="pilot", now=EPOCH)
        given.extend(int(record["PandaID"]) for record in records)

    many = min(REQUESTS, jobs // 2)
    acquire_us = timed([lambda number=number: acquire(number) for number in range(many)])
    rules_a_dispatch = asked[0] / many

    def say(panda_id: int, state: str, **fields: object) -> None:
        values = {"jobId": panda_id, "state": state, "attemptNr": 1, **fields}
        made.update(read_update(values), who="pilot", now=EPOCH + 1)

    update_us = timed([lambda each=each: say(each, "running") for each in given])
    final_us = timed(
        [lambda each=each: say(each, "finished", xml=report_of(each)) for each in given]
    )
    reap_us = timed([lambda: made.reap(EPOCH + 2)] * 20)
    some = made.jobs[jobs]
    return Row(
        jobs=jobs,
        define_us=define_us,
        acquire_us=acquire_us,
        update_us=update_us,
        final_us=final_us,
        reap_us=reap_us,
        counts_us=timed([lambda: counts(made.table)] * 5),
        why_us=timed([lambda: why_waiting(made, some)] * 5),
        bytes_a_job=bytes_a_job,
        rules_a_dispatch=rules_a_dispatch,
    )


def _count_rules() -> list[int]:
    """Count from now on how often the first rule is asked."""
    asked = [0]
    first = rules.RULES[0]
    refuses = first.refuses

    def counted(shape: rules.Shape, asking: rules.Asking) -> str:
        asked[0] += 1
        return refuses(shape, asking)

    rules.RULES[0] = rules.Rule(first.name, first.about, counted)
    return asked


def main() -> None:
    """Measure what the command line asks for and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--jobs", type=int, action="append", default=None)
    parser.add_argument("--distinct", action="store_true", help="the worst case for dispatch")
    options = parser.parse_args()
    heads = ("define", "acquire", "update", "final", "reap", "counts", "why")
    print(f"{'jobs':>8}" + "".join(f"{head:>10}" for head in heads) + "   bytes/job  rules/acquire")
    for jobs in options.jobs or [1000, 10000, 100000]:
        row = measure(jobs, distinct=options.distinct)
        figures = "".join(f"{getattr(row, head + '_us'):>10.0f}" for head in heads)
        print(f"{row.jobs:>8}{figures}{row.bytes_a_job:>12.0f}{row.rules_a_dispatch:>15.1f}")


if __name__ == "__main__":
    main()
