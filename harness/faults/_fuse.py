"""The live trigger of one installed fault: it counts, decides, tells the journal, and acts."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Generator

from harness.events import FAULT_ARMED
from harness.events import FAULT_FIRED
from harness.faults._vocabulary import points_meant
from harness.faults._world import FaultPlan
from harness.faults._world import World
from harness.phases import END
from harness.phases import Phases
from harness.phases import Step
from harness.triggers import Countdown
from simkernel import Event

Work = Generator[Any, Any, Any]
Proceed = Callable[[], Work]
Around = Callable[[Any, Proceed], Work]
Act = Callable[[str], None]

NOBODY = "world"
LOOKUP = "resolve"
NAMES_OF_CALLER = ("who", "owner", "by", "pilot")


def is_no_lookup(call: Any) -> bool:
    """Tell whether *call* is more than the look-up of a name, which shares a host's point."""
    return not (isinstance(call, tuple) and call[:1] == (LOOKUP,))


class Fuse:
    """What decides, for one fault of one flight, when it strikes.

    *label* names the fault in the journal, and its stream of chance: ``2/hang`` is the
    scenario's second fault. *world* and *plan* are what a fault needs to be installed.
    """

    def __init__(self, world: World, plan: FaultPlan, *, label: str, phases: Phases) -> None:
        self.label = label
        self.world = world
        self.plan = plan
        self._phases = phases
        self._countdown = Countdown(plan.at, rng=world.streams[f"fault/{label}"])

    @property
    def struck(self) -> int:
        """How often the fault has struck so far."""
        return self._countdown.struck

    @property
    def where(self) -> str:
        """Where the scenario asks for the fault, for messages."""
        return str(getattr(self.plan, "where", ""))

    def arm(self) -> None:
        """Tell the journal that the fault stands."""
        self.world.journal.emit(
            FAULT_ARMED, who=NOBODY, fault=self.label, on=self.plan.on, do=self.plan.do
        )

    def on_calls(self, around: Around, *, counts: Callable[[Any], bool] = is_no_lookup) -> None:
        """Stand *around* at the fault's points, for the calls that the trigger chooses.

        Only calls that *counts* tells to are counted at all.
        """
        for point in points_meant(self.plan.on):
            self.world.points.attach(point, self._choosing(around, counts))

    def on_moments(self, act: Act) -> None:
        """Call *act* with the pilot whose phase begins, else with nothing, when it is time."""
        self._at_moments(act, pilot="", hits=lambda _pilot: True)

    def on_pilots(self, act: Act, *, pilot: str = "") -> None:
        """Call *act* with each running pilot that is hit, when it is time.

        That is *pilot*, else the one whose phase begins, else every one. If none of them runs,
        nothing strikes.
        """

        def strike(chosen: str) -> None:
            for each in self._running(chosen):
                act(each)

        self._at_moments(strike, pilot=pilot, hits=lambda chosen: bool(self._running(chosen)))

    def after(self, delay_s: float, act: Callable[[], None]) -> None:
        """Call *act* in *delay_s* seconds: the second half of a fault, or its end."""
        self.world.clock.process(self._later(max(0.0, delay_s), act))

    def _choosing(self, around: Around, counts: Callable[[Any], bool]) -> Around:
        def chosen(call: Any, proceed: Proceed) -> Work:
            if counts(call) and self._strikes(caller(call)):
                return (yield from around(call, proceed))
            return (yield from proceed())

        return chosen

    def _at_moments(self, act: Act, *, pilot: str, hits: Callable[[str], bool]) -> None:
        def moment(chosen: str) -> None:
            if hits(chosen) and self._strikes(chosen):
                act(chosen)

        when = self.plan.at
        if when.event is not None:
            self.world.journal.listen(lambda event: self._on_event(event, moment, pilot))
        elif when.phase:
            self._phases.listen(lambda step: self._on_step(step, moment, pilot))
        elif when.after_s:
            self.after(when.after_s - self.world.clock.now, lambda: moment(pilot))
        else:
            moment(pilot)

    def _on_step(self, step: Step, moment: Act, pilot: str) -> None:
        # Never act while the journal is still telling its listeners of the step.
        if self._is_meant(step, pilot):
            self.world.clock.process(self._within(step, moment))

    def _within(self, step: Step, moment: Act) -> Work:
        yield self.world.clock.timeout(self.plan.at.after_s or 0.0)
        # If the phase is over by now, the countdown does not admit the moment.
        moment(step.pilot)

    def _on_event(self, event: Event, moment: Act, pilot: str) -> None:
        if event.n == self.plan.at.event:
            self.after(self.plan.at.after_s or 0.0, lambda: moment(pilot))

    def _later(self, delay_s: float, act: Callable[[], None]) -> Work:
        yield self.world.clock.timeout(delay_s)
        act()

    def _running(self, pilot: str) -> list[str]:
        """Return the pilots that have started and not ended: *pilot* only, if one is named."""
        alive = [step.pilot for step in self._phases.steps() if step.phase != END]
        return [each for each in alive if pilot in ("", each)]

    def _strikes(self, pilot: str) -> bool:
        if not self._countdown.strikes(self._elapsed_s(pilot)):
            return False
        self.world.journal.emit(
            FAULT_FIRED,
            who=pilot or NOBODY,
            fault=self.label,
            on=self.plan.on,
            do=self.plan.do,
            call=self._countdown.seen,
        )
        return True

    def _elapsed_s(self, pilot: str) -> float | None:
        if self.world.journal.count <= (self.plan.at.event or 0):
            return None
        if not self.plan.at.phase:
            return self.world.clock.now
        begun = [step.t for step in self._phases.steps() if self._is_meant(step, pilot)]
        return self.world.clock.now - min(begun) if begun else None

    def _is_meant(self, step: Step, pilot: str) -> bool:
        return step.phase == self.plan.at.phase and pilot in ("", step.pilot)


def caller(call: Any) -> str:
    """Return the pilot on whose behalf *call* is made; nothing if the call does not say."""
    # A payload's run is no call itself; it has the call of the program that it is.
    asked = getattr(call, "call", call)
    named = (getattr(asked, name, "") for name in NAMES_OF_CALLER)
    return next((str(name) for name in named if name), "")
