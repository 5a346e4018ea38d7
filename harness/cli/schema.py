"""``flightsim schema``: JSON Schemas, for editors and other programs."""

from __future__ import annotations

import json

import click


@click.command("schema", short_help="Print a JSON Schema: of scenarios, of verdicts.")
@click.argument("kind", type=click.Choice(("scenario", "verdict")), default="scenario")
def command(kind: str) -> None:
    """Print the JSON Schema of a scenario file, or of verdict.json.

    An editor reads it through a scenario's first line: #:schema scenario.schema.json
    """
    click.echo(json.dumps(_schema(kind), indent=2, ensure_ascii=False))


def _schema(kind: str) -> object:
    if kind == "verdict":
        from reports.verdict_json import SCHEMA

        return SCHEMA
    from harness.scenario_text import json_schema

    return json_schema()
