"""Reading the values of a job record.

A record may be JSON or come from a url-encoded answer, where every value is text. Lists are
comma-separated texts in either, aligned by position; NULL stands for nothing. Read from
pilot3@a090538b:pilot/info/basedata.py.
"""

from __future__ import annotations

from typing import Mapping

Record = Mapping[str, object]


def text_of(record: Record, name: str) -> str:
    """Return the value of *name* as text; None, NULL and null are empty."""
    value = record.get(name)
    text = "" if value is None else str(value).strip()
    return "" if text in ("NULL", "null", "None") else text


def number_of(record: Record, name: str, default: int = 0) -> int:
    """Return the value of *name* as an integer, or *default* if it is none."""
    try:
        return int(float(text_of(record, name)))
    except (ValueError, OverflowError):
        return default


def truth_of(record: Record, name: str, default: bool = False) -> bool:
    """Return the value of *name* as a Boolean, or *default* if it is empty."""
    text = text_of(record, name).lower()
    return text in ("true", "1", "yes") if text else default


def list_of(record: Record, name: str) -> list[str]:
    """Return the comma-separated values of *name*, cleaned one by one."""
    text = text_of(record, name)
    if not text:
        return []
    return ["" if part.strip() in ("NULL", "null") else part.strip() for part in text.split(",")]


def panda_id_of(record: Record) -> int:
    """Return the id of a job record, or 0 if there is none: then it is no job."""
    return max(0, number_of(record, "PandaID"))
