"""Jobs from the command line: what is asked for becomes what a client submits.

Everything that is wrong with an order is said before anything is sent, with what to do about it.
Read from panda-client@2.2.0:pandaclient/Client.py (submitJobs), JobSpec.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Mapping
from typing import Sequence

from fakeserver.clientjobs import Draft
from fakeserver.jobs import KINDS
from harness.units import duration_s
from harness.units import size_bytes
from simkernel import ScenarioError
from simkernel import nearest

COUNT_MAX = 5000
LABELS = ("managed", "user", "panda", "test", "prod_test", "ptest", "rc_test", "install")
TRANSFORM = "http://pandaserver.sim:25085/trf/user/payload"
SCOPE = "flightsim"
# Clones, consumers of events and merge jobs are made by the server, out of others.
SENT = tuple(kind for kind in KINDS if kind not in ("clone", "event", "merge"))
MEGABYTE = 1_000_000
WHERE = "send-job"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: *count* jobs for *queue*; texts are as they were typed.

    *inputs* are ``LFN`` or ``LFN=SIZE``, *outputs* names. Empty and zero mean that nobody cares.
    """

    queue: str
    count: int = 1
    kind: str = "itb"
    label: str = ""
    name: str = "flightsim.test"
    transformation: str = TRANSFORM
    parameters: str = ""
    inputs: Sequence[str] = ()
    outputs: Sequence[str] = ()
    log: bool = True
    cores: int = 1
    memory: str = ""
    disk: str = ""
    walltime: str = ""
    priority: int = 1000
    attempts: int = 0
    vo: str = ""
    working_group: str = ""


def drafts(order: Order) -> list[Draft]:
    """Return the jobs of *order*, as a client writes them. Raises ScenarioError."""
    check(order)
    return [_draft(order, number) for number in range(1, order.count + 1)]


def check(order: Order) -> None:
    """Raise ScenarioError for an order that makes no sense, with what to do."""
    if not order.queue.strip() or any(sign in order.queue for sign in " ,/"):
        raise wrong("--queue", f"{order.queue!r} cannot be a queue", "give the name of one")
    if not 1 <= order.count <= COUNT_MAX:
        raise wrong("--count", f"{order.count} jobs", f"the server takes 1 to {COUNT_MAX} at once")
    known(order.kind, SENT, option="--kind")
    if order.label:
        known(order.label, LABELS, option="--label")
    if order.cores < 1:
        raise wrong("--cores", f"{order.cores} cores", "a job has one core at least")
    if not order.transformation.startswith(("http://", "https://")):
        why = f"{order.transformation!r} is no URL"
        raise wrong("--transformation", why, "pilots fetch it: http://…")
    if order.attempts < 0:
        raise wrong("--attempts", f"{order.attempts} attempts", "0 for no further ones")
    names = [_lfn(each, option="--output") for each in order.outputs]
    if len(set(names)) != len(names):
        raise wrong("--output", "two outputs have the same name", "give each its own")


def wrong(option: str, what: str, remedy: str) -> ScenarioError:
    """Return the error that *what* was given for *option*."""
    return ScenarioError(what, where=f"{WHERE} {option}", remedy=remedy)


def known(word: str, words: Sequence[str] | Mapping[str, Any], *, option: str) -> None:
    """Raise ScenarioError unless *word* is one of *words*, with the nearest that is."""
    if word in words:
        return
    near = nearest(word, words)
    remedy = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(words)}"
    raise wrong(option, f"unknown {option.lstrip('-')} {word!r}", remedy)


def _draft(order: Order, number: int) -> Draft:
    kind = KINDS[order.kind]
    name = f"{order.name}.{number:05d}"
    files = [_input(each) for each in order.inputs]
    files += [_output(each, name, kind="output") for each in order.outputs]
    if order.log:
        files.append(_output("job.log.tgz", name, kind="log"))
    return {
        "computingSite": order.queue,
        "jobName": name,
        "prodSourceLabel": order.label or kind.label,
        "processingType": kind.processing,
        "jobDefinitionID": number,
        "transformation": order.transformation,
        "jobParameters": order.parameters or " ",
        "coreCount": order.cores,
        "minRamCount": _size(order.memory, option="--memory") // MEGABYTE,
        "maxDiskCount": _size(order.disk, option="--disk") // MEGABYTE,
        "maxWalltime": int(_seconds(order.walltime, option="--walltime")),
        "currentPriority": order.priority,
        "assignedPriority": order.priority,
        "maxAttempt": order.attempts,
        "VO": order.vo or "NULL",
        "workingGroup": order.working_group or "NULL",
        "Files": files,
    }


def _lfn(text: str, *, option: str) -> str:
    name = text.partition("=")[0]
    if not name or "," in name or "/" in name:
        raise wrong(option, f"{text!r} is no name of a file", "a name without comma and slash")
    return name


def _input(text: str) -> Draft:
    name = _lfn(text, option="--input")
    size = _size(text.partition("=")[2], option="--input")
    return {"lfn": name, "type": "input", "fsize": size, "scope": SCOPE, "dataset": f"{SCOPE}:in"}


def _output(text: str, job: str, *, kind: str) -> Draft:
    name = f"{job}.{_lfn(text, option='--output')}"
    return {
        "lfn": name,
        "type": kind,
        "scope": SCOPE,
        "dataset": f"{SCOPE}:out",
        "destinationDBlock": f"{SCOPE}:out",
    }


def _size(text: str, *, option: str) -> int:
    try:
        return size_bytes(text) if text else 0
    except ValueError as error:
        raise wrong(option, str(error), "for example '2 GB'") from None


def _seconds(text: str, *, option: str) -> float:
    try:
        seconds = duration_s(text) if text else 0.0
    except ValueError as error:
        raise wrong(option, str(error), "for example '2h'") from None
    if seconds < 0:
        raise wrong(option, f"{text} is negative", "for example '2h'")
    return seconds
