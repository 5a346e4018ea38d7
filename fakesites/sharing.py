"""Links that their flows share fairly: max-min rates, exactly.

Models fluid flows over one or several links: no flow can be faster but at the cost of one that is
not faster than it. Flows of one route (the same links, the same limit) have the same rate at all
times, so each route counts its bytes once, as virtual service time: a flow is over when its
route has served what it asked for. A start or an end costs O(log n) on a link by itself; where
links meet, the routes of all links that are crowded together are filled with water again.
Not modelled: packets, slow start, round trips. The time is always given; nothing here waits.

After Bertsekas and Gallager, Data Networks, 6.5.2 (progressive filling), and Parekh and
Gallager, 1993 (virtual time of generalised processor sharing).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from dataclasses import field
from heapq import heapify
from heapq import heappop
from heapq import heappush
from typing import Any
from typing import Iterable

# Dues that no longer hold are thrown away when there are this many for each route that runs.
STALE_MAX = 8


@dataclass(slots=True, eq=False)
class SharedLink:
    """Something with a *capacity* in bytes a second: a path, a storage element, a door."""

    name: str
    capacity: float
    demand: float = 0.0
    routes: dict[Route, None] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Bytes a second that its flows have by now, together."""
        return sum(route.rate * len(route.flows) for route in self.routes)

    @property
    def is_crowded(self) -> bool:
        """Whether its flows want more than there is; if not, it limits none of them."""
        return self.demand > self.capacity


@dataclass(slots=True, eq=False)
class Route:
    """The flows over the same *links* with the same *limit*; *level* is what each was served."""

    links: tuple[SharedLink, ...]
    limit: float
    most: float
    rate: float = 0.0
    level: float = 0.0
    at: float = 0.0
    version: int = 0
    flows: list[tuple[float, int, Flow]] = field(default_factory=list)

    def catch_up(self, now: float) -> None:
        """Serve up to *now*."""
        if now > self.at:
            self.level += self.rate * (now - self.at)
            self.at = now


@dataclass(slots=True, eq=False)
class Flow:
    """*size* bytes on their way; *tag* is the caller's own; *over* once it has ended."""

    route: Route
    size: float
    target: float
    tag: Any = None
    over: bool = False
    sent: float = 0.0

    @property
    def rate(self) -> float:
        """Bytes a second by now."""
        return 0.0 if self.over else self.route.rate

    def moved(self, now: float) -> float:
        """Return how many bytes have passed by *now*."""
        if self.over:
            return self.sent
        level = self.route.level + self.route.rate * (now - self.route.at)
        return min(self.size, max(0.0, level - self.target + self.size))


class Sharing:
    """All the flows of a world; every method is given the time, which never goes back."""

    def __init__(self) -> None:
        self._routes: dict[tuple[tuple[SharedLink, ...], float], Route] = {}
        self._dues: list[tuple[float, int, int, Route]] = []
        self._count = 0
        self._running = 0
        self.active = 0

    def start(
        self,
        now: float,
        links: tuple[SharedLink, ...],
        size: float,
        *,
        limit: float = math.inf,
        tag: Any = None,
    ) -> Flow:
        """Begin a flow of *size* bytes over *links*, at most *limit* bytes a second."""
        route = self._route(links, limit)
        route.catch_up(now)
        if not route.flows:
            # An idle route begins at nought, lest the bytes of days cost digits.
            route.level = 0.0
            self._running += 1
            for link in links:
                link.routes[route] = None
        flow = Flow(route, size, route.level + size, tag)
        self._count += 1
        self.active += 1
        heappush(route.flows, (flow.target, self._count, flow))
        for link in links:
            link.demand += route.most
        self._settle(now, route)
        return flow

    def stop(self, now: float, flow: Flow) -> float:
        """Break *flow* off; return how many bytes had passed."""
        if not flow.over:
            flow.sent = flow.moved(now)
            route = flow.route
            route.flows = [each for each in route.flows if each[2] is not flow]
            heapify(route.flows)
            self._leave(now, route, (flow,))
        return flow.sent

    def resize(self, now: float, link: SharedLink, capacity: float) -> None:
        """Give *link* another *capacity*, from *now* on; with 0 its flows stand still."""
        touched = dict.fromkeys(self._together(link.routes))
        link.capacity = capacity
        for route in link.routes:
            most = _most(route.links, route.limit)
            for each in route.links:
                each.demand += (most - route.most) * len(route.flows)
            route.most = most
        touched.update(dict.fromkeys(self._together(link.routes)))
        for key, route in list(self._routes.items()):
            if link in key[0] and not route.flows:
                del self._routes[key]
        self._fill(now, list(touched), changed=None)

    def due(self) -> float:
        """Return when the next flow ends if nothing else happens, or infinity."""
        dues = self._dues
        while dues:
            when, _, version, route = dues[0]
            if version == route.version:
                return when
            heappop(dues)
        return math.inf

    def ended(self, now: float) -> list[Flow]:
        """End the flows that are due by *now* and return them, first those that were due first."""
        over: list[Flow] = []
        while self.due() <= now:
            when, _, _, route = heappop(self._dues)
            route.catch_up(when)
            # What rounding has left over is no byte.
            route.level = max(route.level, route.flows[0][0])
            leaving = []
            while route.flows and route.flows[0][0] <= route.level:
                flow = heappop(route.flows)[2]
                flow.sent = flow.size
                leaving.append(flow)
            self._leave(route.at, route, leaving)
            over += leaving
        return over

    def _route(self, links: tuple[SharedLink, ...], limit: float) -> Route:
        key = (links, limit)
        route = self._routes.get(key)
        if route is None:
            route = self._routes[key] = Route(links, limit, _most(links, limit))
        return route

    def _leave(self, now: float, route: Route, flows: Iterable[Flow]) -> None:
        touched = self._together((route,))
        for flow in flows:
            flow.over = True
            self.active -= 1
            for link in route.links:
                link.demand -= route.most
        if not route.flows:
            self._running -= 1
            for link in route.links:
                del link.routes[route]
                if not link.routes:
                    link.demand = 0.0
        self._fill(now, touched, changed=route)

    def _settle(self, now: float, route: Route) -> None:
        self._fill(now, self._together((route,)), changed=route)

    def _together(self, first: Iterable[Route]) -> list[Route]:
        """Return *first* and all routes whose rates hang together with theirs, in one order."""
        found = list(first)
        seen = set(found)
        links: set[SharedLink] = set()
        # The list grows while it is walked; the sets are only asked, never walked.
        for route in found:
            for link in route.links:
                if link.demand <= link.capacity or link in links:
                    continue
                links.add(link)
                for other in link.routes:
                    if other not in seen:
                        seen.add(other)
                        found.append(other)
        return found

    def _fill(self, now: float, routes: list[Route], *, changed: Route | None) -> None:
        for route, rate in _rates([each for each in routes if each.flows]):
            if rate == route.rate and route is not changed:
                continue
            route.catch_up(now)
            route.rate = rate
            self._expect(route)
        if changed is not None and not changed.flows:
            changed.rate = 0.0
            changed.version += 1

    def _expect(self, route: Route) -> None:
        """Note when the next flow of *route* ends."""
        route.version += 1
        if route.rate <= 0.0:
            return
        left = route.flows[0][0] - route.level
        when = route.at + max(0.0, left) / route.rate
        self._count += 1
        heappush(self._dues, (when, self._count, route.version, route))
        if len(self._dues) > STALE_MAX * (self._running + STALE_MAX):
            self._dues = [each for each in self._dues if each[2] == each[3].version]
            heapify(self._dues)


def _most(links: tuple[SharedLink, ...], limit: float) -> float:
    """Return what a flow can have at most, alone on its links."""
    return min([limit, *[link.capacity for link in links]])


def _rates(routes: list[Route]) -> list[tuple[Route, float]]:
    """Return the max-min rate of one flow of each of *routes*, which hang together."""
    if len(routes) == 1:
        return [(routes[0], _alone(routes[0]))]
    left: dict[SharedLink, float] = {}
    users: dict[SharedLink, int] = {}
    for route in routes:
        for link in route.links:
            if link.demand > link.capacity:
                left[link] = link.capacity
                users[link] = users.get(link, 0) + len(route.flows)
    return _filled(routes, left, users)


def _alone(route: Route) -> float:
    rate = route.most
    for link in route.links:
        if link.demand > link.capacity:
            rate = min(rate, link.capacity / len(route.flows))
    return rate


def _filled(
    routes: list[Route], left: dict[SharedLink, float], users: dict[SharedLink, int]
) -> list[tuple[Route, float]]:
    """Raise all rates together; whoever meets its own limit, or a full link, stays there."""
    rates: dict[Route, float] = {}
    waiting = sorted(routes, key=_limit_of)
    first = 0
    while len(rates) < len(routes):
        while waiting[first] in rates:
            first += 1
        level, full = waiting[first].most, None
        for link, count in users.items():
            if count and left[link] / count < level:
                level, full = left[link] / count, link
        if full is None:
            staying = [waiting[first]]
        else:
            staying = [each for each in full.routes if each not in rates]
        for route in staying:
            rates[route] = level
            for link in route.links:
                if link in left:
                    left[link] = max(0.0, left[link] - level * len(route.flows))
                    users[link] -= len(route.flows)
    return [(route, rates[route]) for route in routes]


def _limit_of(route: Route) -> float:
    return route.most
