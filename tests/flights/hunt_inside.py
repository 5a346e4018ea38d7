"""One hunt for the core that this process finds first: a mutant.

Called by ``tests.flights.hunt_mutants`` with what to hunt, as JSON; prints the haul, as JSON.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from functools import partial

from harness.discover import discover
from harness.hunt import Block
from harness.hunt import hunt_block
from harness.hunt import try_once
from harness.known import vocabulary
from harness.pilots import install
from harness.pilots import parse_choice
from scenarios.worlds import known_grounds
from scenarios.worlds import whole_scenarios


def main(text: str) -> None:
    """Hunt what *text* asks for."""
    asked = json.loads(text)
    near = discover(asked["near"], vocabulary=vocabulary()) if asked["near"] else ()
    around = known_grounds(near)
    if around:
        strategy = whole_scenarios(around=around)
    else:
        # Two at most: what is looked for is one bug, and of several troubles less is claimed.
        strategy = whole_scenarios(asked["theme"], least=1, most=2)
    block = Block(**{**asked["block"], "known": frozenset(asked["block"]["known"])})
    core = install(parse_choice("core"))
    fly = partial(try_once, installed=core, label=asked["label"], python=sys.executable)
    print(json.dumps(asdict(hunt_block(block, strategy, fly))))


if __name__ == "__main__":
    main(sys.argv[1])
