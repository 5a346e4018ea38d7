"""People: users and groups, what they may do, what they have used, and how much they may.

Usage counts, user by user and group by group and day by day, jobs that ended after a pilot had
them, and the core-seconds from the moment a pilot got them. A quota bounds the core-seconds of
the last so many days, or the jobs that are active at once; who is over it submits nothing, or has
further jobs throttled. Permissions are the letters of the real server's table of users.
Read from panda-server@9cc36033:taskbuffer/TaskBuffer.py#L188 (storeJobs),
taskbuffer/PrioUtil.py, db_proxy_mods/job_standalone_module.py#L1796 (throttleUserJobs).
"""

from __future__ import annotations

from typing import Any
from typing import Iterator
from typing import Mapping

from fakeserver.identity import Identity
from fakeserver.identity import compact
from fakeserver.jobs import Job
from fakeserver.keeping import Room
from fakeserver.keeping import Rooms
from fakeserver.policy import Policy

DAY_S = 86400.0
QUOTA_DAYS = 7
KEY_PAIRS, PROXIES, TOKEN_KEYS = "k", "p", "t"
USER, GROUP = "user", "group"
EMPTY: Mapping[str, float] = {"jobs": 0, "finished": 0, "failed": 0, "wall_s": 0.0, "core_s": 0.0}


class People:
    """The users and groups of one server.

    A user is ``{"dn", "groups", "banned", "quota_core_s", "quota_jobs", "permissions", "email",
    "priority"}``, a group ``{"quota_core_s"}``; what is not there is empty or without limit.
    """

    def __init__(self, rooms: Rooms) -> None:
        self.users: Room[dict[str, Any]] = rooms.room("users")
        self.groups: Room[dict[str, Any]] = rooms.room("groups")
        self.usage: Room[dict[str, float]] = rooms.room("usage")

    def add_user(self, dn: str, **described: Any) -> dict[str, Any]:
        """Enter or describe a user and return the record."""
        user = self.users.make(compact(dn), {"dn": dn})
        user.update(described)
        return user

    def add_group(self, name: str, **described: Any) -> dict[str, Any]:
        """Enter or describe a group and return the record."""
        group = self.groups.make(name, {})
        group.update(described)
        return group

    def may(self, identity: Identity, permission: str, *, policy: Policy, trusted: bool) -> bool:
        """Tell whether the caller may have a kind of credential."""
        user = self.users.get(compact(identity.dn))
        if user is None or "permissions" not in user:
            return trusted and not policy.registered_only
        return permission in str(user["permissions"])

    def banned(self, name: str) -> bool:
        """Tell whether a user (by compact name) may do nothing."""
        return bool(self.users.get(name, {}).get("banned"))

    def throttled(self, name: str, *, active: int) -> bool:
        """Tell whether one more than *active* jobs of a user is too much."""
        limit = self.users.get(name, {}).get("quota_jobs")
        return limit is not None and active >= int(limit)

    def account(self, job: Job, *, now: float) -> None:
        """Add what *job*, which just ended, has used; nothing if no pilot ever had it."""
        begun = job.times.get("sent")
        if begun is None:
            return
        wall_s = max(0.0, now - begun)
        day = int(now // DAY_S)
        for kind, name in self._payers(job):
            used = self.usage.make(f"{kind}/{name}/{day}", dict(EMPTY))
            used["jobs"] += 1
            if job.state.value in ("finished", "failed"):
                used[job.state.value] += 1
            used["wall_s"] += wall_s
            used["core_s"] += wall_s * job.spec.core_count

    def _payers(self, job: Job) -> Iterator[tuple[str, str]]:
        yield USER, compact(job.spec.user)
        if job.spec.working_group:
            yield GROUP, job.spec.working_group

    def used(self, kind: str, name: str, *, now: float, days: int = QUOTA_DAYS) -> dict[str, float]:
        """Return what a user or group used in the last *days*, today included."""
        today = int(now // DAY_S)
        total = dict(EMPTY)
        for day in range(today - days + 1, today + 1):
            for what, amount in self.usage.get(f"{kind}/{name}/{day}", {}).items():
                total[what] += amount
        return total

    def over_quota(self, kind: str, name: str, *, now: float) -> str:
        """Return why a user or group has used too much, or nothing."""
        room = self.users if kind == USER else self.groups
        limit = room.get(name, {}).get("quota_core_s")
        if limit is None:
            return ""
        used = self.used(kind, name, now=now)["core_s"]
        if used < float(limit):
            return ""
        return f"{kind} {name} used {used:.0f} core-seconds in {QUOTA_DAYS} days, quota {limit}"
