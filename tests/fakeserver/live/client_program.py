"""Calls of the real panda-client, one a line: runs with that package on its path, not in the tests.

A line is ``[function of pandaclient.Client, arguments, options]`` in JSON, and so is its answer. A
dictionary under ``"job"`` is made a JobSpec, with its files.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pandaclient import Client  # type: ignore[import-not-found]
from pandaclient.FileSpec import FileSpec  # type: ignore[import-not-found]
from pandaclient.JobSpec import JobSpec  # type: ignore[import-not-found]


def real(value: Any) -> Any:
    """Return *value* with the jobs in it as the client's own."""
    if isinstance(value, list):
        return [real(each) for each in value]
    if not isinstance(value, dict) or "job" not in value:
        return value
    job = JobSpec()
    for name, text in value["job"].items():
        setattr(job, name, text)
    for entry in value.get("files", ()):
        file = FileSpec()
        for name, text in entry.items():
            setattr(file, name, text)
        job.addFile(file)
    return job


def plain(value: Any) -> Any:
    """Return *value* with the client's own jobs as dictionaries."""
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, JobSpec):
        return {name: str(getattr(value, name)) for name in JobSpec._attributes}
    return value


def main() -> None:
    """Answer line by line."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # where the client's own talk goes
    for line in sys.stdin:
        function, arguments, options = json.loads(line)
        said = getattr(Client, function)(*real(arguments), **options)
        print(json.dumps(plain(said), default=str), file=answers, flush=True)


if __name__ == "__main__":
    main()
