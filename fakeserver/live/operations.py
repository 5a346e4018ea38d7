"""What operators ask of the control plane: how it goes, what waits for what, alarms, people."""

from __future__ import annotations

from typing import Any

from fakeserver.live.control import Order
from fakeserver.live.control import control
from fakeserver.operation import datasets
from fakeserver.operation import durations
from fakeserver.operation import health
from fakeserver.operation import processed
from fakeserver.operation import schedulers
from fakeserver.operation import why_waiting
from fakeserver.people import GROUP
from fakeserver.people import USER
from simkernel import ScenarioError

OPERATOR = "operator"


@control("GET", "health", about="the whole server on one line")
def show_health(order: Order) -> Any:
    """Return the counts, and whether all is well."""
    with order.live.effect() as model:
        return health(model, now=order.live.clock.now())


@control("GET", "waiting", about="?job=ID: why does this job wait")
def show_waiting(order: Order) -> Any:
    """Return since when and why a job waits."""
    number = order.whole("job", 0)
    with order.live.effect() as model:
        if number not in model.jobs:
            raise ScenarioError(f"no job {number}", where="waiting")
        return why_waiting(model, model.jobs[number])


@control("GET", "durations", about="how long jobs take from state to state, in seconds")
def show_durations(order: Order) -> Any:
    """Return distributions by production and analysis, and by phase."""
    with order.live.effect() as model:
        return durations(model.jobs.values())


@control("GET", "schedulers", about="who sends pilots, and when each was heard of")
def show_schedulers(order: Order) -> Any:
    """Return the schedulers."""
    with order.live.effect() as model:
        return schedulers(model, now=order.live.clock.now())


@control("GET", "datasets", about="files and status of each dataset; ?task=ID: of one task")
def show_datasets(order: Order) -> Any:
    """Return what jobs read and write."""
    task = order.whole("task", 0)
    with order.live.effect() as model:
        jobs = model.table.of_task(task).values() if task else model.jobs.values()
        return datasets(jobs)


@control("GET", "processed", about="?jobset=ID: what of its events is processed so far")
def show_processed(order: Order) -> Any:
    """Return the event ranges of a jobset that are done, and the pieces that they became."""
    with order.live.effect() as model:
        return processed(model.ranges, order.whole("jobset", 0))


@control("GET", "alarms", about="the alarms that are on")
def show_alarms(order: Order) -> Any:
    """Return the alarms, the oldest first."""
    with order.live.effect() as model:
        return model.alarms.present()


@control(
    "POST",
    "alarms",
    about='{"about": WHAT, "text": TEXT} raises one; {"acknowledge": KEY} or {"clear": KEY}',
)
def change_alarms(order: Order) -> Any:
    """Raise an alarm by hand, or say that one is known or over; return those that are on."""
    body, now = order.body, order.live.clock.now()
    by = str(body.get("by", OPERATOR))
    with order.live.effect() as model:
        if "about" in body and "text" in body:
            model.alarms.register(str(body["about"]), str(body["text"]), by=by, now=now)
        elif "acknowledge" in body:
            _done(model.alarms.acknowledge(str(body["acknowledge"]), by=by), body["acknowledge"])
        elif "clear" in body:
            _done(model.alarms.clear(str(body["clear"]), now=now), body["clear"])
        else:
            raise ScenarioError("about and text, acknowledge, or clear is wanted", where="alarms")
        return model.alarms.present()


def _done(done: bool, key: object) -> None:
    if not done:
        raise ScenarioError(f"no alarm {key!r} to do that to", where="alarms")


@control("GET", "people", about="users and groups: what they may, and what they used in 7 days")
def show_people(order: Order) -> Any:
    """Return the table of people with their usage."""
    now = order.live.clock.now()
    with order.live.effect() as model:
        people = model.people
        rooms = ((USER, people.users), (GROUP, people.groups))
        return {
            f"{kind}s": {
                name: dict(described)
                | {
                    "used": people.used(kind, name, now=now),
                    "over_quota": people.over_quota(kind, name, now=now),
                }
                for name, described in room.items()
            }
            for kind, room in rooms
        }
