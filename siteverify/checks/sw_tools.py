"""The programs that pilots and payloads call are there and run."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.credentials import has_started
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.outcome import warned
from siteverify.reasons import word_for
from siteverify.settings import Settings
from siteverify.vantage import HangError
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

TIMEOUT_S = 10.0


@check(
    "sw.tools",
    title="prerequisites needed for testing",
    severity=Severity.ERROR,
    owner=Owner.SITE,
    remedy=Remedy("Install the missing programs on the worker node.", ("which -a PROGRAM",)),
    depends_on=("env.path.unset",),
    timeout_s=60.0,
)
def programs_run(vantage: Vantage, settings: Settings) -> Outcome:
    """Run each program with --version; its exit code does not matter, that it starts does."""
    needed = _troubles(vantage, settings.tools)
    if needed:
        names = ", ".join(name for name, _ in needed)
        return failed(f"TOOL_{needed[0][1]}", f"not usable: {names}", details=_lines(needed))
    wanted = _troubles(vantage, settings.tools_wanted)
    if wanted:
        names = ", ".join(name for name, _ in wanted)
        return warned("TOOL_WANTED", f"not usable: {names}", details=_lines(wanted))
    count = len(settings.tools) + len(settings.tools_wanted)
    return passed(f"{count} programs run")


def _troubles(vantage: Vantage, names: tuple[str, ...]) -> list[tuple[str, str]]:
    found = [(name, _trouble(vantage, name)) for name in names]
    return [(name, word) for name, word in found if word]


def _trouble(vantage: Vantage, name: str) -> str:
    try:
        ran = vantage.run([name, "--version"], timeout_s=TIMEOUT_S)
    except HangError:
        return "HANG"
    except VantageError as error:
        return word_for(error)
    if ran.timed_out:
        return "HANG"
    return "" if has_started(ran) else "BROKEN"


def _lines(troubles: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{name}: {word}" for name, word in troubles)
