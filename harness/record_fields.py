"""Fields of a journal's events, in whichever way they are written.

The legacy dialect and /api/v1 spell the same field differently, numbers may arrive as text, and
signals have numbers and names. Read from pilot3@a090538b:pilot/control/job.py (get_data_structure)
and panda-server@9cc3603:pandaserver/api/v1/pilot_api.py (update_job).
"""

from __future__ import annotations

import re
import signal
from typing import Any
from typing import Iterable
from typing import Mapping

# Each field of an update in the legacy spelling and in that of /api/v1.
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "job": ("jobId", "job_id"),
    "state": ("state", "job_status"),
    "pilotErrorCode": ("pilotErrorCode", "pilot_error_code"),
    "pilotErrorDiag": ("pilotErrorDiag", "pilot_error_diag"),
    "transExitCode": ("transExitCode", "trans_exit_code"),
    "exeErrorCode": ("exeErrorCode", "exe_error_code"),
    "exeErrorDiag": ("exeErrorDiag", "exe_error_diag"),
    "inputs": ("inputs", "inFiles"),
    "outputs": ("outputs", "outFiles"),
    "log": ("log", "logFile", "log_file"),
    "jobset": ("jobset", "jobsetID", "jobset_id"),
    "clone": ("clone", "cloneJob", "clone_job"),
    "no_output": ("allowNoOutput", "allow_no_output"),
}
EMPTY = (None, "", "NULL", "null")


def value_of(fields: Mapping[str, Any], name: str) -> Any:
    """Return the field *name* in whichever spelling it is given; None if it is empty."""
    found = (fields.get(spelling) for spelling in SPELLINGS[name])
    return next((value for value in found if value is not None and value != ""), None)


def mapping(value: object) -> Mapping[str, Any]:
    """Return *value* if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def number_of(value: object) -> int | None:
    """Return a whole number that may be written as text; None for anything else."""
    try:
        return int(str(value))
    except ValueError:
        return None


def signal_number(value: object) -> int:
    """Return a signal given as number, 'SIGTERM' or 'TERM'; 0 for none."""
    number = number_of(value)
    if number is not None:
        return number
    name = str(value).upper()
    known = {each.name: int(each) for each in signal.Signals}
    return known.get(name, known.get(f"SIG{name}", 0))


def signal_name(number: int) -> str:
    """Return the name of signal *number*."""
    known = {int(each): each.name for each in signal.Signals}
    return known.get(number, f"signal {number}")


def lfns(value: object) -> tuple[str, ...]:
    """Return the file names in a comma-separated text, a list, or a list of records."""
    if isinstance(value, str):
        names = [name.strip() for name in value.split(",")]
        return tuple(name for name in names if name not in EMPTY)
    if isinstance(value, Mapping):
        return lfns(value["lfn"]) if "lfn" in value else tuple(str(name) for name in value)
    if isinstance(value, Iterable):
        return tuple(name for each in value for name in lfns(each))
    return ()


def first_word(reason: str) -> str:
    """Return what stands before the first colon or blank of *reason*, in small letters."""
    return re.split(r"[:\s]", reason.strip().lower(), maxsplit=1)[0]
