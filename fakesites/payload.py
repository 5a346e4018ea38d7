"""The life of a payload: what the job's own program does to its node, as data.

Models run time, CPU, memory, worker processes, files touched on the way, lines of output, files
left at the end, and the ways in which payloads end badly. Not modelled: what it computes; how
its speed depends on the node.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventModel:
    """What a payload of the event service makes of each range: *bytes* in *seconds*.

    It fails at those whose number, in the order in which it is given them from 1, is in *failing*.
    """

    seconds: float = 60.0
    bytes: int = 1_000_000
    failing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PayloadModel:
    """One payload. Times are in seconds, memory in kilobytes, sizes in bytes.

    *cpu* is the share of each of the *cores* that it keeps busy, *rss_growth_kb_s* a leak.
    *outputs* are (lfn, bytes) written at the end, except those whose lfn is in *missing*;
    *reports* are (name, text) likewise. It touches *touched* every *touch_interval_s* (0: never)
    until it ends or, if *hang_at_s* is not None, hangs. *signal* kills it at the end; with
    *ignores_sigterm* only SIGKILL does before. *orphans* are processes that it leaves behind.
    With *events* it works until there are no more ranges, and not for *walltime_s*.
    After *pause_at_s* of work it stands still for *pause_s*, as one that was stopped does.
    """

    walltime_s: float = 60.0
    cpu: float = 0.95
    cores: int = 1
    rss_kb: int = 500_000
    rss_growth_kb_s: float = 0.0
    outputs: tuple[tuple[str, int], ...] = ()
    missing: tuple[str, ...] = ()
    reports: tuple[tuple[str, str], ...] = ()
    exit_code: int = 0
    signal: int = 0
    touched: str = "payload.progress"
    touch_interval_s: float = 60.0
    hang_at_s: float | None = None
    ignores_sigterm: bool = False
    stdout_lines: tuple[str, ...] = ()
    stderr_lines: tuple[str, ...] = ()
    orphans: int = 0
    core_bytes: int = 0
    pause_at_s: float = 0.0
    pause_s: float = 0.0
    events: EventModel | None = None
