"""A worker node made of dictionaries: healthy until a test breaks it.

Each question costs a little of its clock, a hang costs the whole time limit; so durations and
time budgets can be tested without waiting. An error in a dictionary is raised instead of returned.
"""

from __future__ import annotations

import json
from dataclasses import replace
from email.utils import formatdate
from typing import Any
from typing import Mapping
from typing import Sequence
from typing import TypeVar

from siteverify.settings import Settings
from siteverify.vantage import PATIENCE_S
from siteverify.vantage import Answer
from siteverify.vantage import Cpus
from siteverify.vantage import HangError
from siteverify.vantage import Limit
from siteverify.vantage import MissingError
from siteverify.vantage import Ran
from siteverify.vantage import Space
from siteverify.vantage import Stat
from siteverify.vantage import UnreachableError
from siteverify.vantage import UnresolvedError
from siteverify.vantage import VantageError

T = TypeVar("T")
Or = T | VantageError

NOW = 1267192800.0  # Fri Feb 26 14:00:00 2010 GMT, the day of the UC_ITB report
STEP_S = 0.125
HOUR_S = 3600
GB = 10**9
UID = 10017
QUEUE = "BNL_ITB"
PROXY = "/srv/cred/x509up"
WORK = "/srv/work"
SERVER = "https://pandaserver.sim:25443/server/panda/isAlive"
QUEUEDATA = f"http://pandaserver.sim:25085/cache/schedconfig/{QUEUE}.all.json"
REPOSITORIES = ("atlas.cern.ch", "atlas-condb.cern.ch")
CERTIFICATES = "/etc/grid-security/certificates"

SETTINGS = Settings(
    queue=QUEUE,
    queuedata_url="http://pandaserver.sim:25085/cache/schedconfig/{pandaqueue}.all.json",
    server_urls=(SERVER,),
    repositories=REPOSITORIES,
    write_bytes=1_000_000,
)
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin",
    "HOME": "/srv/home",
    "TMPDIR": "/srv/tmp",
    "USER": "usatlas1",
    "LOGNAME": "usatlas1",
    "X509_USER_PROXY": PROXY,
    "OSG_GRID": "/srv/wn-client",
    "OSG_APP": "/srv/app",
    "OSG_DATA": "UNAVAILABLE",
    "OSG_WN_TMP": "/srv/tmp",
    "OSG_SITE_NAME": "BNL_ITB_Test1",
    "OSG_HOSTNAME": "gridgk.sim",
    "OSG_DEFAULT_SE": "UNAVAILABLE",
    "OSG_SQUID_LOCATION": "UNAVAILABLE",
}
QUEUE_FIELDS: dict[str, Any] = {
    "nickname": QUEUE,
    "panda_resource": QUEUE,
    "state": "ACTIVE",
    "status": "online",
    "copytools": {"rucio": {"setup": ""}},
    "acopytools": {"pr": ["rucio"], "pw": ["rucio"]},
    "astorages": {"pr": ["BNL_DATADISK"], "pw": ["BNL_DATADISK"]},
    "corecount": 8,
    "maxrss": 16000,
    "maxwdir": 20000,
    "maxtime": 259200,
    "timefloor": 60,
    "container_type": "singularity:pilot",
    "container_options": "",
    "catchall": "logging='stdout,x'",
}
PS = "  PID  PPID STAT COMMAND\n    1     0 Ss   init\n 4001     1 S    pilot\n"


class FakeVantage:
    """A `Vantage` whose answers are its attributes."""

    def __init__(self) -> None:
        self.where = "WN"
        self.clock = NOW
        self.name = "wn001.sim"
        self.variables = dict(ENVIRONMENT)
        self.directory = WORK
        self.user = UID
        self.user_name: Or[str] | None = "usatlas1"
        self.processors = Cpus(online=16, usable=8)
        self.load_average: Or[float] = 6.5
        self.resource_limits = {"nofile": Limit(16384, 16384)}
        self.server_ahead_s = 0.0
        self.stats: dict[str, Or[Stat]] = {PROXY: Stat("file", 0o600, UID, 9000)}
        for path in ("/srv/home", "/srv/tmp", "/tmp", "/srv/wn-client", "/srv/app", WORK):
            self.stats[path] = Stat("dir", 0o755, UID)
        self.listings: dict[str, Or[tuple[str, ...]]] = {
            CERTIFICATES: ("1d879c6c.0", "CERN-GridCA.pem", "CERN-GridCA.crl_url")
        }
        for repository in REPOSITORIES:
            self.listings[f"/cvmfs/{repository}"] = ("repo",)
        self.texts: dict[str, Or[str]] = {}
        ample = Space(200 * GB, 400 * GB, 9_000_000, 10_000_000)
        places = (WORK, "/srv/home", "/srv/tmp", "/tmp", "/dev/shm")
        self.spaces: dict[str, Or[Space]] = dict.fromkeys(places, ample)
        self.writes: dict[str, Or[bool]] = dict.fromkeys(places, True)
        self.executions: dict[str, Or[bool]] = dict.fromkeys(places, True)
        self.addresses: dict[str, Or[tuple[str, ...]]] = {
            "wn001.sim": ("10.0.0.7",),
            "pandaserver.sim": ("10.0.1.1",),
        }
        self.ports: dict[tuple[str, int], Or[None]] = {
            ("pandaserver.sim", 25443): None,
            ("pandaserver.sim", 25085): None,
        }
        self.pages: dict[str, Or[Answer]] = {SERVER: Answer(200, "alive=yes", {})}
        self.define_queue()
        self.commands: dict[str, Or[Ran]] = {}
        for program in (*SETTINGS.tools, *SETTINGS.tools_wanted, "openssl"):
            self.commands[program] = Ran(0, f"{program} 1.0\n")
        self.commands["ps -eo pid,ppid,stat,comm"] = Ran(0, PS)
        self.commands["python3"] = Ran(0, "python 3.9.18\n")
        self.set_proxy(hours=96.0, voms_hours=96.0)

    def define_queue(self, **changes: Any) -> None:
        """Publish the queue's definition with *changes*; the value `...` removes a field."""
        fields = {**QUEUE_FIELDS, **changes}
        kept = {key: value for key, value in fields.items() if value is not ...}
        self.pages[QUEUEDATA] = Answer(200, json.dumps(kept), {})

    def set_proxy(
        self, *, hours: float, voms_hours: float, fqan: str = "/atlas/Role=pilot"
    ) -> None:
        """Let voms-proxy-info tell these lifetimes; arcproxy is absent, openssl knows no dates."""
        voms, of_file = "voms-proxy-info", f"--file {PROXY}"
        self.commands[voms] = Ran(0, "voms-proxy-info\nVersion: 2.1.0\n")
        for option, value in (("timeleft", hours), ("actimeleft", voms_hours)):
            text = f"WARNING: no such vomsdir\n{int(value * HOUR_S)}\n"  # tools do print banners
            self.commands[f"{voms} --{option} {of_file}"] = Ran(0, text)
        self.commands[f"{voms} --fqan {of_file}"] = Ran(0, f"{fqan}\n/atlas/Role=NULL\n")

    def set_space(self, path: str, **changes: int) -> None:
        """Change the space of *path*."""
        before = self.spaces[path]
        assert isinstance(before, Space)
        self.spaces[path] = replace(before, **changes)

    def hostname(self) -> str:
        return self.name

    def now(self) -> float:
        return self.clock

    def env(self) -> Mapping[str, str]:
        return self.variables

    def cwd(self) -> str:
        return self.directory

    def uid(self) -> int:
        return self.user

    def account(self) -> str | None:
        return self._answer({"": self.user_name}, "", PATIENCE_S, MissingError("no account"))

    def cpus(self) -> Cpus:
        return self.processors

    def load(self) -> float:
        return _given(self.load_average)

    def limits(self) -> Mapping[str, Limit]:
        return self.resource_limits

    def stat(self, path: str, *, timeout_s: float = PATIENCE_S) -> Stat:
        return self._answer(self.stats, path, timeout_s, MissingError(f"{path} does not exist"))

    def list_dir(self, path: str, *, timeout_s: float = PATIENCE_S) -> tuple[str, ...]:
        return self._answer(self.listings, path, timeout_s, MissingError(f"no {path}"))

    def read_text(self, path: str, *, timeout_s: float = PATIENCE_S) -> str:
        return self._answer(self.texts, path, timeout_s, MissingError(f"no {path}"))

    def space(self, path: str, *, timeout_s: float = PATIENCE_S) -> Space:
        return self._answer(self.spaces, path, timeout_s, MissingError(f"no {path}"))

    def write_probe(
        self, directory: str, *, size_bytes: int, timeout_s: float = PATIENCE_S
    ) -> bool:
        return self._answer(self.writes, directory, timeout_s, MissingError(f"no {directory}"))

    def exec_probe(self, directory: str, *, timeout_s: float = PATIENCE_S) -> bool:
        return self._answer(self.executions, directory, timeout_s, MissingError(f"no {directory}"))

    def run(self, argv: Sequence[str], *, timeout_s: float) -> Ran:
        line = " ".join(argv)
        key = line if line in self.commands else argv[0]
        ran = self._answer(self.commands, key, timeout_s, MissingError(f"no program {argv[0]}"))
        if ran.timed_out:
            self.clock += timeout_s
            return replace(ran, seconds=timeout_s)
        return replace(ran, seconds=STEP_S)

    def resolve(self, host: str, *, timeout_s: float = PATIENCE_S) -> tuple[str, ...]:
        return self._answer(self.addresses, host, timeout_s, UnresolvedError(f"no {host}"))

    def connect(self, host: str, port: int, *, timeout_s: float = PATIENCE_S) -> None:
        unreachable = UnreachableError(f"{host}:{port}", "unreachable")
        return self._answer(self.ports, (host, port), timeout_s, unreachable)

    def fetch(self, url: str, *, timeout_s: float = PATIENCE_S) -> Answer:
        answer = self._answer(self.pages, url, timeout_s, UnreachableError(url, "unreachable"))
        headers = {"date": http_date(self.clock + self.server_ahead_s)}
        return replace(answer, headers={**headers, **answer.headers})

    def _answer(
        self, answers: Mapping[Any, Or[T]], key: Any, timeout_s: float, otherwise: VantageError
    ) -> T:
        answer = answers.get(key, otherwise)
        self.clock += timeout_s if isinstance(answer, HangError) else STEP_S
        return _given(answer)


def http_date(posix: float) -> str:
    """Return *posix* as a server writes it into its Date header."""
    return formatdate(int(posix), usegmt=True)


def _given(answer: Or[T]) -> T:
    if isinstance(answer, VantageError):
        raise answer
    return answer
