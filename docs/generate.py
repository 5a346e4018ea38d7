"""Write docs/reference/ from the code: ``python docs/generate.py`` (a test compares).

Each page is a function of registries and tables; nothing in it is written by hand.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Callable
from typing import Iterable

from click import Context
from click import Group

ROOT = Path(__file__).resolve().parent
NOTE = "<!-- Made by docs/generate.py. -->\n"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    names = list(head)
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    cells = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in cells)]) + "\n"


def boundary() -> str:
    """The boundary of a guest."""
    from guest.boundary import table as rows

    text = (
        "What a pilot meets under each name: *simulated*, *real* or *refused*. At the end, the "
        "ways out that are *not contained*, and where; see [the walls](../how-to/walls.md).\n\n"
    )
    named = ((area, f"`{name}`", state, how) for area, name, state, how in rows())
    return text + table(("area", "name", "is", "how"), named)


def events() -> str:
    """The event catalogue."""
    for floor in ("fakeserver.events", "fakesites.events", "fakesites.site_events"):
        importlib.import_module(floor)
    importlib.import_module("harness.events")
    from simkernel.journal import CATALOGUE

    rows = (
        (f"`{kind.name}`", ", ".join(f"`{name}`" for name in kind.fields), kind.about)
        for _, kind in sorted(CATALOGUE.items())
        if not kind.name.startswith("test.")
    )
    text = (
        "One line of `events.jsonl` each: `t` (virtual seconds), `n` (number), `who` (actor), "
        "`what` (kind), and the fields of its kind.\n\n"
    )
    return text + table(("kind", "fields", "says that"), rows)


def faults() -> str:
    """Every kind of fault."""
    from harness.faults import known_faults

    rows = (
        (f"`{kind.name}`", ", ".join(f"`{point}`" for point in kind.on),
         ", ".join(f"`{name}`" for name in kind.options), kind.about)
        for kind in known_faults()
    )  # fmt: skip
    return table(("do", "on", "options", "what it does"), rows)


def checkers() -> str:
    """Every checker."""
    from harness.checkers import known_checkers

    rows = ((f"`{each.name}`", each.about) for each in known_checkers())
    return table(("checker", "what holds in every flight"), rows)


def endpoints() -> str:
    """Every endpoint of the fake server, and how faithful it is."""
    from fakeserver import ENDPOINTS
    from fakeserver.absent import ABSENT

    rows = (
        (
            f"`{each.name}`",
            "<br>".join(f"`{path}`" for path in each.paths),
            each.fidelity,
            each.about,
        )
        for each in ENDPOINTS
    )
    text = "What is not in this table is absent: 403 for a method, 404 for a file.\n\n"
    absent = table(("path", "why"), ((f"`{path}`", why) for path, why in ABSENT))
    present = table(("endpoint", "paths", "is", "about"), rows)
    return f"{text}{present}\n## Absent\n\nThe real server has these.\n\n{absent}"


def tools() -> str:
    """Every program that a simulated node has."""
    from fakesites.tools import OPTIONAL
    from fakesites.tools import TOOLS

    rows = []
    for name, function in sorted(TOOLS.items()):
        about = (sys.modules[function.__module__].__doc__ or "").strip().splitlines()[0]
        rows.append((f"`{name}`", "where a site has it" if name in OPTIONAL else "", about))
    return table(("program", "on", "its module says"), rows)


def pilot_rows() -> str:
    """What a pilot has to do, and the scenarios that show it."""
    from harness.discover import discover
    from harness.known import vocabulary
    from harness.pilot_rows import PILOT_ROWS
    from harness.pilot_rows import UNSHOWN

    flown = {each.name.partition("[")[0]: each for each in discover(vocabulary=vocabulary())}
    rows = []
    for row, text in PILOT_ROWS.items():
        names = sorted(name for name, each in flown.items() if row in each.rows)
        about = "<br>".join(flown[name].about for name in names)
        command = f"`flightsim run {' '.join(names)}`" if names else ""
        rows.append((row, text, about or "*nothing yet*", command))
    text = (
        "A scenario says in `rows` what a pilot shows in it that it can do; it flies the core, or "
        "any other pilot with `--pilot`.\n\n"
    )
    missing = ", ".join(UNSHOWN) or "none"
    head = ("row", "a pilot", "shown by", "command")
    return f"{text}{table(head, rows)}\nWithout a scenario: {missing}.\n"


def software() -> str:
    """Packages of software that a site may mount under /cvmfs."""
    from fakesites import cvmfs

    packages = [cvmfs.package(name) for name in cvmfs.package_names()]
    rows = (
        (f"`{each.name}`", each.about, ", ".join(f"`{name}`" for name in each.needs))
        for each in packages
    )
    text = "A queue names them in `cvmfs`; see [experiments](../how-to/releases.md).\n\n"
    return text + table(("package", "holds", "needs"), rows)


def fidelity() -> str:
    """What was held against real programs, and where they differ."""
    from fakesites.fidelity import COMPARISONS
    from fakesites.fidelity import DIFFERENCES

    text = (
        "`tox -e real-tools` installs the programs and their servers, which run on loopback, asks "
        "them and ours about the same files in the same situations, and fails where the answers "
        "(both output streams, the exit code, and the files that are left) differ in anything but "
        "what stands in the second table. Durations may differ by the time that the comparison "
        "takes.\n\n"
    )
    compared = (
        (f"`{each.program}`", each.package, each.release, each.asked, each.subjects)
        for each in COMPARISONS
    )
    different = (
        (f"`{each.program}`", each.when, each.real, each.ours, each.why) for each in DIFFERENCES
    )
    first = table(("program", "Debian package", "release", "asked for", "about"), compared)
    second = table(("program", "when", "the real one", "ours", "why"), different)
    return f"{text}{first}\n## Differences\n\n{second}"


def job_states() -> str:
    """The states of a job on the server."""
    from fakeserver.states import diagram

    return f"```mermaid\n{diagram().strip()}\n```\n"


def site_checks() -> str:
    """Every check of siteverify."""
    import siteverify.checks  # noqa: F401 - entering the checks is what the import is for
    from siteverify.catalogue import CHECKS

    rows = (
        (f"`{each.check_id}`", each.title, each.severity.value, each.owner.value)
        for each in CHECKS.values()
    )
    return table(("check", "as printed", "severity", "owner"), rows)


def command_line() -> str:
    """Every command and its options."""
    from harness.cli._group import flightsim as group

    parts = [f"```\n{help_of(group, 'flightsim')}\n```\n"]
    with Context(group, info_name="flightsim", terminal_width=100) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if command is not None and name != "verify":
                inner = Context(command, info_name=f"flightsim {name}", terminal_width=100)
                text = command.get_help(inner)
                parts.append(f"## flightsim {name}\n\n```\n{text}\n```\n")
    return "\n".join(parts)


def help_of(group: Group, name: str) -> str:
    """Return the help text of a group."""
    return group.get_help(Context(group, info_name=name, terminal_width=100))


PAGES: dict[str, Callable[[], str]] = {
    "boundary": boundary,
    "checkers": checkers,
    "command-line": command_line,
    "endpoints": endpoints,
    "events": events,
    "faults": faults,
    "fidelity": fidelity,
    "job-states": job_states,
    "pilot-rows": pilot_rows,
    "site-checks": site_checks,
    "software": software,
    "tools": tools,
}


def pages() -> dict[Path, str]:
    """Return the text of every page of the reference."""
    made = {}
    for name, make in PAGES.items():
        title = (make.__doc__ or name).strip().rstrip(".")
        made[ROOT / "reference" / f"{name}.md"] = f"# {title}\n\n{NOTE}\n{make()}"
    return made


if __name__ == "__main__":
    for path, text in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
