"""ps: what runs on the node.

Models selection and output columns of procps-ng 3.3/4.0 in all three styles of option (ps aux,
ps -ef, ps --ppid N). Not modelled: threads but for the line that -m adds for each, trees (f,
--forest), terminals (nothing on a worker node has one). The output for columns that do not
depend on time is kept until the table changes: pilots ask every other second.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache
from typing import Callable

from fakesites.machine import NodeSpec
from fakesites.machine import comm
from fakesites.machine import state_letter
from fakesites.machine import vsz_kb
from fakesites.moments import date_text
from fakesites.processes import Process
from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool

PID_WIDTH = 7  # as wide as the largest pid, 4194304
DAY_S = 86_400.0
KEPT_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Moment:
    """What a column is a function of, besides the process: the instant and the machine."""

    now: float
    epoch: float
    spec: NodeSpec

    def elapsed(self, process: Process) -> float:
        """Return the seconds since *process* began."""
        return self.now - process.started_at


Value = Callable[[Process, Moment], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: *header*, *width* (negative: left-justified), and how its value is found."""

    header: str
    width: int
    value: Value
    timely: bool = False  # the value changes with time, not only with the table


def state(process: Process, _: Moment) -> str:
    """Return the state letters: R for a process that computes, s for a session's leader."""
    return state_letter(process) + ("s" if process.sid == process.pid else "")


def args(process: Process, _: Moment) -> str:
    """Return the command line; a zombie has only its name left."""
    if not process.alive:
        return f"[{comm(process)}] <defunct>"
    return " ".join(process.argv)


def _name(process: Process, _: Moment) -> str:
    return comm(process) if process.alive else f"{comm(process)} <defunct>"


def _cpu(process: Process, moment: Moment) -> str:
    elapsed = moment.elapsed(process)
    share = 100 * process.cpu_s(moment.now) / elapsed if elapsed > 0 else 0.0
    return f"{share:.1f}" if share < 99.95 else f"{share:.0f}"


def _memory(process: Process, moment: Moment) -> str:
    return f"{100 * process.rss_kb(moment.now) / (moment.spec.memory_mb * 1024):.1f}"


def _rss(process: Process, moment: Moment) -> str:
    return str(process.rss_kb(moment.now))


def _vsz(process: Process, moment: Moment) -> str:
    return str(vsz_kb(process.rss_kb(moment.now)))


def clock_text(seconds: float) -> str:
    """Return *seconds* as [DD-]HH:MM:SS."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    head = f"{days}-" if days else ""
    return f"{head}{hour:02}:{minute:02}:{second:02}"


def _time(process: Process, moment: Moment) -> str:
    return clock_text(process.cpu_s(moment.now))


def _bsd_time(process: Process, moment: Moment) -> str:
    minutes, seconds = divmod(int(process.cpu_s(moment.now)), 60)
    return f"{minutes}:{seconds:02}"


def _elapsed(process: Process, moment: Moment) -> str:
    text = clock_text(moment.elapsed(process))
    return text.removeprefix("00:")


def _elapsed_s(process: Process, moment: Moment) -> str:
    return str(int(moment.elapsed(process)))


def _started(process: Process, moment: Moment) -> str:
    started = moment.epoch + process.started_at
    recent = moment.elapsed(process) < DAY_S
    return date_text(started, "%H:%M" if recent else "%b%d")


def _started_long(process: Process, moment: Moment) -> str:
    return date_text(moment.epoch + process.started_at, "%a %b %e %H:%M:%S %Y")


def _number(name: str) -> Value:
    return lambda process, _: str(getattr(process, name))


def _fixed(text: str) -> Value:
    return lambda _, __: text


def _user(process: Process, _: Moment) -> str:
    return process.user


def _uid(process: Process, moment: Moment) -> str:
    return str(moment.spec.uid_of(process.user))


def _group(process: Process, moment: Moment) -> str:
    return moment.spec.group_of(process.user)


COLUMNS = {
    "args": Column("COMMAND", -27, args),
    "bsdtime": Column("TIME", 6, _bsd_time, timely=True),
    "c": Column("C", 2, lambda p, m: _cpu(p, m).split(".")[0], timely=True),
    "comm": Column("COMMAND", -15, _name),
    "etime": Column("ELAPSED", 11, _elapsed, timely=True),
    "etimes": Column("ELAPSED", 7, _elapsed_s, timely=True),
    "f": Column("F", 1, _fixed("4")),
    "group": Column("GROUP", -8, _group),
    "lstart": Column("STARTED", 24, _started_long),
    "ni": Column("NI", 3, _fixed("0")),
    "nlwp": Column("NLWP", 4, _fixed("1")),
    "pcpu": Column("%CPU", 4, _cpu, timely=True),
    "pgid": Column("PGID", PID_WIDTH, _number("pgid")),
    "pid": Column("PID", PID_WIDTH, _number("pid")),
    "pmem": Column("%MEM", 4, _memory, timely=True),
    "ppid": Column("PPID", PID_WIDTH, _number("ppid")),
    "pri": Column("PRI", 3, _fixed("19")),
    "psr": Column("PSR", 3, _number("psr")),
    "rss": Column("RSS", 5, _rss, timely=True),
    "s": Column("S", -1, lambda p, m: state(p, m)[0], timely=True),
    "sid": Column("SID", PID_WIDTH, _number("sid")),
    "start": Column("START", 5, _started, timely=True),
    "stat": Column("STAT", -4, state, timely=True),
    "stime": Column("STIME", 5, _started, timely=True),
    "time": Column("TIME", 8, _time, timely=True),
    "tty": Column("TT", -8, _fixed("?")),
    "uid": Column("UID", 5, _uid),
    "user": Column("USER", -8, _user),
    "vsz": Column("VSZ", 6, _vsz, timely=True),
    "wchan": Column("WCHAN", -6, _fixed("-")),
}
ALIASES = {
    "%cpu": "pcpu",
    "%mem": "pmem",
    "cmd": "args",
    "command": "args",
    "cputime": "time",
    "egid": "group",
    "euid": "uid",
    "euser": "user",
    "gid": "group",
    "pgrp": "pgid",
    "rsz": "rss",
    "ruser": "user",
    "sess": "sid",
    "state": "s",
    "tname": "tty",
    "tt": "tty",
    "ucmd": "comm",
    "vsize": "vsz",
}
Layout = tuple[tuple[str, str], ...]  # (column, header)
SHORT: Layout = (("pid", "PID"), ("tty", "TTY"), ("time", "TIME"), ("comm", "CMD"))
USERS: Layout = (
    *((name, COLUMNS[name].header) for name in ("user", "pid", "pcpu", "pmem", "vsz", "rss")),
    ("tty", "TTY"),
    *((name, COLUMNS[name].header) for name in ("stat", "start", "bsdtime", "args")),
)
FULL: Layout = (
    ("user", "UID"),
    *((name, COLUMNS[name].header) for name in ("pid", "ppid", "c", "stime")),
    ("tty", "TTY"),
    ("time", "TIME"),
    ("args", "CMD"),
)
JOBS: Layout = (("pid", "PID"), ("pgid", "PGID"), ("sid", "SID"), *SHORT[1:])


@dataclass(slots=True)
class Request:
    """What a ps command line asks for; it is not changed once it was read."""

    everything: bool = False
    pids: set[int] | None = None
    parents: set[int] | None = None
    users: set[str] | None = None
    commands: set[str] | None = None
    layout: list[tuple[str, str]] = field(default_factory=list)
    headers: bool = True
    threads: bool = False
    sort: str = ""
    cells: list[tuple[Value, int]] = field(default_factory=list)
    timely: bool = False
    quick: bool = False

    def settle(self) -> None:
        """Work out, once all is read, how each column is made and how wide it is."""
        self.layout = self.layout or list(SHORT)
        self.everything = self.everything and not self.quick
        self.headers = self.headers and any(header for _, header in self.layout)
        self.timely = any(COLUMNS[name].timely for name, _ in self.layout) or bool(self.sort)
        for name, header in self.layout:
            column = COLUMNS[name]
            width = max(abs(column.width), len(header))
            self.cells.append((column.value, width if column.width > 0 else -width))

    def selects(self, process: Process, user: str, spec: NodeSpec) -> bool:
        """Tell whether *process* is asked for by *user*."""
        chosen = (self.pids, self.parents, self.users, self.commands)
        if self.everything:
            return True
        if chosen == (None, None, None, None):
            return process.user == user
        return (
            (self.pids is not None and process.pid in self.pids)
            or (self.parents is not None and process.ppid in self.parents)
            or (self.users is not None and self._of_user(process, spec))
            or (self.commands is not None and comm(process) in self.commands)
        )

    def _of_user(self, process: Process, spec: NodeSpec) -> bool:
        assert self.users is not None
        return process.user in self.users or str(spec.uid_of(process.user)) in self.users


@tool("ps")
def ps(call: ToolCall) -> int:
    """Write the processes that were asked for; 1 if there are none."""
    request = read_request(call.argv[1:])
    text = listing(request, call)
    if request.headers:
        text = _row([header for _, header in request.layout], request) + text
        found = text.count("\n") > 1
    else:
        found = bool(text)
    call.out(text)
    return 0 if found else 1


def listing(request: Request, call: ToolCall) -> str:
    """Return the lines of the processes selected, by pid: the table's, then the visitors'."""
    node = call.node
    table = node.processes
    user = table.user_of(call.owner)
    moment = Moment(node.clock.now, node.clock.epoch, node.spec)
    if request.sort:
        return _lines(_sorted(table.rows(), request, moment), request, moment, user)
    key = (user, *call.argv)
    kept = None if request.timely else table.renderings.get(key)
    if kept is None or kept[0] != table.version:
        kept = table.version, _lines(table.entered(), request, moment, user)
        if len(table.renderings) >= KEPT_LIMIT:
            table.renderings.clear()
        table.renderings[key] = kept
    visitors = [each for each in table.visitors if not each.entered]
    return kept[1] + _lines(visitors, request, moment, user)


def _sorted(rows: list[Process], request: Request, moment: Moment) -> list[Process]:
    name = _column(request.sort.lstrip("+-"))
    value = COLUMNS[name].value

    def key(process: Process) -> tuple[float, str]:
        text = value(process, moment)
        return (float(text), "") if text.replace(".", "", 1).isdigit() else (0.0, text)

    return sorted(rows, key=key, reverse=request.sort.startswith("-"))


def _lines(rows: list[Process], request: Request, moment: Moment, user: str) -> str:
    return "".join(
        _line(process, request, moment)
        for process in rows
        if request.selects(process, user, moment.spec)
    )


def _line(process: Process, request: Request, moment: Moment) -> str:
    texts = [value(process, moment) for value, _ in request.cells]
    line = _row(texts, request)
    return line + _row(["-"] * len(texts), request) if request.threads else line


def _row(texts: list[str], request: Request) -> str:
    """Return one line; the last column is not padded."""
    cells = [
        text.rjust(width) if width > 0 else text[:-width].ljust(-width)
        for text, (_, width) in zip(texts, request.cells, strict=True)
    ]
    if request.cells[-1][1] < 0:
        cells[-1] = texts[-1]
    return " ".join(cells) + "\n"


# -- the command line


@lru_cache(maxsize=KEPT_LIMIT)
def read_request(words: tuple[str, ...]) -> Request:
    """Return what the arguments *words* ask for. Raises UsageError or NotSpoken."""
    request = Request()
    rest = list(reversed(words))
    while rest:
        word = rest.pop()
        if word.startswith("--"):
            _read_long(request, word[2:], rest)
        elif word.startswith("-"):
            _read_unix(request, word[1:], rest)
        else:
            _read_bsd(request, word, rest)
    request.settle()
    return request


def _read_long(request: Request, text: str, rest: list[str]) -> None:
    name, equals, value = text.partition("=")
    if name in ("no-headers", "no-heading", "no-headings", "noheaders", "noheading"):
        request.headers = False
    elif name in ("pid", "ppid", "user", "sort", "format", "quick-pid"):
        value = value if equals else _value("", rest)
        _select(request, {"pid": "p", "quick-pid": "q", "user": "u"}.get(name, name), value)
    else:
        raise UsageError("unknown gnu long option")


def _read_unix(request: Request, letters: str, rest: list[str]) -> None:
    if letters == "aux":  # procps takes this for what was meant
        _read_bsd(request, letters, rest)
        return
    for at, letter in enumerate(letters):
        if letter in "opquUCG":
            _select(request, letter, _value(letters[at + 1 :], rest))
            return
        if letter in "eA":
            request.everything = True
        elif letter == "m":
            request.threads = True
        elif letter in "fFj":
            request.layout = list(JOBS if letter == "j" else FULL)
        elif letter == "a":
            request.everything = True
        elif letter not in "wx":
            raise NotSpoken(f"-{letter}")


def _read_bsd(request: Request, letters: str, rest: list[str]) -> None:
    if letters[0].isdigit():
        _select(request, "p", letters)
        return
    for at, letter in enumerate(letters):
        if letter == "o":
            _select(request, "o", _value(letters[at + 1 :], rest))
            return
        if letter == "a":
            request.everything = True
        elif letter == "u":
            request.layout = list(USERS)
        elif letter == "h":
            request.headers = False
        elif letter not in "wfx":  # x, those without a terminal, means all of them here
            raise NotSpoken(letter)


def _value(text: str, rest: list[str]) -> str:
    if text:
        return text
    if not rest:
        raise UsageError("list of values must follow the option")
    return rest.pop()


def _select(request: Request, option: str, value: str) -> None:
    if option in ("o", "format"):
        request.layout.extend(_read_layout(value))
    elif option in ("p", "q"):
        request.pids = (request.pids or set()) | _numbers(value)
        request.quick = request.quick or option == "q"
    elif option == "ppid":
        request.parents = (request.parents or set()) | _numbers(value)
    elif option in ("u", "U"):
        request.users = (request.users or set()) | set(value.replace(",", " ").split())
    elif option == "C":
        request.commands = (request.commands or set()) | set(value.split(","))
    elif option == "sort":
        request.sort = value
    else:
        raise NotSpoken(f"-{option}")


def _numbers(value: str) -> set[int]:
    words = value.replace(",", " ").split()
    if not all(word.isdigit() for word in words):
        raise UsageError("process ID list syntax error")
    return {int(word) for word in words}


def _read_layout(value: str) -> list[tuple[str, str]]:
    """Read ``pid,ppid=PARENT,args=``: a header after "=" may hold commas and ends the list."""
    layout: list[tuple[str, str]] = []
    head, equals, header = value.partition("=")
    names = head.replace(",", " ").split()
    for number, name in enumerate(names):
        column = _column(name)
        renamed = equals and number == len(names) - 1
        if renamed and "," in header and "=" in header:
            # pid=,ppid=: each empty header ends its own column
            first, _, others = header.partition(",")
            return [*layout, (column, first), *_read_layout(others)]
        layout.append((column, header if renamed else COLUMNS[column].header))
    return layout


def _column(name: str) -> str:
    column = ALIASES.get(name.lower(), name.lower())
    if column not in COLUMNS:
        raise UsageError(f'unknown user-defined format specifier "{name}"')
    return column
