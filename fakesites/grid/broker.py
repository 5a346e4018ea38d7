"""Which site a job goes to.

Models three policies: *data* prefers the site that holds the input unless it is much busier,
*load* goes by the queue alone, *trace* sends a job to where it ran. Ties go by the order of the
sites in the grid. Not modelled: PanDA's own brokerage, of which fakeserver has the rules.
"""

from __future__ import annotations

from typing import Callable
from typing import Mapping
from typing import Sequence

from fakesites.grid.place import Place
from fakesites.grid.records import Job

Policy = Callable[[Job, Sequence[Place]], "Place | None"]

# How much waiting work for each slot a remote read is worth.
REMOTE_COST = 0.5


def by_load(job: Job, places: Sequence[Place]) -> Place | None:
    """Return the place with the least work waiting for each of its slots, None if none fits."""
    return _least(places, job, source="")


def by_data(job: Job, places: Sequence[Place]) -> Place | None:
    """Return the place with the least work waiting, where what is remote costs more."""
    return _least(places, job, source=job.source)


def by_trace(job: Job, places: Sequence[Place]) -> Place | None:
    """Return where the job ran, or what *by_data* says if that is unknown."""
    for place in places:
        if place.site.name == job.site and place.takes(job):
            return place
    return by_data(job, places)


POLICIES: Mapping[str, Policy] = {"data": by_data, "load": by_load, "trace": by_trace}


def _least(places: Sequence[Place], job: Job, *, source: str) -> Place | None:
    best, least = None, float("inf")
    for place in places:
        score = place.load / place.slots
        if source and place.site.name != source:
            score += REMOTE_COST
        if score < least and place.takes(job):
            best, least = place, score
    return best
