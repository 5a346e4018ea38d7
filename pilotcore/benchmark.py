"""How fast the node is: a benchmark before the first job, where the queue asks for one.

The site's cern-benchmark runs before a job is asked for, when it disturbs nobody, and under a time
limit. Where it is missing, hangs, fails or says nonsense, the clocks of the processor's cores,
added up, have to do: less is known then, but something. Queues ask by ``run_benchmark`` in their
catchall. Read from PanDAWMS/pilot@a0cb471:ATLASSiteInformation.py#getBenchmarkCommand, which ran
it for one pilot in a hundred.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping

from pilotcore.commands import run
from pilotcore.files import remove_tree
from pilotcore.logbook import Logbook
from pilotcore.orders import Orders
from pilotcore.platform import Command
from pilotcore.platform import Platform
from pilotcore.records.node import node_metrics
from pilotcore.software import BASE
from pilotcore.software import BASE_VARIABLE

FLAG = "run_benchmark"
PLACE = "atlas.cern.ch/repo/benchmarks/cern/current"
PROGRAM = "cern-benchmark"
RESULT = "bmk_tmp/result_profile.json"
KIND = "fastBmk"
TIMEOUT_S = 900.0


def measure(
    platform: Platform,
    log: Logbook,
    *,
    env: Mapping[str, str],
    directory: Path,
    orders: Orders,
) -> dict[str, object]:
    """Return the metrics ``benchmark`` and ``benchmarkBy``; nothing if nobody can tell.

    Raises Cancelled if an order stands.
    """
    folder = directory / "benchmark"
    try:
        score = _score(platform, log, env=env, folder=folder, orders=orders)
    finally:
        if folder.is_dir():
            remove_tree(folder)
    if score is not None:
        return {"benchmark": f"{score:.2f}", "benchmarkBy": KIND}
    clock = node_metrics(platform).get("cpuMHz")
    if clock is None:
        return {}
    return {"benchmark": f"{float(str(clock)) * platform.cores() / 1000:.2f}", "benchmarkBy": "GHz"}


def _score(
    platform: Platform, log: Logbook, *, env: Mapping[str, str], folder: Path, orders: Orders
) -> float | None:
    place = f"{env.get(BASE_VARIABLE) or BASE}/{PLACE}"
    program = f"{place}/{PROGRAM}"
    if not platform.path(program).is_file():
        log.warning(f"{program} is not there")
        return None
    folder.mkdir(parents=True, exist_ok=True)
    argv = (program, f"--benchmarks=whetstone;{KIND}", f"--mp_num={platform.cores()}", "-o")
    more = {"BMK_ROOTDIR": place, "BMK_LOGDIR": str(folder)}
    command = Command(argv, cwd=folder, env={**env, **more})
    outcome = run(platform, command, timeout_s=TIMEOUT_S, orders=orders)
    if outcome.code:
        log.warning(f"{PROGRAM}: code {outcome.code}: {outcome.words[-120:]}")
        return None
    try:
        return score_in((folder / RESULT).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.warning(f"{PROGRAM} left no score: {error!r:.120}")
        return None


def score_in(text: str) -> float:
    """Return the score in a result of cern-benchmark. Raises ValueError, TypeError, KeyError."""
    score = float(json.loads(text)["profiles"][KIND]["value"])
    if not 0 < score < 1e6:
        raise ValueError(f"{score} is no score")
    return score
