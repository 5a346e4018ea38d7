"""What the flights of a campaign have reached of their pilots, for whoever asked for it."""

from __future__ import annotations

from pathlib import Path
from typing import IO
from typing import Any
from typing import Sequence

import click


def print_coverage(verdicts: Sequence[dict[str, Any]], runs: Path, stream: IO[str]) -> None:
    """Print what all flights together have reached, and keep it in *runs* for coverage.py."""
    from harness.coverage import DATA_FILE
    from harness.coverage import FILE
    from harness.coverage import measured
    from harness.coverage import merged
    from harness.coverage import write_data_file
    from reports.coverage import coverage_table

    folders = [Path(each["run_dir"]) for each in verdicts if each.get("run_dir")]
    pilots = merged(each / FILE for each in folders if (each / FILE).is_file())
    for pilot in pilots:
        rows = [(row.name, row.statements, row.missed) for row in measured(pilot)]
        print(f"\n{coverage_table(rows)}", file=stream)
    write_data_file(runs / DATA_FILE, pilots)
    click.echo(f"coverage report --data-file {runs / DATA_FILE}", err=True)
