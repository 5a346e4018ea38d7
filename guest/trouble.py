"""Who waits for whom: the words of a deadlock, and the stacks that go with it.

What a strand waits for is read from its frames, and only when somebody asks: no lock pays for it.
A *cycle* is a ring of strands each of which waits, without a time limit, for a lock that the next
one holds or for the next one's end: whatever the others do, these never go on.
"""

from __future__ import annotations

import sys

from guest.concurrency.locks import Waited
from guest.hub import Strand
from guest.stacks import frames
from guest.stacks import is_ours
from guest.stacks import is_program
from guest.stacks import name_of
from guest.stacks import stack_text
from guest.stacks import standing_of
from guest.stacks import strands

WORDS_MAX = 8


class Wait:
    """What one strand waits for: *what* in words, *owner* the strand that could end it."""

    __slots__ = ("owner", "place", "strand", "timed", "what")

    def __init__(self, strand, what, owner, place, timed):
        self.strand = strand
        self.what = what
        self.owner = owner
        self.place = place
        self.timed = timed

    def __str__(self):
        comma = "," if "," in self.what else ""
        return f"{name_of(self.strand)} {self.what}{comma} {self.place}"


def waits(hub):
    """Return the waits of all strands that live, in the order of their idents."""
    timed = {id(waiter.strand) for _, _, waiter in hub.timers if not waiter.done}
    ready = {id(strand) for strand in hub.ready}
    return [_wait(hub, strand, timed=timed, ready=ready) for strand in strands(hub)]


def cycles(found):
    """Return the rings among the waits *found*, each as a list of waits."""
    waiting = {id(each.strand): each for each in found if each.owner and not each.timed}
    rings, seen = [], set()
    for start in waiting:
        path = []
        step = start
        while step in waiting and step not in seen:
            seen.add(step)
            path.append(step)
            step = id(waiting[step].owner)
        if step in path:
            rings.append([waiting[each] for each in path[path.index(step) :]])
    return rings


def looked(hub):
    """Return what there is to say: the words, the rings in words, and all stacks."""
    found = waits(hub)
    rings = ["; ".join(map(str, ring)) for ring in cycles(found)]
    return {"words": _words(found), "cycles": rings, "stacks": _stacks(hub, found)}


def told(hub):
    """Return the stacks of all strands, each under a line that says what it waits for."""
    return _stacks(hub, waits(hub))


def standing(hub):
    """Return who has run last, and where."""
    strand = hub.current
    return f"{name_of(strand)} {standing_of(hub, strand)}"


def _words(found):
    # Who waits for a time will be told by the clock; who waits for ever is what matters.
    forever = [str(each) for each in found if not each.timed]
    more = len(forever) - WORDS_MAX
    return "; ".join(forever[:WORDS_MAX] + ([f"and {more} more"] if more > 0 else []))


def _stacks(hub, found):
    parts = []
    for each in found:
        head = f"{name_of(each.strand)} (strand {each.strand.ident}) {each.what}"
        parts.append(f"{head}\n{stack_text(hub, each.strand, hub.folder)}".rstrip())
    return "\n".join(parts)


def _wait(hub, strand, *, timed, ready):
    inner = frames(hub, strand)
    place = standing_of(hub, strand)
    if strand is hub.current and not strand.gr_frame:
        return Wait(strand, "runs", None, place, True)
    if not inner:
        return Wait(strand, "has not begun", None, place, True)
    if id(strand) in ready:
        return Wait(strand, "can run", None, place, True)
    has_limit = id(strand) in timed
    sleeper = getattr(strand, "sleeper", None)
    what, owner = _reason(hub, inner, None if sleeper is None else sleeper.what)
    return Wait(strand, what, owner, place, has_limit)


def _reason(hub, inner, awaited):
    """Return what the innermost frames wait for, in words, and the strand that could end it.

    Where the compiled part waits there is no frame of it: what it is for, it says: *awaited*.
    """
    cut = next((n for n, frame in enumerate(inner) if not is_ours(frame)), len(inner))
    ours, library = inner[:cut], _library(inner[cut:], hub.folder)
    thread = _joined(library)
    if thread is not None:
        return f"waits for the end of {thread.name}", _strand(hub, thread.ident)
    lock = next((f.f_locals["self"] for f in ours if f.f_code.co_name == "_queue_up"), None)
    if lock is None and isinstance(awaited, Waited):
        lock = awaited
    if lock is not None and not (library and library[0].f_code.co_name == "wait"):
        owner = getattr(lock, "_owner", None) or lock._held
        owner = owner if isinstance(owner, Strand) else None
        held = f", held by {name_of(owner)}" if owner is not None else ""
        return f"waits for lock {lock._number}{held}", owner
    name = _named(library[-1]) if library else _outermost(ours, awaited)
    return ("sleeps" if name == "sleep" else f"waits in {name}"), None


def _library(inner, folder):
    """Return the frames of the library between the runtime and the program."""
    cut = next((n for n, frame in enumerate(inner) if is_program(frame, folder)), len(inner))
    return inner[:cut]


def _joined(library):
    for frame in library:
        me = frame.f_locals.get("self")
        if frame.f_code.co_name == "join" and isinstance(me, sys.modules["threading"].Thread):
            return me
    return None


def _outermost(ours, awaited):
    """Return the name of what the program called of ours."""
    for frame in reversed(ours):
        name = _named(frame)
        if name:
            return name
    if awaited is None:
        return "sleep"
    return f"{type(awaited).__name__}.{'get' if hasattr(awaited, 'get') else 'wait'}"


def _named(frame):
    me, name = frame.f_locals.get("self"), frame.f_code.co_name
    return name if me is None or name == "sleep" else f"{type(me).__name__}.{name}"


def _strand(hub, ident):
    return next((each for each in hub.alive if each.ident == ident), None)
