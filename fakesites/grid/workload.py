"""What a grid has to do: jobs drawn from named streams, or a trace of real ones.

Models arrivals evenly spread or all at once, payloads and sizes with a long tail (log-normal),
inputs that lie at one site. Each property has a stream of its own, so that another mean of one
shifts no other. Not modelled: tasks, and jobs that wait for others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Iterator
from typing import Sequence

from fakesites.grid.records import Job
from simkernel import Streams


@dataclass(frozen=True, slots=True)
class WorkloadSpec:
    """*jobs* over *over_s* seconds (0: the whole run), or those of the file *trace*.

    *payload_s* is the mean on a core of power 1, *input* and *output* are mean bytes, *spread* is
    the sigma of the log-normal of all three. A share of *with_input* has any, and a share of
    *wide* takes *wide_cores* cores.
    """

    jobs: int = 10_000
    over_s: float = 0.0
    payload_s: float = 3600.0
    spread: float = 0.7
    input: int = 2 * 10**9
    output: int = 3 * 10**8
    with_input: float = 0.8
    wide: float = 0.0
    wide_cores: int = 8
    trace: str = ""


def drawn(
    spec: WorkloadSpec, streams: Streams, *, duration_s: float, homes: Sequence[tuple[str, float]]
) -> Iterator[Job]:
    """Yield the jobs of *spec* in the order of their arrival; *homes* are sites with a weight."""
    over_s = spec.over_s or duration_s
    payload, size, place = streams["grid/payload"], streams["grid/bytes"], streams["grid/home"]
    wide, arrival = streams["grid/wide"], streams["grid/arrival"]
    names, weights = [name for name, _ in homes], [weight for _, weight in homes]
    # The mean of a log-normal is exp(mu + sigma²/2).
    drift, sigma = spec.spread**2 / 2, spec.spread
    gap_s = over_s / spec.jobs if spec.jobs else 0.0
    for number in range(1, spec.jobs + 1):
        has_input = size.random() < spec.with_input
        factor = math.exp(size.gauss(-drift, sigma))
        yield Job(
            number,
            created=(number - 1 + arrival.random()) * gap_s,
            payload_s=spec.payload_s * math.exp(payload.gauss(-drift, sigma)),
            cores=spec.wide_cores if wide.random() < spec.wide else 1,
            input_bytes=int(spec.input * factor) if has_input else 0,
            output_bytes=int(spec.output * factor),
            input_files=1 if has_input else 0,
            output_files=1,
            source=place.choices(names, weights)[0] if has_input else "",
        )
