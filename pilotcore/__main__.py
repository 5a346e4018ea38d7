"""``python -m pilotcore``: the main thread waits for signals and for the pilot to end."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Sequence

from pilotcore import signals
from pilotcore.experiments import BrokenPlugIn
from pilotcore.experiments import UnknownExperiment
from pilotcore.experiments import load
from pilotcore.live import LivePlatform
from pilotcore.live import ignore_broken_pipes
from pilotcore.live_http import Browser
from pilotcore.logbook import Logbook
from pilotcore.options import parse
from pilotcore.pilot import Pilot

LOG_NAME = "pilotlog.txt"
WRONG_COMMAND_LINE = 2
BROKEN_PLUG_IN = 70


def main(argv: Sequence[str] | None = None) -> int:
    """Run one pilot with the command line *argv*; return its exit code."""
    options = parse(sys.argv[1:] if argv is None else argv)
    platform = LivePlatform(Browser(options, os.environ))
    start = Path(options.workdir or os.getcwd()).absolute()
    with suppress(OSError):
        # For the log's sake. The pilot itself makes it again, and says so if it cannot.
        start.mkdir(parents=True, exist_ok=True)
    log = Logbook(platform, path=start / LOG_NAME)
    try:
        load(options.experiment)
    except (BrokenPlugIn, UnknownExperiment) as error:
        log.error(str(error))
        return WRONG_COMMAND_LINE if isinstance(error, UnknownExperiment) else BROKEN_PLUG_IN
    pilot = Pilot(options, platform, log, env=os.environ, node=socket.gethostname(), start=start)
    # What comes in: the numbers of signals, and in the end the pilot's exit code, marked.
    inbox: SimpleQueue[tuple[str, int]] = SimpleQueue()
    signals.install(lambda number: inbox.put(("signal", number)))
    ignore_broken_pipes()
    platform.spawn(lambda: inbox.put(("end", pilot.run())), name="pilot")
    while True:
        what, number = inbox.get()
        if what == "end":
            return number
        pilot.interrupt(number)


if __name__ == "__main__":
    sys.exit(main())
