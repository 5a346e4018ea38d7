"""Which of the strands that can run goes on: drawn from a seed, or read from a script.

First come, first served is the hub's own order (choice 0 everywhere) and needs none of this. With
a chooser every lock that is taken or let go is a point at which another strand may go on, and
each point with more than one candidate is a *choice*: an index into those that can run, in the
order in which they came to it, the present one first. All choices are told to the host.

    random   any candidate, each as likely as the others
    pct      the candidate of the highest priority; priorities are drawn, and lowered at drawn
             points (Burckhardt et al., "A Randomized Scheduler with Probabilistic Guarantees of
             Finding Bugs", ASPLOS 2010). A flight has no known length: *depth* - 1 such points
             are drawn anew for every *steps* choices.
    script   the choices of an earlier flight; beyond its end, and where it does not fit, 0
"""

from __future__ import annotations

import _thread
import sys
from _heapq import heappop
from _random import Random
from itertools import repeat

from greenlet import getcurrent

from guest.hub import SWITCHES_MAX
from guest.hub import Always
from guest.stacks import OURS
from guest.stacks import name_of
from guest.stacks import standing_of

NEVER = 1 << 62
# Methods of the locks: another strand may go on before these,
BEFORE = {
    _thread.LockType: ("acquire", "__enter__"),
    _thread.RLock: ("acquire", "__enter__", "_acquire_restore"),
}
# and after those.
AFTER = {
    _thread.LockType: ("release", "__exit__"),
    _thread.RLock: ("release", "__exit__", "_release_save"),
}


class Uniform:
    """Any candidate, each as likely as the others; preempts one bytecode in *preempt*."""

    def __init__(self, rng, preempt):
        self._rng = rng
        self._preempt = preempt

    def pick(self, candidates):
        """Return the index of the strand that goes on."""
        return int(self._rng.random() * len(candidates))

    def next_preemption(self, bytecodes):
        """Return the number of the bytecode, after *bytecodes*, that is preempted next."""
        return bytecodes + 1 + int(self._rng.random() * 2 * self._preempt)

    def lower(self, strand):
        """Take note that *strand* has been preempted, or lets others go on by itself."""


class Priorities:
    """The highest priority goes on; at *depth* - 1 points in *steps* it becomes the lowest."""

    def __init__(self, rng, depth, steps):
        self._rng = rng
        self._depth = depth
        self._steps = steps
        self._lowest = 0.0
        self._taken = 0
        self._points = self._drawn(0)
        self._bytecodes = self._drawn(0)

    def pick(self, candidates):
        """Return the index of the strand that goes on."""
        self._taken += 1
        best = self._best(candidates)
        if self._taken >= self._points[-1]:
            self._points = self._following(self._points, self._taken)
            self.lower(candidates[best])
            best = self._best(candidates)
        return best

    def next_preemption(self, bytecodes):
        """Return the number of the bytecode, after *bytecodes*, that is preempted next."""
        if bytecodes:
            self._bytecodes = self._following(self._bytecodes, bytecodes)
        return self._bytecodes[-1]

    def lower(self, strand):
        """Give *strand* the lowest priority of all."""
        self._lowest -= 1.0
        strand.priority = self._lowest

    def _best(self, candidates):
        for strand in candidates:
            if strand.priority is None:
                strand.priority = self._rng.random()
        return max(range(len(candidates)), key=lambda index: (candidates[index].priority, -index))

    def _drawn(self, begin):
        """Return the points of the next window, the first one last, ending with the window."""
        drawn = {begin + 1 + int(self._rng.random() * self._steps) for _ in range(self._depth - 1)}
        return sorted(drawn, reverse=True) or [NEVER]

    def _following(self, points, at):
        points.pop()
        end = (at // self._steps + 1) * self._steps
        return points or self._drawn(end)


class Script:
    """The *choices* (index and number of candidates, flat) and *preempted* bytecodes of before."""

    def __init__(self, choices, preempted, differs):
        self._choices = choices
        self._preempted = preempted[::-1]
        self._differs = differs
        self._at = 0

    def pick(self, candidates):
        """Return the index of the strand that goes on."""
        at = self._at
        self._at += 2
        index, count = self._choices[at : at + 2] or (0, 0)
        if count != len(candidates):
            self._differs(at // 2, index, count, candidates)
        return index if index < len(candidates) else 0

    def next_preemption(self, bytecodes):
        """Return the number of the bytecode, after *bytecodes*, that is preempted next."""
        while self._preempted and self._preempted[-1] <= bytecodes:
            self._preempted.pop()
        return self._preempted[-1] if self._preempted else NEVER

    def lower(self, strand):
        """Take note that *strand* has been preempted, or lets others go on by itself."""


class Chooser:
    """Runs the strands of *hub* in the order that *policy* gives, and keeps what was chosen."""

    def __init__(self, hub, host):
        self.policy = None
        self.strict = False
        self.told = False
        self.chosen = 0
        self.bytecodes = 0
        self.preempt_at = NEVER
        self._hub = hub
        self._host = host
        self._choices = []
        self._preempted = []
        self._said_different = False

    def run(self):
        """Run until the program is over, as ``Hub.run`` does."""
        hub = self._hub
        while hub.over is None:
            for _ in repeat(None, SWITCHES_MAX):
                strand = self._next()
                if strand is None:
                    break
                hub.current = strand
                strand.switch()
                if hub.over is not None:
                    return hub.over
            else:
                hub.hold()
            hub.move()
        return hub.over

    def pass_on(self):
        """Let another strand go on in place of the present one, if the policy says so."""
        hub = self._hub
        strand = getcurrent()
        if strand is hub.root or hub.over is not None:
            return  # a finaliser in the hub, or the end
        if hub.ready or (hub.timers and hub.timers[0][0] <= hub.now):
            hub.ready.appendleft(strand)
            hub.root.switch()

    def preempt(self):
        """Interrupt the present strand in the midst of its program, for others to go on."""
        self._preempted.append(self.bytecodes)
        self.preempt_at = self.policy.next_preemption(self.bytecodes)
        self.policy.lower(getcurrent())
        self.pass_on()

    def say(self, message):
        """Send *message* with what was chosen since the last one."""
        if self._choices or self._preempted:
            message["chosen"] = [self._choices, self._preempted]
            self._choices, self._preempted = [], []
        self._send(message)

    def install(self):
        """Make every use of a lock, and every start of a thread, a point to choose at."""
        wire = self._host.wire
        self._hub.chooser = self
        self._hub.detour = Always
        self._send = wire.send
        wire.send = self.say
        for kind, names in BEFORE.items():
            for name in names:
                _pass_before(kind, name, self.pass_on)
        for kind, names in AFTER.items():
            for name in names:
                _pass_after(kind, name, self.pass_on)

    def differs(self, number, index, count, candidates):
        """Tell the host of the first choice that was another one in the flight replayed."""
        if self.strict and not self._said_different:
            self._said_different = True
            self._host.note("choice", number=number, index=index, of=count, now=len(candidates))

    def _tell(self, held, strand):
        """Tell the host who had to wait, and who goes on instead."""
        hub = self._hub
        places = [f"{name_of(each)} {standing_of(hub, each)}" for each in (held, strand)]
        self._host.note("switch", number=self.chosen, held=places[0], instead=places[1])

    def _next(self):
        """Return the strand that goes on, or None if none can run at this instant."""
        hub = self._hub
        ready = hub.ready
        while ready and ready[0].dead:
            ready.popleft()
        if not ready:
            return None
        due = self._due()
        if len(ready) + len(due) == 1:
            return ready.popleft()
        candidates = [*ready, *(waiter.strand for waiter in due)]
        for strand in candidates[len(ready) :]:
            self.policy.lower(strand)
        index = self.policy.pick(candidates)
        if index and self.told:
            self._tell(candidates[0], candidates[index])
        self._choices += (index, len(candidates))
        self.chosen += 1
        if index < len(ready):
            del ready[index]
        else:
            due[index - len(ready)].done = True
        return candidates[index]

    def _due(self):
        """Return the waiters that slept for no time: they can run, after all that are ready."""
        timers, now = self._hub.timers, self._hub.now
        while timers and timers[0][2].done:
            heappop(timers)
        if not timers or timers[0][0] > now:
            return ()
        due = sorted(each for each in timers if each[0] <= now and not each[2].done)
        return [waiter for _, _, waiter in due]


def _pass_before(kind, name, pass_on):
    inner = getattr(kind, name)

    def passing(self, *args, **kwargs):
        if not _is_within():
            pass_on()
        return inner(self, *args, **kwargs)

    setattr(kind, name, passing)


def _pass_after(kind, name, pass_on):
    inner = getattr(kind, name)

    def passing(self, *args, **kwargs):
        result = inner(self, *args, **kwargs)
        if not _is_within():
            pass_on()
        return result

    setattr(kind, name, passing)


def _is_within():
    """Tell whether the runtime itself uses a lock: it must not be interrupted where it does."""
    return sys._getframe(2).f_code.co_filename.startswith(OURS)


def install(hub, host, given):
    """Give *hub* the chooser of a schedule, as the host describes it."""
    chooser = Chooser(hub, host)
    rng = Random(given.get("seed", 0))
    if given["name"] == "script":
        policy = Script(given["choices"], given["preempted"], chooser.differs)
    elif given["name"] == "pct":
        policy = Priorities(rng, given["depth"], given["steps"])
    else:
        policy = Uniform(rng, given["preempt"])
    chooser.policy = policy
    chooser.strict = given.get("strict", False)
    chooser.told = given.get("told", False)
    chooser.install()
    if given["preempt"]:
        from guest import preemption

        chooser.preempt_at = policy.next_preemption(0)
        preemption.install(chooser, hub, given["folders"])
