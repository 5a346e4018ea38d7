"""Fly every way out and print what came of it: ``python -m tests.guest.hostile [MODE...]``.

With ``--python PATH`` in another interpreter, with ``--only TEXT`` those whose name holds it, with
``--more`` what was printed and told. Ends with 1 if anything came out otherwise than expected.
"""

from __future__ import annotations

import argparse
import sys

from harness.interpreters import ask
from tests.guest.hostile.flights import Herd
from tests.guest.hostile.table import WAYS
from tests.guest.hostile.ways import MODES
from tests.guest.hostile.ways import NOT_RUN


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("modes", nargs="*", default=["all"])
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--bwrap", default="")
    parser.add_argument("--only", default="")
    parser.add_argument("--more", action="store_true")
    given = parser.parse_args()
    modes = list(MODES) if given.modes == ["every"] else given.modes
    herd, wrong = Herd(), 0
    version = ask(given.python).version
    for way in WAYS:
        if given.only not in way.name or not way.is_there(version):
            continue
        cells = []
        for mode in modes:
            may_be = way.may_be(mode)
            if NOT_RUN in may_be:
                cells.append(NOT_RUN)
                continue
            came = herd.fly(way, mode, python=given.python, bwrap=given.bwrap)
            wrong += came.outcome not in may_be
            cells.append(came.outcome + ("" if came.outcome in may_be else f" (!{may_be[0]})"))
            if given.more:
                print(f"    {mode}: {came}")
        outcomes = "  ".join(f"{each:15}" for each in cells)
        print(f"{way.group:12} {way.name:45} {outcomes}", flush=True)
    herd.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
