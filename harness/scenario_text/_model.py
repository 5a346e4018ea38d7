"""The shape of a scenario file: pydantic models, one a table.

Only the shape: which names exist (sites, faults, checkers …) is for ``harness.vocabulary``.
The JSON Schema that editors read through a file's ``#:schema`` line comes from here.
"""

from __future__ import annotations

from datetime import datetime
from datetime import timezone
from typing import Annotated
from typing import Any
from typing import Callable
from typing import Literal

from pydantic import AwareDatetime
from pydantic import BaseModel
from pydantic import BeforeValidator
from pydantic import ConfigDict
from pydantic import Field
from pydantic import WithJsonSchema
from pydantic_core import PydanticCustomError

from harness.units import DURATION_HELP
from harness.units import DURATION_PATTERN
from harness.units import SIZE_HELP
from harness.units import SIZE_PATTERN
from harness.units import duration_s
from harness.units import size_bytes

NAME_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
TAG_PATTERN = r"^[a-z][a-z0-9_]*$"
NODE_PATTERN = r"^([a-z][a-z0-9-]*)?$"
EXPERIMENT_PATTERN = r"^([a-z][a-z0-9_]*)?$"
COUNT_MAX = 10_000
START = datetime(2026, 3, 1, 8, tzinfo=timezone.utc)
SEED_MAX = 2**63 - 1


def _with_unit(parse: Callable[[str], float], expected: str) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if not isinstance(value, str):
            raise PydanticCustomError(
                "unit", "{given} has no unit: write " + expected, _given(value)
            )
        try:
            return parse(value)
        except ValueError as error:
            raise PydanticCustomError("unit", "{text}", {"text": str(error)}) from error

    return read


def _length_s(text: str) -> float:
    seconds = duration_s(text)
    if seconds < 0:
        raise ValueError(f"{text!r} is negative")
    return seconds


def _given(value: Any) -> dict[str, Any]:
    return {"given": repr(value)}


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _text_schema(pattern: str, about: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "description": about})


def _list_schema(kind: str) -> WithJsonSchema:
    one = {"type": kind}
    return WithJsonSchema({"anyOf": [one, {"type": "array", "items": one}]})


Duration = Annotated[
    float,
    BeforeValidator(_with_unit(_length_s, DURATION_HELP)),
    _text_schema(DURATION_PATTERN, DURATION_HELP),
]
Size = Annotated[
    int,
    BeforeValidator(_with_unit(size_bytes, SIZE_HELP)),
    _text_schema(SIZE_PATTERN, SIZE_HELP),
]
Names = Annotated[list[str], BeforeValidator(_as_list), _list_schema("string")]
Numbers = Annotated[list[int], BeforeValidator(_as_list), _list_schema("integer")]
Count = Annotated[int, Field(ge=0, le=COUNT_MAX)]
Tag = Annotated[str, Field(pattern=TAG_PATTERN)]


class Table(BaseModel):
    """A table in which every key is known and no value is silently converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FileTable(Table):
    """An input or output file."""

    size: Size
    lfn: str = ""
    missing: bool = False
    count: int = Field(default=1, ge=1, le=COUNT_MAX)


class PayloadTable(Table):
    """What the job's own program does."""

    walltime: Duration = 600.0
    cpu: float = Field(default=0.95, ge=0, le=1)
    cores: int = Field(default=1, ge=1, le=1024)
    rss: Size = 500_000_000
    exit: int = Field(default=0, ge=0, le=255)
    signal: int = Field(default=0, ge=0, le=64)
    touch: Duration = 60.0
    hang: Duration | None = None
    stdout: Names = []
    stderr: Names = []
    outputs: list[FileTable] = []
    orphans: int = Field(default=0, ge=0, le=COUNT_MAX)


class EventsTable(Table):
    """The event ranges of jobs of kind event, and what their payload makes of each."""

    ranges: int = Field(default=10, ge=1, le=COUNT_MAX)
    each: Duration = 60.0
    size: Size = 1_000_000
    failing: Numbers = []


class JobTable(Table):
    """One [[job]]."""

    kind: str = "production"
    label: str = ""
    processing_type: str = Field(default="", alias="processingType")
    inputs: list[FileTable] = []
    payload: PayloadTable = PayloadTable()
    log: bool = True
    clone: Literal["", "runonce", "storeonce"] = ""
    count: int = Field(default=1, ge=1, le=COUNT_MAX)
    events: EventsTable | None = None
    record: dict[str, Any] = {}


class BatchTable(Table):
    """What the batch system grants a pilot."""

    walltime: Duration = 86400.0
    notice: Duration = 600.0


class HarvesterTable(Table):
    """What Harvester does for a pilot: where its jobs come from and who tells of them."""

    mode: Literal["push", "pull"] = "push"
    jobs: int = Field(default=1, ge=1, le=COUNT_MAX)
    reports: Literal["server", "files"] = "server"
    hpc: bool = False


class PilotTable(Table):
    """One [[pilot]]."""

    batch: BatchTable = BatchTable()
    after: Duration = 0.0
    label: str = ""
    experiment: str = Field(default="", pattern=EXPERIMENT_PATTERN)
    node: str = Field(default="", pattern=NODE_PATTERN)
    wrapper: Literal["", "wrapper", "trivialWrapper"] = ""
    harvester: HarvesterTable | None = None


class TriggerTable(Table):
    """When a fault strikes."""

    call: int | None = Field(default=None, ge=1)
    after: Duration | None = None
    every: int | None = Field(default=None, ge=1)
    phase: str | None = None
    p: float | None = Field(default=None, ge=0, le=1)
    times: int | None = Field(default=None, ge=1)
    event: int | None = Field(default=None, ge=0)


class FaultTable(Table):
    """One [[fault]]; any further key is an option of its kind."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    on: str
    do: str
    at: TriggerTable = TriggerTable()


class WorldTable(Table):
    """[world]; its sections override fields of what the catalogue says."""

    site: str
    queue: str
    start: AwareDatetime = START
    node: dict[str, Any] = {}
    batch: dict[str, Any] = {}
    storage: dict[str, Any] = {}
    queuedata: dict[str, Any] = {}
    credential: dict[str, Any] = {}
    server: dict[str, Any] = {}
    environ: dict[str, str] = {}
    glexec: dict[str, Any] = {}
    myproxy: dict[str, Any] = {}
    network: dict[str, bool] = {}


class JobClaims(Table):
    """What is expected of every job."""

    state: Names | None = None
    pilot_error_code: Numbers | None = Field(default=None, alias="pilotErrorCode")
    within: Duration | None = None
    fields: dict[str, Names] | None = None


class Claims(Table):
    """What must hold at the end."""

    job: JobClaims = JobClaims()
    jobs: dict[str, Count] | None = None
    exit: Numbers | None = None
    violations: Names | None = None
    tolerated: Names | None = None


class ExpectTable(Claims):
    """[expect]; a pilot family's own section takes precedence where it speaks."""

    core: Claims | None = None
    pilot2: Claims | None = None
    pilot3: Claims | None = None


FAMILIES = ("core", "pilot2", "pilot3")


class ScenarioTable(Table):
    """A scenario file of flightsim."""

    name: str = Field(pattern=NAME_PATTERN)
    about: str
    origin: str = Field(default="", alias="from")
    tags: list[Tag] = []
    rows: list[str] = []
    seed: int = Field(default=0, ge=0, le=SEED_MAX)
    world: WorldTable
    job: list[JobTable] = []
    pilot: list[PilotTable] = [PilotTable()]
    fault: list[FaultTable] = []
    expect: ExpectTable = ExpectTable()
    variants: dict[str, dict[str, Any]] = {}
