"""What follows the end of a job: accounts, further attempts, consumers and merge jobs, its task.

The server draws the consequences once whatever ended the job is complete, so that they find files
registered and event ranges given back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakeserver.brokerage import unthrottle
from fakeserver.following.events import follow_consumer
from fakeserver.following.merging import follow_merge
from fakeserver.following.merging import merge
from fakeserver.following.retries import try_again

if TYPE_CHECKING:
    from fakeserver.jobs import Job
    from fakeserver.server import PandaServer

__all__ = ["follow"]


def follow(server: PandaServer, *, now: float) -> None:
    """Draw the consequences of every job that ended or made room, and of those in turn."""
    table = server.table
    while table.ended or table.ripe or table.freed:
        while table.ripe:
            merge(server, table.ripe.popleft(), now=now)
        if table.ended:
            _follow(server, table.ended.popleft(), now=now)
        while table.freed:
            unthrottle(table, table.freed.popleft(), people=server.people, now=now)


def _follow(server: PandaServer, job: Job, *, now: float) -> None:
    server.people.account(job, now=now)
    again = try_again(server, job, now=now)
    follow_merge(server, job, again=again, now=now)
    follow_consumer(server, job, now=now)
    server.tasks.follow(job, now=now)
