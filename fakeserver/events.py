"""The event kinds that the server writes into the journal.

``job`` is a PanDA id, ``pilot`` the name of who asked, ``by`` the pilot's name or the part of
the server that acted (broker, adder, reaper, clones) or the person who did (user).
"""

from __future__ import annotations

from simkernel import declare

SERVER = "server"

JOB_DEFINED = declare(
    "job.defined", "job", "kind", "attempt", "fields", about="a job entered the job table"
)
JOB_STATE = declare(
    "job.state",
    "job",
    "old",
    "new",
    "by",
    "attempt",
    "reason",
    about="a job went from one state to another, as the table of states allows",
)
JOB_DISPATCHED = declare(
    "job.dispatched", "job", "pilot", "attempt", about="a job was handed to a pilot"
)
JOB_UPDATE = declare(
    "job.update",
    "job",
    "pilot",
    "state",
    "attempt",
    "fields",
    about="an update of a job was accepted; fields as sent, empty ones left out",
)
JOB_REFUSED = declare(
    "job.refused", "job", "pilot", "why", about="a request about a job had no effect on it"
)
JOB_LOST = declare(
    "job.lost",
    "job",
    "last_update_s",
    about="no update of a job for too long; last_update_s is how many seconds ago the last one was",
)
EVENT_RANGES = declare(
    "event.ranges",
    "job",
    "pilot",
    "ranges",
    "why",
    about="event ranges given to a job; without any, why says why not",
)
EVENT_RANGE_DONE = declare(
    "event.range_done", "job", "range", "pilot", "state", about="an event range came to its end"
)
EVENT_RANGE_SAID = declare(
    "event.range_said",
    "job",
    "range",
    "pilot",
    "state",
    "file",
    "taken",
    about="a pilot says that an event range has ended, and in which file its output is stored;"
    " taken is false if that changes nothing",
)
FILE_REGISTERED = declare(
    "file.registered",
    "job",
    "lfn",
    "guid",
    "bytes",
    "adler32",
    "surl",
    "endpoint",
    about="the server registered an output or log file of a final update",
)
JOB_FOLLOWED = declare(
    "job.followed",
    "job",
    "next",
    "why",
    about="the end of a job made the server define another: next is that one",
)
TASK_STATE = declare(
    "task.state", "task", "old", "new", "by", about="a task went from one state to another"
)
ALARM = declare(
    "server.alarm", "alarm", "about", "state", "text", about="an alarm was raised or cleared"
)
UNKNOWN_ENDPOINT = declare(
    "server.unknown_endpoint",
    "path",
    "nearest",
    about="a request for something that the server does not have",
)
