"""Who sends pilots: cron with tags, and Harvester, pulling and pushing.

Models a turn every so often. Cron sends a fixed number for each of its tags, work or not, as
pilotController did; pull sends as many as there is work for; push sends each pilot with a job
of its own. None of them goes beyond so many idle pilots: what it would have sent is counted.
"""

from __future__ import annotations

from typing import Callable
from typing import Iterator
from typing import Mapping
from typing import NamedTuple

from fakesites.grid.place import Place
from fakesites.grid.records import Job
from fakesites.grid.spec import Tag


class Wanted(NamedTuple):
    """A pilot to be sent: its *tag*, its *cores*, and the *job* it brings."""

    tag: Tag
    cores: int
    job: Job | None = None


def wanted(place: Place) -> Iterator[Wanted]:
    """Yield the pilots to be sent to *place* in this turn."""
    room = max(0, place.site.idle_most - place.batch.idle)
    yield from FACTORIES[place.site.factory](place, room)


def cron(place: Place, room: int) -> Iterator[Wanted]:
    """Send each tag's pilots."""
    for tag in place.site.tags:
        sent = min(tag.each, room)
        place.count.held_back += tag.each - sent
        room -= sent
        for _ in range(sent):
            yield Wanted(tag, place.site.pilot_cores)


def pull(place: Place, room: int) -> Iterator[Wanted]:
    """Send a pilot for each job that waits, less those that wait for a slot already."""
    room = min(room, place.site.each)
    for cores in sorted(place.waiting):
        needed = max(0, len(place.waiting[cores]) - place.batch.idle_by.get(cores, 0))
        sent = min(needed, room)
        place.count.held_back += needed - sent
        room -= sent
        for number in range(sent):
            yield Wanted(_tag(place, number, sent), cores)


def push(place: Place, room: int) -> Iterator[Wanted]:
    """Send a pilot with each job that waits."""
    room = min(room, place.site.each)
    for cores in sorted(place.waiting):
        sent = min(len(place.waiting[cores]), room)
        place.count.held_back += len(place.waiting[cores]) - sent
        room -= sent
        for number in range(sent):
            yield Wanted(_tag(place, number, sent), cores, place.next_job(cores))


FACTORIES: Mapping[str, Callable[[Place, int], Iterator[Wanted]]] = {
    "cron": cron,
    "pull": pull,
    "push": push,
}


def _tag(place: Place, number: int, sent: int) -> Tag:
    """Return the tag of the *number*th of *sent* pilots, each tag by its share."""
    tags = place.site.tags
    mark, whole = (number + 0.5) / sent, sum(tag.share for tag in tags)
    for tag in tags:
        mark -= tag.share / whole
        if mark <= 0:
            return tag
    return tags[-1]
