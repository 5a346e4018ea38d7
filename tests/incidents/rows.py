"""The rows of the catalogue of incidents, and those that have no scenario, with the reason."""

from __future__ import annotations

ROWS = {
    "INC-001": "the job monitor stops because another thread has set the state failed",
    "INC-003": "tobekilled in the answer to the first running update is never handled",
    "INC-005": "the pilot stops before a slow server has answered the final update",
    "INC-007": "a kill in a list of commands, 'debug,tobekilled', is ignored",
    "INC-009": "no heartbeat during a long stage-in",
    "INC-011": "monitor and main thread both send a final state",
    "INC-013": "the pilot hangs after a getJob that was never answered",
    "INC-015": "ten minutes of waiting for a second job that timefloor 0 forbids",
    "INC-017": "a kill between payload and final update: the pilot waits for itself",
    "INC-019": "no heartbeat while the log is transferred after a kill",
    "INC-021": "the work directory's limit is an eighth for every job of one core",
    "INC-023": "the memory limit is read from a cgroup in which no payload is",
    "INC-025": "a kill for memory is reported as a signal",
    "INC-027": "absurd CPU times from /proc stop the monitoring",
    "INC-029": "values of the memory monitor are texts, not numbers",
    "INC-031": "the code of a too large work directory is overwritten by that of ls",
    "INC-033": "a file vanishes between find and stat",
    "INC-035": "the core file of another program fails the job",
    "INC-037": "a file vanishes while the work directory is measured",
    "INC-039": "core counts are lost: list.append() returns None",
    "INC-041": "preemption on Kubernetes is reported as SIGTERM",
    "INC-043": "a thread of a library that never ends keeps the pilot from exiting",
    "INC-045": "a suspended job is killed as looping",
    "INC-047": "the pilot kills the bash of the batch system",
    "INC-049": "the signal of one job reaches the next one",
    "INC-051": "waiting for the output of a command that left a daemon behind",
    "INC-053": "the memory monitor is started again after the payload has ended",
    "INC-055": "the exit code of a clean-up becomes that of the payload",
    "INC-057": "running is told before the payload runs",
    "INC-059": "the limit after which a job is lost is not read",
    "INC-061": "no contact to the server on one of two IP stacks",
    "INC-063": "diagnostics that are no text break the final update",
    "INC-065": "a request without a time limit",
    "INC-067": "an exception while messages are sent elsewhere costs the final update",
    "INC-069": "a failed download of a proxy is not seen: == in place of =",
    "INC-071": "arcproxy lacks a library, and pilots refuse to work",
    "INC-073": "the second job uses the first one's proxy",
    "INC-075": "proxy or token in logs and in the tail of debug mode",
    "INC-077": "debug mode without a stdout ends the heartbeat",
    "INC-079": "a transfer's function ends without a result",
    "INC-081": "the check of remote files goes wrong in three ways",
    "INC-083": "an empty reason overwrites the message of a time-out",
    "INC-085": "large files are killed by a fixed time limit",
    "INC-087": "the wrong replica is taken",
    "INC-089": "a job without output files crashes the stage-out",
    "INC-091": "every payload error becomes a setup error",
    "INC-093": "a queue's catchall is applied where it does not belong",
    "INC-095": "a dead /cvmfs is not noticed",
    "INC-097": "stage-in goes on after a kill",
    "INC-099": "a program of /usr/sbin is not found",
    "INC-101": "an exit code that is none of the pilot's is told as pilot error",
    "INC-103": "the tarball of the log fails on a directory",
    "INC-105": "an argument list that is too long",
    "INC-107": "stale definitions of storages on /cvmfs",
    "INC-109": "what a tool says on stderr is read as its result",
    "INC-111": "the wrapper takes python 3.10 for 3.1",
    "INC-113": "the wrapper fails healthy sites because of one repository",
    "INC-115": "the wrapper starts a pilot without the queue's options",
    "INC-117": "exit code 80 looks like a generic failure",
    "INC-119": "the wrapper ignores a broken setup",
    "INC-121": "the worker's message says nothing",
}

_WRAPPER = "the wrapper's or Harvester's: no pilot can suffer from it"
_NOT_YET = "not done"

ABSENT = {
    # A, C, D
    **{f"INC-{n:03}": _NOT_YET for n in (*range(1, 20, 2), *range(41, 68, 2)) if n not in (3, 19)},
    # B, E, F
    **{f"INC-{n:03}": _NOT_YET for n in (87,)},
    # G
    **{f"INC-{n:03}": _WRAPPER for n in range(111, 122, 2)},
}
