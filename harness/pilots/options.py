"""Which options a pilot takes, as its own --help says.

Pilots of different age know different options, and argparse ends a program that is given one
it does not know. So a world gives only those that the help text lists. The text is got once,
by flying the pilot with --help (nothing of a pilot is ever run outside of a world).
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Iterable
from typing import Mapping

from harness.pilots.cache import Installed
from harness.pilots.choice import CORE

HELP = "help.txt"

# "  -a WORKDIR, --workdir WORKDIR  text", "  -a, --workdir WORKDIR", "  --noserverupdate": the
# text, if it stands on the same line at all, comes after two spaces.
INVOCATION = re.compile(r"^ {1,8}(?P<invocation>-{1,2}[A-Za-z].*?)(?: {2,}.*)?$")
NAME = re.compile(r"(?<![^\s,])(?P<name>--?[A-Za-z][\w-]*)(?P<value>[ =][^\s,-]\S*|[ =]\[)?")


def needs_help(installed: Installed) -> Path | None:
    """Return the script to fly with --help, or None if what it says is known already.

    What a pilot said that broke down instead, on another interpreter maybe, is no help.
    """
    if installed.family == CORE or known_options(help_of(installed)):
        return None
    from harness.pilots.choice import SCRIPT

    return installed.root / SCRIPT


def store_help(installed: Installed, text: str) -> None:
    """Keep *text* as what the --help of *installed* says."""
    place = _place(installed)
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix="help-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    Path(name).replace(place)


def help_of(installed: Installed) -> str:
    """Return what the --help of *installed* says; nothing if that is not known."""
    place = _place(installed)
    return place.read_text(encoding="utf-8") if place.is_file() else ""


def known_options(help_text: str) -> Mapping[str, bool]:
    """Return the options in *help_text* (of argparse), each with whether it takes a value.

    A paragraph with a line that ends in a comma is prose about options, not a list of them.
    """
    known: dict[str, bool] = {}
    for paragraph in help_text.split("\n\n"):
        lines = paragraph.splitlines()
        if any(line.startswith("  -") and line.endswith(",") for line in lines):
            continue
        for match in filter(None, map(INVOCATION.match, lines)):
            found = list(NAME.finditer(match["invocation"]))
            # Python 3.13 writes the value once, behind the last name.
            takes = any(each["value"] for each in found)
            known.update((each["name"], takes) for each in found)
    return known


def accepted(help_text: str, argv: Iterable[str]) -> tuple[str, ...]:
    """Return the options *argv* without those that *help_text* does not list, nor their values.

    An option that takes no value is kept without one, unless that says False. Without a help
    text everything is kept.
    """
    known = known_options(help_text)
    if not known:
        return tuple(argv)
    kept: list[str] = []
    for name, values in _grouped(argv):
        if name not in known:
            continue
        if known[name]:
            kept += [name, *values]
        elif values != ["False"]:
            kept.append(name)
    return tuple(kept)


def _grouped(argv: Iterable[str]) -> list[tuple[str, list[str]]]:
    groups: list[tuple[str, list[str]]] = []
    for text in argv:
        if re.match(r"--?[A-Za-z]", text) or not groups:
            groups.append((text, []))
        else:
            groups[-1][1].append(text)
    return groups


def _place(installed: Installed) -> Path:
    return installed.root.parent / HELP
