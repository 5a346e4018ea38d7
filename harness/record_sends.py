"""What pilots sent to the server, and what came back to them.

A pilot is judged by what it sent: a request that the world lost is still a request, and an
answer that never arrived told the pilot nothing. Read from pilot3@a090538b:pilot/util/https.py
(what counts as an answer). Not modelled: bulk updates of a Harvester.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Mapping
from typing import Sequence

from harness.record_fields import mapping
from harness.record_fields import value_of
from simkernel import Event

# What a pilot says last of a job. 'holding' is not final: a later pilot may recover the job.
FINAL_STATES = ("finished", "failed")
# Faults of acquire_jobs that leave the answer as it was.
HARMLESS = ("delay", "duplicate")
# A later answer may find nobody there: pilot3's shortest time-out is 20 s
# (pilot3@a090538b:pilot/util/https.py, download_file), and a client's leaving is no event.
SURE_S = 20.0


@dataclass(frozen=True, slots=True)
class Send:
    """One update as a pilot sent it, and what became of it.

    *taken_n* is the number of the event by which the server said that it had taken it, *known_n*
    the same if the pilot is sure to have heard it; each is None if that never happened.
    """

    t: float
    n: int
    pilot: str
    job: str
    state: str
    fields: Mapping[str, Any]
    updates: tuple[Event, ...] = ()
    closed_n: int | None = None
    taken_n: int | None = None
    known_n: int | None = None

    @property
    def is_final(self) -> bool:
        """Tell whether the pilot says with it that the job is over."""
        return self.state in FINAL_STATES

    def known_before(self, n: int) -> bool:
        """Tell whether the pilot knew of its success before event *n*."""
        return self.known_n is not None and self.known_n < n


@dataclass(slots=True)
class _Draft:
    request: Event
    fields: Mapping[str, Any]
    answer: Event | None = None
    lost: Event | None = None
    updates: list[Event] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.answer is None and self.lost is None

    def finish(self) -> Send:
        request, closing = self.request, self.answer or self.lost
        answer = self.answer if self.answer and _says_yes(self.answer) else None
        is_heard = answer is not None and answer.t - request.t <= SURE_S
        return Send(
            request.t,
            request.n,
            request.who,
            str(value_of(self.fields, "job")),
            str(value_of(self.fields, "state") or ""),
            self.fields,
            updates=tuple(self.updates),
            closed_n=None if closing is None else closing.n,
            taken_n=answer.n if answer else None,
            known_n=answer.n if answer and is_heard else None,
        )


def _says_yes(answer: Event) -> bool:
    # pilot3 asks only for a JSON object with a StatusCode; an empty one it sends again.
    fields = mapping(answer.get("fields"))
    if answer.get("status") != 200:
        return False
    inner = mapping(fields.get("data"))
    code = fields.get("StatusCode", inner.get("StatusCode"))
    return fields.get("success", code is not None) is True and code in (None, 0, "0")


def sends_in(events: Sequence[Event]) -> list[Send]:
    """Return every update that a pilot sent, in order."""
    drafts: dict[tuple[str, str], _Draft] = {}
    by_content: dict[tuple[str, str, str], list[_Draft]] = {}
    unasked: list[Send] = []
    for event in events:
        if event.what == "http.request":
            _open(event, drafts, by_content)
        elif event.what == "job.update":
            _accept(event, by_content, unasked)
        elif event.what in ("http.answer", "http.lost"):
            _close(event, drafts)
    asked = [draft.finish() for same in by_content.values() for draft in same]
    return sorted([*asked, *unasked], key=lambda send: send.n)


def _open(
    event: Event,
    drafts: dict[tuple[str, str], _Draft],
    by_content: dict[tuple[str, str, str], list[_Draft]],
) -> None:
    fields = mapping(event.get("fields"))
    if event.get("endpoint") != "update_job" or value_of(fields, "job") is None:
        return
    draft = _Draft(event, fields)
    drafts[event.who, str(event.get("id"))] = draft
    content = (event.who, str(value_of(fields, "job")), str(value_of(fields, "state") or ""))
    by_content.setdefault(content, []).append(draft)


def _close(event: Event, drafts: dict[tuple[str, str], _Draft]) -> None:
    draft = drafts.get((event.who, str(event.get("id"))))
    if draft is not None and draft.is_open:
        if event.what == "http.answer":
            draft.answer = event
        else:
            draft.lost = event


def _accept(
    event: Event, by_content: dict[tuple[str, str, str], list[_Draft]], unasked: list[Send]
) -> None:
    pilot, job, state = str(event.get("pilot")), str(event["job"]), str(event.get("state"))
    same = by_content.get((pilot, job, state), [])
    # The server may get to a request only after its pilot has given it up.
    late = [draft for draft in same if draft.lost is not None and not draft.updates]
    open_ones = [draft for draft in same if draft.is_open]
    # A request that hangs stays open for ever: what is taken meanwhile is not that one.
    alike = [draft for draft in open_ones if _said_at(draft.fields) == _said_at(event)]
    draft = next(iter((alike or open_ones)[-1:] + late[:1]), None)
    if draft is not None:
        draft.updates.append(event)
        return
    # Nobody journalled the request (a pilot without a network): the update stands for it.
    fields = mapping(event.get("fields"))
    n = event.n
    unasked.append(Send(event.t, n, pilot, job, state, fields, (event,), n, n, n))


def _said_at(source: Event | Mapping[str, Any]) -> object:
    """Return when a pilot says that it said it: heartbeats are alike but for that."""
    fields = mapping(source.get("fields")) if isinstance(source, Event) else source
    return fields.get("timestamp")


@dataclass(slots=True)
class _Asking:
    """A request for a job that is under way, and what the server made of it."""

    request: Event | None
    dispatches: list[Event] = field(default_factory=list)
    spoilt: bool = False

    def is_prompt(self, closing: Event) -> bool:
        """Tell whether the pilot is sure to have waited for *closing*."""
        return self.request is not None and closing.t - self.request.t <= SURE_S

    def reached(self, closing: Event) -> dict[int, bool]:
        """Return whether each job can have arrived with what closed the request."""
        whole = closing.what == "http.answer" and closing.get("status") == 200
        whole = whole and not self.spoilt and self.is_prompt(closing) and not _refuses(closing)
        named = _job_numbers(closing.get("fields"))
        said = [each.n for each in self.dispatches if str(each["job"]) in named]
        # Without numbers in the journal's answer every job counts as named in it.
        return {each.n: whole and (not said or each.n in said) for each in self.dispatches}


def dispatches_received(events: Sequence[Event]) -> dict[int, bool]:
    """Return for each job.dispatched, by number, whether its answer can have reached the pilot.

    A dispatch to a pilot whose requests are not in the journal is left out.
    """
    asking: dict[str, _Asking] = {}
    reached: dict[int, bool] = {}
    for event in events:
        if event.what == "fault.fired":
            if _spoils_answers(event):
                _spoil(asking)
        elif event.what == "job.dispatched":
            if event["pilot"] in asking:
                reached[event.n] = False
                asking[event["pilot"]].dispatches.append(event)
        elif event.what == "http.request":
            if event.get("endpoint") == "acquire_jobs":
                asking[event.who] = _Asking(event)
        elif event.what in ("http.answer", "http.lost") and _closes(event, asking.get(event.who)):
            reached.update(asking[event.who].reached(event))
            # What the server dispatches from now on, nobody is waiting for.
            asking[event.who] = _Asking(None)
    return reached


def _refuses(answer: Event) -> bool:
    """Tell whether an answer to a request for a job says that there is none for this pilot.

    A request that took effect twice has the second answer: the job of the first is lost on the way.
    """
    fields = mapping(answer.get("fields"))
    inner = mapping(fields.get("data"))
    code = fields.get("StatusCode", inner.get("StatusCode"))
    return fields.get("success") is False or code not in (None, 0, "0")


def _closes(event: Event, asking: _Asking | None) -> bool:
    request = asking.request if asking else None
    return request is not None and event.get("id") == request.get("id")


def _spoils_answers(event: Event) -> bool:
    on = event.get("on")
    return on in ("server.acquire_jobs", "server.*") and event.get("do") not in HARMLESS


def _spoil(asking: Mapping[str, _Asking]) -> None:
    for each in asking.values():
        each.spoilt = True


def _job_numbers(value: object) -> set[str]:
    """Return every PandaID in an answer, however deep it lies."""
    if isinstance(value, Mapping):
        own = {str(value[name]) for name in ("PandaID", "job_id") if name in value}
        return own.union(*map(_job_numbers, value.values()))
    if isinstance(value, (list, tuple)):
        return set[str]().union(*map(_job_numbers, value))
    return set()
