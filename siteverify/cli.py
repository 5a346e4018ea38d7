"""The command line: `python3 -m siteverify`.

Exit codes: 0 all well (warnings included), 1 warnings and --strict, 2 a check failed, 3 none
failed but one could not tell, 4 the call was wrong. With --format nagios: those of Nagios.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import suppress
from typing import Any
from typing import NoReturn
from typing import Optional
from typing import Sequence
from typing import TextIO

from siteverify.catalogue import PROFILES
from siteverify.catalogue import select
from siteverify.checks import CHECKS
from siteverify.exemptions import read_exemptions
from siteverify.local import LocalMachine
from siteverify.render import RENDERERS
from siteverify.render.nagios import nagios_code
from siteverify.results import EXIT_OK
from siteverify.results import EXIT_USAGE
from siteverify.results import SUITE_VERSION
from siteverify.results import Exemption
from siteverify.results import RunRecord
from siteverify.results import exit_code
from siteverify.runner import run_checks
from siteverify.settings import DEFAULTS
from siteverify.settings import Settings
from siteverify.settings import SettingsError
from siteverify.settings import read_settings
from siteverify.vantage import Vantage

# Options that are settings of the same name, in the order in which --help shows them.
SETTING_OPTIONS = {
    "queue": "PanDA queue to judge; without it the panda.* checks do not apply",
    "queuedata_url": "where its definition is; {pandaqueue} stands for the queue",
    "server_urls": "a server that must be alive (repeatable)",
    "repositories": "a CVMFS repository that must be mounted (repeatable)",
    "vo": "VO that the proxy's attributes must be of; '' for any",
    "cores": "cores that a job needs, if not the queue's corecount",
    "work_dir": "where jobs work, if not here",
}
FLAGS = {"server_urls": "--server-url", "repositories": "--repository"}


def main(argv: Optional[Sequence[str]] = None, vantage: Optional[Vantage] = None) -> int:
    """Run the command line *argv* at *vantage* (this machine) and return the exit code."""
    try:
        return _run(_parser().parse_args(argv), vantage)
    except SettingsError as error:
        print(f"siteverify: {error}", file=sys.stderr)
        return EXIT_USAGE
    except SystemExit as end:  # argparse: --help, --version, or a wrong call
        return int(end.code or 0)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"siteverify: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="siteverify", description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("--profile", choices=PROFILES, default="standard", help="which checks to run")
    add("--only", nargs="+", action="extend", default=[], metavar="ID", help="run just these")
    for name, text in SETTING_OPTIONS.items():
        repeated = isinstance(getattr(DEFAULTS, name), tuple)
        flag = FLAGS.get(name, f"--{name.replace('_', '-')}")
        kind = int if name == "cores" else str
        add(flag, dest=name, help=text, type=kind, action="append" if repeated else "store")
    add("--settings", metavar="FILE", help="JSON object of settings; options go before it")
    add("--exemptions", metavar="FILE", help="JSON list of known failures, each with an end date")
    add("--where", choices=("WN", "CE", "client"), default="WN", help="what kind of host this is")
    add("--format", choices=sorted(RENDERERS), default="text", help="how to print the report")
    add("--output", metavar="FILE", default="-", help="write the report there")
    add("--strict", action="store_true", help="warnings count: exit code 1")
    add("--list", action="store_true", help="list the checks of the profile and stop")
    add("--version", action="version", version=f"siteverify {SUITE_VERSION}")
    return parser


def _run(args: argparse.Namespace, vantage: Optional[Vantage]) -> int:
    settings = _settings(args)
    exemptions = _exemptions(args.exemptions)
    if args.list:
        _print(_listing(args), sys.stdout)
        return EXIT_OK
    select(CHECKS, profile=args.profile, only=args.only)  # a wrong name before a missing file
    with _Output(args.output) as output:
        record = _record(args, settings, exemptions, vantage)
        output.write(RENDERERS[args.format](record, strict=args.strict))
    return nagios_code(record) if args.format == "nagios" else exit_code(record, strict=args.strict)


def _record(
    args: argparse.Namespace,
    settings: Settings,
    exemptions: tuple[Exemption, ...],
    vantage: Optional[Vantage],
) -> RunRecord:
    return run_checks(
        vantage or LocalMachine(args.where),
        settings,
        profile=args.profile,
        only=args.only,
        exemptions=exemptions,
        monotonic=None if vantage else time.monotonic,
    )


def _settings(args: argparse.Namespace) -> Settings:
    values: dict[str, Any] = {}
    if args.settings:
        values.update(read_settings(_read(args.settings), source=args.settings))
    given = {name: getattr(args, name) for name in SETTING_OPTIONS}
    values.update({name: value for name, value in given.items() if value is not None})
    if args.queuedata_url and not values.get("queue"):
        raise SettingsError("--queuedata-url needs --queue, the name of the queue")
    return DEFAULTS.with_values(values)


def _exemptions(path: Optional[str]) -> tuple[Exemption, ...]:
    return read_exemptions(_read(path), source=path, checks=CHECKS) if path else ()


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot read {path}: {error}") from error


def _listing(args: argparse.Namespace) -> str:
    checks = select(CHECKS, profile=args.profile, only=args.only)
    rows = [
        f"{c.check_id:24} {c.severity.value}  {c.owner.value:8} "
        f"{'quick' if c.quick else 'standard':9} {c.title}\n"
        for c in checks
    ]
    return "".join(rows)


class _Output:
    """Where the report goes; opened before the checks run, so that a wrong path costs nothing."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> _Output:
        try:
            to_file = self._path != "-"
            self._stream = open(self._path, "w", encoding="utf-8") if to_file else sys.stdout
        except OSError as error:
            raise SettingsError(f"cannot write {self._path}: {error}") from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream is not sys.stdout:
            with suppress(OSError):  # `write` has flushed, or has told that it could not
                self._stream.close()

    def write(self, text: str) -> None:
        """Write *text*; on a full disk, which is news in itself, to standard output."""
        try:
            _print(text, self._stream)
            self._stream.flush()
        except OSError as error:
            if self._stream is sys.stdout:
                raise
            print(f"siteverify: cannot write {self._path}: {error}", file=sys.stderr)
            _print(text, sys.stdout)


def _print(text: str, stream: TextIO) -> None:
    encoding = stream.encoding or "ascii"  # the C locale has no other
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
