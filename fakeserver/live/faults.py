"""Faults of a live server: what may go wrong with a request, for how often, at which endpoint.

The words are those of scenarios (``flightsim explain``); what can be had live is what a socket can
do. Faults are set and cleared over the control plane, and survive a restart like all the rest.
"""

from __future__ import annotations

from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any
from typing import Iterator
from typing import Mapping

from fakeserver.keeping import Change
from simkernel import ScenarioError
from simkernel import nearest

ROOM = "live.faults"
FAULTS_MAX = 1000
SECONDS_MAX = 86_400.0


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: what it is about, and its options with the values they have by themselves."""

    about: str
    options: Mapping[str, float] = field(default_factory=dict)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "answer_lost": Kind("do the work, then close the connection"),
        "delay": Kind("do the work later", {"delay_s": 60.0}),
        "duplicate": Kind("let the request take effect twice"),
        "garbage": Kind("answer 200 with bytes that are no text, do nothing"),
        "hang": Kind("say nothing, then close the connection", {"hang_s": 600.0}),
        "html": Kind("answer 200 with a web page, do nothing"),
        "http_status": Kind("answer with that status, do nothing", {"status": 503}),
        "request_lost": Kind("close the connection, do nothing"),
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a *kind*, *on* endpoints (``server.*``), *times* often (None: until cleared).

    The first *skip* requests go through; *met* is how many came that far.
    """

    kind: str
    on: str = "server.*"
    times: int | None = 1
    skip: int = 0
    met: int = 0
    options: Mapping[str, float] = field(default_factory=dict)

    @property
    def spent(self) -> bool:
        """Tell whether it has happened as often as it should."""
        return self.times is not None and self.met >= self.skip + self.times

    def option(self, name: str) -> float:
        """Return an option, as given or as it is by itself."""
        return self.options.get(name, KINDS[self.kind].options[name])


def read_fault(data: Mapping[str, Any]) -> Fault:
    """Return the fault in *data*: ``fault``, ``on``, ``times``, ``skip``, and the kind's options.

    Raises ScenarioError for anything wrong in it.
    """
    rest = dict(data)
    kind, on = str(rest.pop("fault", "")), str(rest.pop("on", "server.*"))
    if kind not in KINDS:
        raise _wrong(f"unknown fault {kind!r}", kind, KINDS)
    times, skip = rest.pop("times", 1), rest.pop("skip", 0)
    for name, value in (("times", 1 if times is None else times), ("skip", skip)):
        if type(value) is not int or value < 0:
            raise ScenarioError(f"{name} = {value!r} is no number", where="fault")
    known = KINDS[kind].options
    for name, value in rest.items():
        if name not in known:
            raise _wrong(f"{kind} has no option {name!r}", name, known)
        if type(value) not in (int, float) or not 0 <= value <= SECONDS_MAX:
            raise ScenarioError(f"{name} = {value!r} is out of range", where="fault")
    return Fault(kind, on=on, times=times, skip=skip, options=rest)


def _wrong(what: str, name: str, known: Mapping[str, Any]) -> ScenarioError:
    near = nearest(name, known)
    remedy = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known) or 'none'}"
    return ScenarioError(what, where="fault", remedy=remedy)


class FaultTable:
    """The faults that are set, by number; the earliest that fits a request is the one it meets."""

    def __init__(self, kept: Mapping[str, Mapping[str, Any]] = MappingProxyType({})) -> None:
        self._faults = {int(key): Fault(**content) for key, content in kept.items()}
        self._faults = dict(sorted(self._faults.items()))
        self._last = max(self._faults, default=0)
        self._dirty: set[int] = set()

    def __len__(self) -> int:
        return len(self._faults)

    def __iter__(self) -> Iterator[tuple[int, Fault]]:
        return iter(self._faults.items())

    def add(self, fault: Fault) -> int:
        """Set *fault* and return its number. Raises ScenarioError when there are too many."""
        if len(self._faults) >= FAULTS_MAX:
            raise ScenarioError(f"more than {FAULTS_MAX} faults", where="fault")
        self._last += 1
        self._put(self._last, fault)
        return self._last

    def clear(self, number: int | None = None) -> int:
        """Clear one fault, or all of them, and return how many there were."""
        gone = [each for each in self._faults if number in (None, each)]
        for each in gone:
            del self._faults[each]
            self._dirty.add(each)
        return len(gone)

    def meet(self, point: str) -> Fault | None:
        """Return the fault that a request to *point* (``server.update_job``) meets, or None."""
        for number, fault in self._faults.items():
            if not fault.spent and fnmatchcase(point, fault.on):
                self._put(number, replace(fault, met=fault.met + 1))
                if fault.met >= fault.skip:
                    return fault
        return None

    def changes(self) -> list[Change]:
        """Return what is to be kept since this was last asked."""
        changed = [Change(ROOM, str(each), self._content(each)) for each in sorted(self._dirty)]
        self._dirty.clear()
        return changed

    def _put(self, number: int, fault: Fault) -> None:
        self._faults[number] = fault
        self._dirty.add(number)

    def _content(self, number: int) -> dict[str, Any] | None:
        fault = self._faults.get(number)
        return None if fault is None else asdict(fault)
