"""``flightsim serve``: the fake PanDA server, live."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
PORT_MAX = 65535


def _port(_ctx: click.Context, _parameter: click.Parameter, value: str) -> int | None:
    """Return the number of a port, None for none."""
    if value == "-":
        return None
    if not value.isdigit() or int(value) > PORT_MAX:
        raise click.BadParameter(f"{value!r} is no port")
    return int(value)


@click.command("serve", short_help="Serve the fake PanDA server, live.")
@click.argument("worlds", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    metavar="PORT",
    callback=_port,
    default="25443",
    show_default=True,
    help="Port with TLS.",
)
@click.option(
    "--plain-port",
    metavar="PORT",
    callback=_port,
    default="25080",
    show_default=True,
    help="Port without TLS.",
)
@click.option(
    "--folder",
    type=FOLDER,
    default=Path("flightsim-serve"),
    show_default=True,
    help="Where a CA, a host certificate, proxies and a token are made.",
)
@click.option("--authorities", type=FOLDER, help="Other CAs to believe (an X509_CERT_DIR).")
@click.option("--voms", type=FOLDER, help="Other VOMS servers to believe (an X509_VOMS_DIR).")
@click.option("--certificate", type=FILE, help="Another host certificate, with key and issuers.")
@click.option("--vo", default="atlas", show_default=True, help="The VO of the folder.")
@click.option("--anonymous", is_flag=True, help="Take who shows nothing for a pilot.")
@click.option(
    "--policy",
    multiple=True,
    metavar="NAME=VALUE",
    help="A limit or manner of the server, e.g. lost_heartbeat_s=7200 or signed_records=yes.",
)
@click.option("--store", type=FILE, help="sqlite3 file that survives a kill; else memory.")
@click.option("--fsync", is_flag=True, help="Wait for the disk: survive the machine, too.")
@click.option("--journal", type=FILE, help="File to write the events to.")
@click.option("--mail", type=FOLDER, help="Folder (Maildir) for mail about alarms.")
@click.option("--seed", default="1", show_default=True, help="What chance is made of.")
@click.option("--remote", is_flag=True, help="Allow a host that is not loopback.")
def command(**given: Any) -> int:
    """Serve the fake PanDA server over HTTPS and HTTP in real time, until stopped.

    WORLDS are JSON files with queues, endpoints, transforms and jobs to begin with. A port may be
    0 (any that is free) or - (none). The addresses go to standard output.
    """
    # cheroot and ssl cost time that no other command should have to spend.
    from fakeserver.serve import Options
    from fakeserver.serve import run

    return run(Options(**given))
