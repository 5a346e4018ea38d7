"""What pilots tried of the server in vain: the journal has no request of it."""

from __future__ import annotations

from dataclasses import dataclass

from harness.record import Flight

ENDPOINTS = ("acquire_jobs", "update_job")


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign of life: when, and the event that shows it."""

    t: float
    n: int


def failed_contacts(flight: Flight) -> dict[str, list[Mark]]:
    """Return, by pilot, the connections to the server that were never made."""
    asked = [event for event in flight.of("http.request") if event.get("endpoint") in ENDPOINTS]
    servers = {event.get("host") for event in asked}
    points = {"net.*", *(f"net.{server}" for server in servers)}
    pilots = flight.pilots()
    contacts: dict[str, list[Mark]] = {}
    for event in flight.of("net.failed", "net.unresolved", "fault.fired"):
        if event.get("host", event.get("name")) in servers or event.get("on") in points:
            # A fault of the network does not always know whose connection it struck.
            for pilot in [event.who] if event.who in pilots else pilots:
                contacts.setdefault(pilot, []).append(Mark(event.t, event.n))
    return contacts
