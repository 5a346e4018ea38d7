"""Kinds of event that the harness itself writes: the flight, its requests, its guests, its faults.

Batch, node and storage events belong to the sites; job and file events to the server.
"""

from __future__ import annotations

from simkernel import declare

FLIGHT_BEGIN = declare(
    "flight.begin", "scenario", "seed", "pilot", about="a flight begins with this pilot and seed"
)
FLIGHT_END = declare("flight.end", "reason", about="a flight is over, and why")

HTTP_REQUEST = declare(
    "http.request",
    "id",
    "host",
    "port",
    "method",
    "path",
    "endpoint",
    "fields",
    "bytes",
    "tls",
    about="a pilot sends a request; endpoint is its canonical name, empty if unknown",
)
HTTP_ANSWER = declare(
    "http.answer", "id", "status", "fields", "bytes", about="a request is answered"
)
HTTP_LOST = declare("http.lost", "id", "why", about="a request ends without an answer")

PILOT_START = declare("pilot.start", "pilot", "argv", "cwd", about="a pilot's process starts")
PILOT_EXIT = declare("pilot.exit", "pilot", "code", "signal", about="a pilot's process ends")

FAULT_ARMED = declare("fault.armed", "fault", "on", "do", about="a fault stands at its point")
FAULT_FIRED = declare(
    "fault.fired",
    "fault",
    "on",
    "do",
    "call",
    about="a fault strikes; call counts every call of the point, from 1",
)

GUEST_ESCAPE = declare(
    "guest.escape", "kind", "target", "place", about="a pilot reached past the fence"
)
GUEST_REFUSED = declare(
    "guest.refused", "kind", "target", "place", about="the fence refused what a pilot tried"
)
GUEST_NOTE = declare("guest.note", "kind", "text", "place", about="a guest's runtime remarks")
GUEST_STUCK = declare("guest.stuck", "why", "stacks", about="a pilot no longer makes progress")

HARVESTER_FED = declare(
    "harvester.fed", "pilot", "jobs", about="Harvester has laid jobs down for a pilot"
)
HARVESTER_KILL = declare(
    "harvester.kill", "pilot", "why", about="Harvester has a worker removed from the batch system"
)

TOOL_AGAIN = declare(
    "tool.again", "argv", "times", about="runs of a tool, in sum, whose answer still stood"
)

OUTPUT_LEAK = declare("output.leak", "file", "kind", about="a pilot left a secret in its output")
