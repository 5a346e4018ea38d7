"""Calls of the real Harvester's communicator, one a line: runs in its own environment.

A line is ``[method of PandaCommunicator, arguments]`` in JSON, and so is its answer. A dictionary
under ``"job"`` or ``"worker"`` is made a JobSpec or a WorkSpec.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pandaharvester.harvestercommunicator.panda_communicator import PandaCommunicator  # type: ignore[import-not-found]
from pandaharvester.harvestercore.job_spec import JobSpec  # type: ignore[import-not-found]
from pandaharvester.harvestercore.work_spec import WorkSpec  # type: ignore[import-not-found]

SPECS = {"job": JobSpec, "worker": WorkSpec}


def real(value: Any) -> Any:
    """Return *value* with the jobs and workers in it as Harvester's own."""
    if isinstance(value, list):
        return [real(each) for each in value]
    kind = next((name for name in SPECS if isinstance(value, dict) and name in value), None)
    if kind is None:
        return value
    made = SPECS[kind]()
    for name, text in value[kind].items():
        setattr(made, name, text)
    return made


def main() -> None:
    """Answer line by line."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # where Harvester's own talk goes
    communicator = PandaCommunicator()
    for line in sys.stdin:
        method, arguments = json.loads(line)
        said = getattr(communicator, method)(*real(arguments))
        print(json.dumps(said, default=str), file=answers, flush=True)


if __name__ == "__main__":
    main()
