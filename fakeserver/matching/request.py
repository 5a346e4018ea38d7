"""What a pilot asks for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What a pilot asks for; zero and empty mean that it does not care.

    *memory* and *disk* are MB, *remaining_time* seconds. *other_country* lifts the choice of
    country groups, *version* is what the pilot calls itself, *vo* that of its credential.
    """

    queue: str
    label: str = ""
    element: str = ""
    node: str = ""
    memory: int = 0
    disk: int = 0
    remaining_time: int = 0
    user: str = ""
    task: str = ""
    resource_type: str = ""
    vo: str = ""
    application: str = ""
    country_group: str = ""
    working_group: str = ""
    other_country: bool = False
    job_type: str = ""
    version: str = ""
    background: bool = False
    worker: str = ""
    scheduler: str = ""
