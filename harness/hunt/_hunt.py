"""A whole hunt: its blocks, one after another or in several processes, and what is kept of them.

<folder>/blocks.jsonl     a line for each block that is over
<folder>/<name>.toml      each violation, made small, as a scenario
<folder>/sighted/*.toml   the same while it is still made small: nothing is lost by ^C
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import sys
from concurrent.futures import FIRST_COMPLETED
from concurrent.futures import Future
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any
from typing import Callable
from typing import Iterator

from harness.hunt._block import SHRINK_FLIGHTS
from harness.hunt._block import Block
from harness.hunt._block import Catch
from harness.hunt._block import Haul
from harness.hunt._block import hunt_block
from harness.hunt._trial import Trial
from harness.hunt._trial import try_once
from harness.pilots import PilotChoice
from harness.pilots import install
from harness.scenario_text import scenario_toml

BLOCK = 50
"""Examples of one block, which is what a hunt loses at most when it is stopped."""
BLOCKS = "blocks.jsonl"
SIGHTED = "sighted"
STOP_GRACE_S = 10.0
# The signals that have asked this process to stop.
STOPPED: list[int] = []


@dataclass(frozen=True, slots=True)
class Hunt:
    """What is hunted: scenarios of *themes* (all if none), or *around* bundled ones.

    *seed* is the hunt's own; *towards* names a measure of a flight to be driven up.
    """

    pilot: PilotChoice
    folder: Path
    examples: int
    seed: int = 0
    themes: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    towards: str = ""
    python: str = sys.executable
    shrink_flights: int = SHRINK_FLIGHTS
    digest: str = ""

    def hauls(self, *, workers: int) -> Iterator[Haul]:
        """Yield what came of each block: first of those that are over from an earlier time.

        What one block has found is no news to those that begin later.
        """
        hunt = replace(self, digest=self._digest())
        blocks = hunt.blocks()
        kept = hunt.kept()
        known = {kind for each in kept.values() if each.catch for kind in each.catch.kinds}
        yield from (kept[each.seed] for each in blocks if each.seed in kept)
        todo = [each for each in blocks if each.seed not in kept]
        for haul in _each(hunt, todo, known, workers=workers):
            hunt.keep(haul)
            yield haul

    def blocks(self) -> list[Block]:
        """Return the blocks: all of the same size but for the last one."""
        sizes = [min(BLOCK, self.examples - begin) for begin in range(0, self.examples, BLOCK)]
        return [
            Block(
                self.seed * 1_000_000 + number,
                size,
                towards=self.towards,
                shrink_flights=self.shrink_flights,
            )
            for number, size in enumerate(sizes)
        ]

    def kept(self) -> dict[int, Haul]:
        """Return what is kept of this very hunt, by the seed of the block."""
        path = self.folder / BLOCKS
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        rows = [json.loads(line) for line in lines if line.endswith("}")]
        sizes = {each.seed: each.examples for each in self.blocks()}
        hauls = [_haul(row["haul"]) for row in rows if row["of"] == self.digest]
        return {each.seed: each for each in hauls if each.seed in sizes}

    def keep(self, haul: Haul) -> None:
        """Keep *haul*, and the scenario that it found, if it found one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / BLOCKS, "a", encoding="utf-8") as file:
            file.write(json.dumps({"of": self.digest, "haul": asdict(haul)}) + "\n")
        if haul.catch is not None:
            self.path_of(haul).write_text(
                _named(haul.catch, name_of(haul)), encoding="utf-8", errors="replace"
            )
            (self.folder / SIGHTED / f"{name_of(haul)}.toml").unlink(missing_ok=True)

    def path_of(self, haul: Haul) -> Path:
        """Return where the scenario that *haul* found lies."""
        return self.folder / f"{name_of(haul)}.toml"

    def fly(self, block: Block) -> Haul:
        """Fly one block, in this process."""
        from harness.flight import learn_help
        from scenarios.worlds import whole_scenarios

        installed = install(self.pilot)
        learn_help(installed, python=self.python)
        label = self.pilot.label
        strategy = whole_scenarios(*self.themes, around=_bundled(self.around, self.pilot.family))
        once = partial(try_once, installed=installed, label=label, python=self.python)
        return hunt_block(
            block, strategy, partial(_unless_stopped, once), sighted=partial(self._sight, block)
        )

    def _sight(self, block: Block, trial: Trial) -> None:
        folder = self.folder / SIGHTED
        folder.mkdir(parents=True, exist_ok=True)
        name = f"drawn-{block.seed}"
        text = scenario_toml(replace(trial.scenario, name=name))
        (folder / f"{name}.toml").write_text(text, encoding="utf-8", errors="replace")

    def _digest(self) -> str:
        """Return what tells the results of this hunt from those of any other."""
        what = (install(self.pilot).tree, self.seed, self.themes, self.around, self.towards)
        return hashlib.sha256(repr(what).encode()).hexdigest()


def name_of(haul: Haul) -> str:
    """Return what the scenario is called that *haul* found."""
    return f"drawn-{haul.seed}"


def _named(catch: Catch, name: str) -> str:
    return catch.toml.replace('name = "drawn"', f'name = "{name}"', 1)


def _bundled(names: tuple[str, ...], family: str) -> Any:
    from harness.discover import discover
    from harness.known import vocabulary
    from scenarios.worlds import known_grounds

    if not names:
        return ()
    return known_grounds(discover(names, vocabulary=vocabulary()), family=family)


def _haul(row: dict[str, Any]) -> Haul:
    catch = row["catch"]
    if catch is not None:
        lists = {key: tuple(catch[key]) for key in ("complaints", "kinds")}
        catch = Catch(**{**catch, **lists})
    return Haul(**{**row, "catch": catch})


def _each(hunt: Hunt, blocks: list[Block], known: set[str], *, workers: int) -> Iterator[Haul]:
    """Yield the haul of each block; those that begin later are told what is known by then."""
    if workers == 1:
        for block in blocks:
            haul = hunt.fly(replace(block, known=frozenset(known)))
            known |= set(haul.catch.kinds) if haul.catch else set()
            yield haul
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(blocks) or 1), context, _begin_worker)
    flying: set[Future[Haul]] = set()
    waiting = iter(blocks)
    try:
        while True:
            for block in waiting:
                flying.add(pool.submit(_fly_block, hunt, replace(block, known=frozenset(known))))
                if len(flying) == workers:
                    break
            if not flying:
                return
            done, flying = wait(flying, return_when=FIRST_COMPLETED)
            for haul in sorted((each.result() for each in done), key=lambda each: each.seed):
                known |= set(haul.catch.kinds) if haul.catch else set()
                yield haul
    finally:
        pool.shutdown(wait=not flying, cancel_futures=True)
        _stop(pool if flying else None)


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let SIGINT and SIGTERM end a hunt: what is over is kept."""
    before = {each: signal.signal(each, _leave) for each in (signal.SIGINT, signal.SIGTERM)}
    STOPPED.clear()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _unless_stopped(once: Callable[[Any], Trial], drawn: Any) -> Trial:
    trial = None if STOPPED else once(drawn)
    if trial is None or STOPPED:
        # A pilot inside the host may have caught what was raised in the middle of it.
        raise KeyboardInterrupt
    return trial


def _fly_block(hunt: Hunt, block: Block) -> Haul:
    try:
        return hunt.fly(block)
    except KeyboardInterrupt:
        # The flight has tidied up behind itself; the pool must not hand us another block.
        os._exit(128 + signal.SIGTERM)


def _begin_worker() -> None:
    # Ctrl-C reaches the whole process group; the parent decides what becomes of a worker.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    STOPPED.append(number)
    # hypothesis takes SystemExit for a failure of what it examines.
    raise KeyboardInterrupt


def _stop(pool: ProcessPoolExecutor | None) -> None:
    """End the workers of *pool*: politely, so that flights end their guests, then unasked."""
    workers = multiprocessing.active_children() if pool is not None else []
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(STOP_GRACE_S)
        if worker.is_alive():
            worker.kill()
