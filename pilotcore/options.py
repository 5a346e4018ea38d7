"""The command line: what a driver of pilot3 passes is accepted here with the same meaning.

Read from pilot3@a090538b:arguments.py. Options of workflows that this pilot does not have are
accepted and listed in the help as without effect, so that one driver can start either.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from dataclasses import fields
from typing import Sequence

from pilotcore import VERSION


@dataclass(frozen=True)
class Options:
    """What the command line says; times in seconds."""

    queue: str
    workdir: str = ""
    label: str = "ptest"
    version_tag: str = "PR"
    url: str = ""
    port: int = 25443
    dialect: str = "legacy"
    queuedata_url: str = ""
    storagedata_url: str = ""
    base_urls: str = ""
    lifetime_s: float = 324000.0
    grace_s: float = 300.0
    notice_s: float = 25.0
    heartbeat_s: float = 1800.0
    getjob_requests: int = 2
    getjob_failures: int = 5
    getjob_pause_s: float = 60.0
    stagein_attempts: int = 3
    stageout_attempts: int = 3
    retry_pause_s: float = 30.0
    watch_s: float = 60.0
    proxy_min_s: float = 1200.0
    verify_proxy: bool = True
    worker_status: bool = True
    update_server: bool = True
    cleanup: bool = True
    recovery: bool = True
    database: bool = True
    use_token: bool = True
    cvmfs: bool = True
    input_dir: str = ""
    output_dir: str = ""
    capath: str = ""
    cacert: str = ""
    traces: bool = True
    traces_url: str = ""
    resource_type: str = ""
    job_type: str = ""
    workflow: str = "generic"
    harvester_workdir: str = ""
    harvester_datadir: str = ""
    submit_mode: str = "PULL"
    experiment: str = "generic"


def truth(text: str) -> bool:
    """Read a Boolean as pilot3 does; raises ArgumentTypeError."""
    if text.lower() in ("yes", "true", "t", "1"):
        return True
    if text.lower() in ("no", "false", "f", "0"):
        return False
    raise argparse.ArgumentTypeError(f"{text!r} is neither True nor False")


def parse(argv: Sequence[str]) -> Options:
    """Read the command line *argv*; exits with code 2 and a message if it is wrong."""
    values = vars(_parser().parse_args(argv))
    return Options(**{row.name: values[row.name] for row in fields(Options)})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pilotcore",
        description="Ask the PanDA server for a job, run it, report it. Exit code 0: every job"
        " was handled and its final state acknowledged, or there was no job.",
    )
    parser.add_argument("--version", action="version", version=f"pilotcore {VERSION}")
    _add_place(parser)
    _add_server(parser)
    _add_asking(parser)
    _add_times(parser)
    _add_data(parser)
    _add_credentials(parser)
    _add_harvester(parser)
    _add_without_effect(parser)
    return parser


def _add_place(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("where and what")
    add = group.add_argument
    add("-q", "--queue", required=True, help="PanDA queue")
    add("-a", "--workdir", default="", help="directory to work in (default: the current one)")
    add("-j", "--joblabel", dest="label", default="ptest", help="prodSourceLabel to ask for")
    add("-i", "--versiontag", dest="version_tag", default="PR", help="version tag: PR, RC, …")
    add(
        "--pilot-user",
        dest="experiment",
        default="generic",
        metavar="EXPERIMENT",
        help="whose jobs: generic, atlas, osg, charmm, dusel, or the name of an installed plug-in",
    )
    add("--cleanup", type=truth, default=True, help="remove the work directories at the end")
    add(
        "--no-recovery",
        dest="recovery",
        action="store_false",
        help="leave alone what pilots that are gone have left here",
    )
    add("--no-database", dest="database", action="store_false", help="keep no records in sqlite3")
    add("--resource-type", default="", help="SCORE, MCORE, SCORE_*, MCORE_*")
    add("--job-type", default="", help="job type to ask for (managed, user)")


def _add_server(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("server and information")
    add = group.add_argument
    add("--url", default="", help="PanDA server; https:// is taken where no scheme is given")
    add("-p", "--port", type=int, default=25443, help="its port, unless the URL names one")
    add("--dialect", choices=("legacy", "api"), default="legacy", help="protocol to speak")
    add("--queuedata-url", default="", help="queue definition; {pandaqueue} becomes the queue")
    add("--storagedata-url", default="", help="definitions of the storage endpoints")
    add("-g", "--baseurls", dest="base_urls", default="", help="where transforms may come from")
    add("-z", "--noserverupdate", dest="update_server", action="store_false", help="no updates")
    add(
        "-k",
        "--noworkerpilotstatusupdate",
        dest="worker_status",
        action="store_false",
        help="do not tell Harvester's worker status to the server",
    )


def _add_asking(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("asking for jobs")
    add = group.add_argument
    add("-v", "--getjobrequests", dest="getjob_requests", type=int, default=2)
    add("-x", "--getjobfailures", dest="getjob_failures", type=int, default=5)
    add("--getjob-pause", dest="getjob_pause_s", type=float, default=60.0, metavar="SECONDS")


def _add_times(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("times, in seconds")

    def add(*names: str, default: float, dest: str, help: str) -> None:
        group.add_argument(
            *names, type=float, default=default, dest=dest, metavar="SECONDS", help=help
        )

    add("-l", "--lifetime", default=324000.0, dest="lifetime_s", help="of the pilot")
    add("--grace", default=300.0, dest="grace_s", help="before its end in which to report")
    add("--notice", default=25.0, dest="notice_s", help="in which to be gone after a signal")
    add("--heartbeat", default=1800.0, dest="heartbeat_s", help="between updates of a job")
    add("--watch", default=60.0, dest="watch_s", help="between two looks at the payload")


def _add_data(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("data")
    add = group.add_argument
    add("--stagein-attempts", type=int, default=3, help="per input file")
    add("--stageout-attempts", type=int, default=3, help="per output file")
    add("--retry-pause", dest="retry_pause_s", type=float, default=30.0, metavar="SECONDS")
    add("--input-dir", default="", help="take inputs from this directory")
    add("--output-dir", default="", help="put outputs into this directory")
    add("--use-rucio-traces", dest="traces", type=truth, default=True, help="tell of transfers")
    add("--rucio-traces-url", dest="traces_url", default="", help="where (or RUCIO_TRACES_URL)")


def _add_credentials(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("credentials")
    add = group.add_argument
    add(
        "-t",
        "--noproxyverification",
        dest="verify_proxy",
        action="store_false",
        help="do not look at the lifetimes of proxy and VOMS attributes",
    )
    add("--proxy-min", dest="proxy_min_s", type=float, default=1200.0, metavar="SECONDS")
    add("--no-token", dest="use_token", action="store_false", help="ignore PANDA_AUTH_TOKEN")
    add("-b", "--nocvmfs", dest="cvmfs", action="store_false", help="do not look at /cvmfs")
    add("--capath", default="", help="directory of CA certificates")
    add("--cacert", default="", help="file of CA certificates")


def _add_harvester(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("Harvester and HPC")
    add = group.add_argument
    add("-w", "--workflow", default="generic", help="generic, or generic_hpc: jobs from files only")
    add("--harvester-workdir", default="", help="where Harvester and pilot leave files")
    add("--harvester-datadir", default="", help="where a job lies, if not in the present directory")
    add(
        "--harvester-submit-mode",
        dest="submit_mode",
        default="PULL",
        help="PUSH: jobs come from files only",
    )


SWITCHES: tuple[tuple[str, ...], ...] = (
    ("-u", "--verifypayloadproxy"),
    ("-y", "--notokenrenewal"),
    ("-d", "--debug"),
    ("--no-pilot-log",),
    ("--pod",),
    ("--subscribe-to-msgsvc",),
    ("--use-realtime-logging",),
)
VALUES: tuple[tuple[str, ...], ...] = (
    ("-r", "--resource"),
    ("-s", "--site"),
    ("-L", "--leasetime"),
    ("--redirect-stdout",),
    ("--country-group",),
    ("--working-group",),
    ("--allow-other-country",),
    ("--allow-same-user",),
    ("--use-https",),
    ("--rucio-host",),
    ("--realtime-logging-server",),
    ("--realtime-logname",),
    ("--harvester-eventstatusdump",),
    ("--harvester-workerattributes",),
    ("--input-destination-dir",),
    ("--hpc-resource",),
    ("--hpc-mode",),
    ("--es-executor-type",),
)


def _add_without_effect(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("accepted for the sake of drivers of pilot3, without effect")
    for switch in SWITCHES:
        group.add_argument(*switch, action="store_true", help=argparse.SUPPRESS)
    for value in VALUES:
        group.add_argument(*value, default="", help=argparse.SUPPRESS)
    group.description = ", ".join("/".join(row) for row in SWITCHES + VALUES)
