"""The rules by which a job goes to a pilot, each a function with a name.

Dispatch asks them of each shape of job at the queue; *why does this job wait* asks them of the
pilots that came by. A rule returns why not, in words, or nothing.
Read from panda-server@9cc36033:taskbuffer/db_proxy_mods/job_complex_module.py#L2061
(construct_where_clause); country and working group from panda-server@9e744112:
taskbuffer/OraDBProxy.py (getJobs). Cores, VO, application and pilot version were rules of early
PanDA; the present server leaves them to brokerage, and so does a job or queue that names none.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Callable
from typing import Mapping

from fakeserver.identity import compact
from fakeserver.jobs import JobSpec
from fakeserver.matching.labels import effective_label
from fakeserver.matching.labels import stands_for
from fakeserver.matching.request import JobRequest
from fakeserver.matching.shape import Shape


@dataclass(frozen=True, slots=True)
class Asking:
    """A pilot's *request*, the *queue* that it is for, and the *label* that it amounts to."""

    request: JobRequest
    queue: Mapping[str, Any] = field(default_factory=dict)
    cross_vo: bool = True

    @property
    def label(self) -> str:
        """Return the label that counts."""
        return effective_label(self.request, self.queue)


Refuses = Callable[[Shape, Asking], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: *refuses* returns why a job of that shape does not go to that pilot, or nothing."""

    name: str
    about: str
    refuses: Refuses


RULES: list[Rule] = []


def rule(about: str) -> Callable[[Refuses], Refuses]:
    """Enter the decorated function as a rule under its own name."""

    def enter(refuses: Refuses) -> Refuses:
        RULES.append(Rule(refuses.__name__.rstrip("_"), about, refuses))
        return refuses

    return enter


@rule("the pilot's label stands for that of the job")
def label(shape: Shape, asking: Asking) -> str:
    """Refuse a job of another label."""
    asked = asking.label
    # At unified queues a pilot for tests that belongs to a user gets nothing but robots' jobs.
    only_robots = asking.queue.get("type") == "unified" and asking.request.job_type == "user"
    fits = stands_for(
        asked,
        shape.label,
        processing=shape.processing,
        element=asking.request.element,
        only_robots=only_robots,
    )
    return "" if fits else f"the pilot asks for {asked or 'production'}, the job is {shape.label}"


@rule("the pilot's credential is of the job's VO, unless queue or policy allow another")
def vo(shape: Shape, asking: Asking) -> str:
    """Refuse a job of another VO."""
    own = asking.request.vo
    crossing = bool(asking.queue.get("cross_vo", asking.cross_vo))
    if not shape.vo or not own or own == shape.vo or crossing:
        return ""
    return f"the pilot is of {own}, the job of {shape.vo}"


@rule("the pilot has the application that the job names")
def application(shape: Shape, asking: Asking) -> str:
    """Refuse a job of another application."""
    return _among("application", shape.application, asking.request.application)


@rule("the queue has as many cores as the job needs")
def cores(shape: Shape, asking: Asking) -> str:
    """Refuse a job with more cores."""
    return _enough("cores", shape.cores, _whole(asking.queue.get("corecount")))


@rule("the pilot has as much memory (MB) as the job needs")
def memory(shape: Shape, asking: Asking) -> str:
    """Refuse a job with more memory."""
    return _enough("MB of memory", shape.memory, asking.request.memory)


@rule("the pilot has as much disk (MB) as the job needs")
def disk(shape: Shape, asking: Asking) -> str:
    """Refuse a job with more disk."""
    return _enough("MB of disk", shape.disk, asking.request.disk)


@rule("the pilot has as much time left (s) as the job may take")
def walltime(shape: Shape, asking: Asking) -> str:
    """Refuse a job that takes longer."""
    return _enough("s of time", shape.walltime, asking.request.remaining_time)


@rule("the resource type is the one that the pilot wants")
def resource_type(shape: Shape, asking: Asking) -> str:
    """Refuse a job of another resource type."""
    return _asked_for("resource type", asking.request.resource_type, shape.resource_type)


@rule("the job is of a country that the pilot is for (analysis only)")
def country_group(shape: Shape, asking: Asking) -> str:
    """Refuse a job of another country."""
    if asking.label != "user" or asking.request.other_country:
        return ""
    return _member("country group", shape.country_group, asking.request.country_group)


@rule("the job is of a working group that the pilot is for (analysis only)")
def working_group(shape: Shape, asking: Asking) -> str:
    """Refuse a job of another working group."""
    if asking.label != "user":
        return ""
    return _member("working group", shape.working_group, asking.request.working_group)


@rule("a pilot that says its version gets jobs that ask for it, or for none")
def pilot_version(shape: Shape, asking: Asking) -> str:
    """Refuse a job that asks for another version; 3.7 stands for every 3.7.x."""
    own = asking.request.version
    if not shape.version or not own or f"{own}.".startswith(f"{shape.version}."):
        return ""
    return f"the pilot is {own}, the job asks for {shape.version}"


@rule("a pilot for background jobs gets only those")
def background(shape: Shape, asking: Asking) -> str:
    """Refuse an ordinary job to a pilot for background jobs."""
    if not asking.request.background or shape.background:
        return ""
    return "the pilot wants background jobs"


def _enough(what: str, need: int, there: int) -> str:
    if not need or not there or need <= there:
        return ""
    return f"the job needs {need} {what}, there are {there}"


def _among(what: str, wanted: str, there: str) -> str:
    if not wanted or not there or wanted in there.split(","):
        return ""
    return f"the job needs {what} {wanted}, there is {there}"


def _member(what: str, own: str, wanted: str) -> str:
    if not wanted or own in wanted.split(","):
        return ""
    return f"the pilot is for {what} {wanted}, the job is of {own or 'none'}"


def _whole(value: Any) -> int:
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        return 0


def obstacle(shape: Shape, asking: Asking) -> str:
    """Return why no job of *shape* goes to that pilot: the first rule and its words, or nothing."""
    for each in RULES:
        why = each.refuses(shape, asking)
        if why:
            return f"{each.name}: {why}"
    return ""


def obstacles(shape: Shape, spec: JobSpec, asking: Asking) -> list[str]:
    """Return every rule that keeps the job *spec* from that pilot, in words."""
    found = [f"{each.name}: {why}" for each in RULES if (why := each.refuses(shape, asking))]
    return found + [f"{name}: {why}" for name, why in personal(spec, asking.request) if why]


def personal(spec: JobSpec, request: JobRequest) -> list[tuple[str, str]]:
    """Return why the job is not what was asked for by name: user, task."""
    user, task = wanted_user(request), wanted_task(request)
    return [
        ("same_user", _asked_for("user", user, compact(spec.user))),
        ("task", _asked_for("task", task, str(spec.task_id))),
    ]


def _asked_for(what: str, wanted: str, own: str) -> str:
    return "" if not wanted or wanted == own else f"the pilot wants {what} {wanted}, not {own}"


def wanted_user(request: JobRequest) -> str:
    """Return the name of the only user whose jobs are wanted, or nothing."""
    return compact(request.user) if request.user else ""


def wanted_task(request: JobRequest) -> str:
    """Return the only task whose jobs are wanted, or nothing."""
    return "" if request.task == "NULL" else request.task
