"""The shape of a job: all about it that decides which pilots may have it.

A hundred thousand waiting jobs have few shapes, because most come out of one task by the
thousand. Rules are asked once a shape, not once a job. Who the user is and which task a job
belongs to is left out: jobs are kept by those as well (see ``waiting``).
"""

from __future__ import annotations

from typing import NamedTuple

from fakeserver.jobs import JobSpec


class Shape(NamedTuple):
    """What of a job rules look at; *memory* and *disk* are MB, *walltime* seconds."""

    label: str
    processing: str
    vo: str
    application: str
    cores: int
    memory: int
    disk: int
    walltime: int
    resource_type: str
    country_group: str
    working_group: str
    version: str
    background: bool
    share: str


def shape_of(spec: JobSpec, *, share: str) -> Shape:
    """Return the shape of a job that counts for the global *share*."""
    return Shape(
        spec.source_label,
        spec.processing,
        spec.vo,
        spec.application,
        spec.core_count,
        spec.min_ram_count,
        spec.max_disk_count,
        spec.max_walltime,
        spec.resource_type,
        spec.country_group,
        spec.working_group,
        spec.pilot_version,
        spec.background,
        share,
    )
