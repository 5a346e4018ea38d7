"""``flightsim send-job``: jobs for a queue of a live server."""

from __future__ import annotations

import json
from typing import Any

import click

from harness.cli._exit_codes import PASS

URL = "https://localhost:25443"


@click.command("send-job", short_help="Submit test jobs to a live server.")
@click.option("--queue", required=True, help="Queue that the jobs are for.")
@click.option("--count", type=int, default=1, show_default=True, help="How many jobs.")
@click.option("--kind", default="itb", show_default=True, help="production, analysis, itb …")
@click.option("--label", default="", help="prodSourceLabel, if not that of the kind.")
@click.option("--name", default="flightsim.test", show_default=True, help="Name of the jobs.")
@click.option("--transformation", default="", help="URL of the script that pilots run.")
@click.option("--parameters", default="", help="Command line of the script.")
@click.option("--input", "inputs", multiple=True, metavar="LFN[=SIZE]", help="A file to read.")
@click.option("--output", "outputs", multiple=True, metavar="LFN", help="A file to write.")
@click.option("--log/--no-log", default=True, help="Whether the jobs owe a log.")
@click.option("--cores", type=int, default=1, show_default=True, help="Cores of a job.")
@click.option("--memory", default="", metavar="SIZE", help="Memory of a job, as '2 GB'.")
@click.option("--disk", default="", metavar="SIZE", help="Disk of a job, as '20 GB'.")
@click.option("--walltime", default="", metavar="DURATION", help="Time of a job, as '2h'.")
@click.option(
    "--priority", type=int, default=1000, show_default=True, help="The higher the sooner."
)
@click.option("--attempts", type=int, default=0, help="How often a job is tried in all.")
@click.option("--vo", default="", help="VO of the jobs.")
@click.option("--working-group", default="", help="Working group that is charged.")
@click.option("--url", default=URL, show_default=True, help="The server.")
@click.option("--proxy", default="", envvar="X509_USER_PROXY", help="PEM file to show.")
@click.option("--authorities", default="", envvar="X509_CERT_DIR", help="CAs to believe.")
@click.option("--token", default="", help="File with a token to show instead.")
@click.option("--origin", default="", help="VO and role of the token, as 'atlas.pilot'.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    url: str, proxy: str, authorities: str, token: str, origin: str, as_json: bool, **asked: Any
) -> int:
    """Submit test jobs to a queue of a live server and print their ids.

    Wrong input is refused with what to do about it and exit code 3, and so is what the server
    refuses. Nothing is submitted then: a request of many jobs is taken whole or not at all.
    """
    from harness.send_job import TRANSFORM
    from harness.send_job import Order
    from harness.send_job import drafts
    from harness.send_job import known
    from harness.send_job_io import Door

    asked["transformation"] = asked["transformation"] or TRANSFORM
    order = Order(**asked)
    jobs = drafts(order)
    door = Door(url, proxy=proxy, authorities=authorities, token=token, origin=origin)
    queues = door.get("metaconfig/get_site_specs", type="all")
    if queues:
        known(order.queue, queues, option="--queue")
    from fakeserver.clientjobs import write_jobs

    receipts = door.post("job/submit", {"jobs": write_jobs(jobs)})
    ids = [receipt[0] for receipt in receipts]
    click.echo(json.dumps(ids) if as_json else "\n".join(str(each) for each in ids))
    click.echo(f"{len(ids)} jobs for {order.queue}", err=True)
    return PASS
