"""How to break a worker node so that each check notices: one row for every reason code.

The table is what makes a check trustworthy: a check that no row can make fail is a check that may
have been dead for years, as several in production were.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import Callable

from siteverify.outcome import Owner
from siteverify.outcome import Status
from siteverify.settings import Settings
from siteverify.vantage import Answer
from siteverify.vantage import Cpus
from siteverify.vantage import FaultError
from siteverify.vantage import ForbiddenError
from siteverify.vantage import HangError
from siteverify.vantage import Limit
from siteverify.vantage import Ran
from siteverify.vantage import Stat
from siteverify.vantage import UnreachableError
from tests.siteverify.fake_vantage import CERTIFICATES
from tests.siteverify.fake_vantage import GB
from tests.siteverify.fake_vantage import PROXY
from tests.siteverify.fake_vantage import QUEUE
from tests.siteverify.fake_vantage import QUEUE_FIELDS
from tests.siteverify.fake_vantage import QUEUEDATA
from tests.siteverify.fake_vantage import SERVER
from tests.siteverify.fake_vantage import SETTINGS
from tests.siteverify.fake_vantage import UID
from tests.siteverify.fake_vantage import WORK
from tests.siteverify.fake_vantage import FakeVantage

PASS, WARN, FAIL = Status.PASS, Status.WARN, Status.FAIL
UNKNOWN, SKIP = Status.UNKNOWN, Status.SKIP
HANG = HangError("no answer")
DENIED = ForbiddenError("may not")
TOKEN = "/srv/cred/token"
SQUID = "http://squid.sim:3128"
PS = "ps -eo pid,ppid,stat,comm"
LEFT = f"voms-proxy-info --timeleft --file {PROXY}"
AC_LEFT = f"voms-proxy-info --actimeleft --file {PROXY}"
FQAN = f"voms-proxy-info --fqan --file {PROXY}"
ENDDATE = f"openssl x509 -noout -enddate -in {PROXY}"


@dataclass(frozen=True)
class Breakage:
    """A broken node: what is done to a healthy one, and what the check must say of it."""

    check_id: str
    status: Status
    reason_code: str
    name: str
    do: Callable[[FakeVantage], object]
    settings: Settings = SETTINGS
    owner: Owner | None = None


TABLE: list[Breakage] = []


def row(
    check_id: str,
    status: Status,
    reason_code: str,
    name: str,
    do: Callable[[FakeVantage], object],
    *,
    owner: Owner | None = None,
    **changes: Any,
) -> None:
    """Enter a breakage; *changes* are made to the settings."""
    settings = replace(SETTINGS, **changes)
    TABLE.append(Breakage(check_id, status, reason_code, name, do, settings, owner))


def put(target: str, key: Any, value: Any) -> Callable[[FakeVantage], object]:
    """Return a breakage that sets one entry of one dictionary."""
    return lambda v: getattr(v, target).__setitem__(key, value)


def unset(target: str, key: Any) -> Callable[[FakeVantage], object]:
    """Return a breakage that removes one entry of one dictionary."""
    return lambda v: getattr(v, target).__delitem__(key)


def be(attribute: str, value: Any) -> Callable[[FakeVantage], object]:
    """Return a breakage that replaces one attribute."""
    return lambda v: setattr(v, attribute, value)


def together(*steps: Callable[[FakeVantage], object]) -> Callable[[FakeVantage], object]:
    """Return a breakage of several steps."""
    return lambda v: [step(v) for step in steps]


def queue(**changes: Any) -> Callable[[FakeVantage], object]:
    """Return a breakage of the queue's definition."""
    return lambda v: v.define_queue(**changes)


def page(url: str, body: str, status: int = 200, **headers: str) -> Callable[[FakeVantage], object]:
    """Return a breakage of a web page."""
    return put("pages", url, Answer(status, body, headers))


def token_instead(v: FakeVantage) -> None:
    """Give the job a token and no proxy."""
    del v.variables["X509_USER_PROXY"]
    v.variables["BEARER_TOKEN_FILE"] = TOKEN
    v.stats[TOKEN] = Stat("file", 0o600, UID, 900)


HTML = "<html><body>It works!</body></html>"
HANGS = Ran(None, timed_out=True)
NO_LIBRARY = Ran(127, "", "error while loading shared libraries: libarc.so")
FUNNY_DATE = {"date": "yesterday"}

# --- credentials
CRED = "auth.cred.present"
row(CRED, FAIL, "CRED_MISSING", "no proxy", unset("stats", PROXY))
row(CRED, FAIL, "CRED_MISSING", "no proxy named", unset("variables", "X509_USER_PROXY"))
row(CRED, FAIL, "CRED_FORBIDDEN", "proxy out of reach", put("stats", PROXY, DENIED))
row(CRED, FAIL, "CRED_HANG", "proxy on a dead mount", put("stats", PROXY, HANG))
row(CRED, FAIL, "CRED_NO_FILE", "a directory", put("stats", PROXY, Stat("dir", 0o700, UID)))
row(CRED, FAIL, "CRED_EMPTY", "empty", put("stats", PROXY, Stat("file", 0o600, UID, 0)))
row(CRED, FAIL, "CRED_OWNER", "somebody else's", put("stats", PROXY, Stat("file", 0o600, 0, 9)))
row(CRED, FAIL, "CRED_MODE", "open to others", put("stats", PROXY, Stat("file", 0o644, UID, 9)))
row(CRED, PASS, "OK", "token instead", token_instead)
row(CRED, FAIL, "CRED_MISSING", "token lost", together(token_instead, unset("stats", TOKEN)))
row(
    CRED,
    FAIL,
    "CRED_MISSING",
    "a token does not stand in for a proxy that is named",
    together(token_instead, put("variables", "X509_USER_PROXY", "/srv/cred/lost")),
)

TOOL = "auth.proxy.tool"
row(
    TOOL,
    FAIL,
    "PROXY_TOOL_NONE",
    "none installed",
    together(unset("commands", "voms-proxy-info"), unset("commands", "openssl")),
)
row(
    TOOL,
    FAIL,
    "PROXY_TOOL_NONE",
    "all broken",
    together(
        put("commands", "voms-proxy-info", HANGS),
        put("commands", "arcproxy", NO_LIBRARY),
        put("commands", "openssl", Ran(1, "", "bus error")),
    ),
)
row(TOOL, WARN, "PROXY_TOOL_NO_VOMS", "openssl only", unset("commands", "voms-proxy-info"))
row(TOOL, SKIP, "TOKEN_USED", "token instead", token_instead)

LIFE = "auth.proxy.lifetime"
row(LIFE, FAIL, "PROXY_EXPIRED", "expired", put("commands", LEFT, Ran(1, "0\n")))
row(LIFE, FAIL, "PROXY_SHORT", "two hours", lambda v: v.set_proxy(hours=2, voms_hours=2))
row(LIFE, WARN, "PROXY_SHORTISH", "a day", lambda v: v.set_proxy(hours=24, voms_hours=24))
row(
    LIFE,
    WARN,
    "PROXY_TOOLS_DISAGREE",
    "openssl sees less",
    put("commands", ENDDATE, Ran(0, "notAfter=Mar  2 13:00:00 2010 GMT\n")),
)
row(
    LIFE,
    FAIL,
    "PROXY_UNREADABLE",
    "garbage",
    put("commands", LEFT, Ran(1, "", "Couldn't find a valid proxy.")),
)
row(LIFE, UNKNOWN, "HANG", "the tool hangs", put("commands", LEFT, HANGS))
row(LIFE, SKIP, "TOKEN_USED", "token instead", token_instead)
row(
    LIFE,
    FAIL,
    "PROXY_SHORT",
    "arcproxy alone",
    together(
        unset("commands", "voms-proxy-info"),
        unset("commands", LEFT),
        put("commands", f"arcproxy -P {PROXY} -i validityLeft", Ran(0, "7200\n")),
    ),
)

VOMS = "auth.proxy.voms"
row(VOMS, FAIL, "VOMS_NONE", "no attributes", put("commands", AC_LEFT, Ran(1, "", "No VOMS")))
row(VOMS, FAIL, "VOMS_EXPIRED", "attributes gone", lambda v: v.set_proxy(hours=96, voms_hours=0))
row(VOMS, FAIL, "VOMS_SHORT", "one hour", lambda v: v.set_proxy(hours=96, voms_hours=1))
row(
    VOMS,
    WARN,
    "VOMS_BEFORE_PROXY",
    "attributes end first",
    lambda v: v.set_proxy(hours=96, voms_hours=48),
)
row(
    VOMS,
    FAIL,
    "VOMS_VO",
    "another VO",
    together(
        lambda v: v.set_proxy(hours=96, voms_hours=96, fqan="/cms/Role=pilot"),
        put("commands", FQAN, Ran(0, "/cms/Role=pilot/Capability=NULL\n")),
    ),
)
row(VOMS, UNKNOWN, "VOMS_VO_UNREAD", "no FQAN printed", put("commands", FQAN, Ran(1)))
row(VOMS, PASS, "OK", "any VO will do", put("commands", FQAN, Ran(1)), vo="")
row(VOMS, UNKNOWN, "VOMS_NO_TOOL", "tool without libraries", put("commands", AC_LEFT, NO_LIBRARY))
row(VOMS, UNKNOWN, "HANG", "the tool hangs", put("commands", AC_LEFT, HANGS))
row(VOMS, SKIP, "TOKEN_USED", "token instead", token_instead)

CA = "auth.ca.dir"
row(CA, FAIL, "CA_DIR_MISSING", "not installed", unset("listings", CERTIFICATES))
row(CA, FAIL, "CA_DIR_HANG", "on a dead mount", put("listings", CERTIFICATES, HANG))
row(CA, FAIL, "CA_DIR_EMPTY", "lists only", put("listings", CERTIFICATES, ("x.crl_url",)))
row(CA, FAIL, "CA_DIR_MISSING", "wrong variable", put("variables", "X509_CERT_DIR", "/nowhere"))

CLOCK = "auth.clock"
row(CLOCK, FAIL, "CLOCK_OFF", "five minutes slow", be("server_ahead_s", 300.0))
row(CLOCK, FAIL, "CLOCK_OFF", "five minutes fast", be("server_ahead_s", -300.0))
row(CLOCK, WARN, "CLOCK_DRIFTS", "half a minute", be("server_ahead_s", 30.0))
row(CLOCK, UNKNOWN, "CLOCK_NO_DATE", "no date", page(SERVER, "alive=yes", **FUNNY_DATE))
row(CLOCK, UNKNOWN, "CLOCK_CACHED", "a cache answers", page(SERVER, "alive=yes", age="70"))
row(CLOCK, UNKNOWN, "HANG", "server hangs", put("pages", SERVER, HANG))
row(CLOCK, UNKNOWN, "UNANSWERED", "server gone", unset("pages", SERVER))
row(CLOCK, SKIP, "NOT_APPLICABLE", "no server", be("server_ahead_s", 300.0), server_urls=())

# --- environment
row("env.path.unset", FAIL, "PATH_UNSET", "no PATH", unset("variables", "PATH"))
row("env.path.unset", FAIL, "PATH_UNSET", "empty PATH", put("variables", "PATH", ":"))
row("env.path.usrbin", WARN, "PATH_LACKS", "sbin", put("variables", "PATH", "/usr/bin:/bin"))
row("env.path.usrbin", WARN, "PATH_LACKS", "a likeness", put("variables", "PATH", "/opt/usr/bin"))

HOME = "env.home"
row(HOME, WARN, "HOME_UNSET", "unset", unset("variables", "HOME"))
row(HOME, WARN, "HOME_AFS", "on AFS", put("variables", "HOME", "/afs/cern.ch/user/p/pilot"))
row(HOME, WARN, "HOME_MISSING", "does not exist", unset("stats", "/srv/home"))
row(HOME, WARN, "HOME_EDQUOT", "quota", put("writes", "/srv/home", FaultError("home", "EDQUOT")))
row(HOME, WARN, "HOME_CORRUPTS", "loses data", put("writes", "/srv/home", False))
row(
    HOME,
    WARN,
    "HOME_NO_DIRECTORY",
    "a file",
    put("stats", "/srv/home", Stat("file", 0o600, UID, 1)),
)

TMP = "env.tmp"
row(TMP, FAIL, "TMP_MISSING", "OSG_WN_TMP missing", unset("stats", "/srv/tmp"))
row(TMP, FAIL, "TMP_NO_DIRECTORY", "a file", put("stats", "/srv/tmp", Stat("file", 0o6, UID)))
row(TMP, FAIL, "TMP_FULL", "full", lambda v: v.set_space("/srv/tmp", free_bytes=0))
row(TMP, FAIL, "TMP_FORBIDDEN", "not mine", put("writes", "/srv/tmp", DENIED))
row(TMP, FAIL, "TMP_ENOSPC", "quota", put("writes", "/srv/tmp", FaultError("tmp", "ENOSPC")))
row(TMP, FAIL, "TMP_CORRUPTS", "loses data", put("writes", "/srv/tmp", False))
row(TMP, FAIL, "TMP_NOEXEC", "noexec", put("executions", "/srv/tmp", False))
row(TMP, FAIL, "TMP_HANG", "dead NFS", put("stats", "/srv/tmp", HANG))
row(TMP, WARN, "TMP_OTHER", "/tmp is noexec", put("executions", "/tmp", False))
row(
    TMP,
    PASS,
    "OK",
    "UNAVAILABLE is legal",
    put("variables", "OSG_WN_TMP", "UNAVAILABLE"),
)

USER = "env.user"
row(USER, FAIL, "USER_UNKNOWN", "no account", be("user_name", None))
row(USER, FAIL, "USER_HANG", "LDAP hangs", be("user_name", HANG))
row(USER, WARN, "USER_DIFFERS", "USER of the CE", put("variables", "USER", "grid"))

PYTHON = "env.python"
row(PYTHON, FAIL, "PYTHON_MISSING", "not installed", unset("commands", "python3"))
row(PYTHON, FAIL, "PYTHON_FORBIDDEN", "not executable", put("commands", "python3", DENIED))
row(PYTHON, FAIL, "PYTHON_HANG", "hangs", put("commands", "python3", HANGS))
row(PYTHON, FAIL, "PYTHON_OLD", "3.4", put("commands", "python3", Ran(0, "python 3.4.10\n")))
row(
    PYTHON,
    FAIL,
    "PYTHON_BROKEN",
    "no ssl",
    put("commands", "python3", Ran(1, "", "ImportError: No module named '_ssl'\n")),
)
row(PYTHON, FAIL, "PYTHON_BROKEN", "says nothing", put("commands", "python3", Ran(0, "")))
row(PYTHON, PASS, "OK", "3.10 is not 3.1", put("commands", "python3", Ran(0, "python 3.10.1\n")))

OSG = "env.osg.defined"
row(OSG, FAIL, "OSG_UNDEFINED", "WNTMP on the CE only", unset("variables", "OSG_WN_TMP"))
row(OSG, FAIL, "OSG_UNDEFINED", "blank", put("variables", "OSG_GRID", " "))
row(OSG, PASS, "OK", "UNAVAILABLE", put("variables", "OSG_GRID", "UNAVAILABLE"))
row(
    OSG,
    SKIP,
    "NOT_APPLICABLE",
    "not an OSG site",
    unset("variables", "OSG_GRID"),
    osg_variables=(),
)
PATHS = "env.osg.paths"
row(PATHS, FAIL, "OSG_PATH_MISSING", "on the CE only", unset("stats", "/srv/wn-client"))
row(PATHS, FAIL, "OSG_PATH_HANG", "dead mount", put("stats", "/srv/app", HANG))
row(PATHS, FAIL, "OSG_PATH_FILE", "a file", put("stats", "/srv/app", Stat("file", 0o644, 0, 1)))
row(
    PATHS,
    SKIP,
    "OSG_NO_PATHS",
    "nothing available",
    lambda v: v.variables.update(
        dict.fromkeys(("OSG_GRID", "OSG_APP", "OSG_WN_TMP"), "UNAVAILABLE")
    ),
)

PROXYVARS = "env.proxyvars"
row(PROXYVARS, SKIP, "NO_PROXY", "none", lambda v: None)
row(PROXYVARS, FAIL, "PROXYVAR_UNREACHABLE", "dead", put("variables", "http_proxy", SQUID))
row(
    PROXYVARS,
    FAIL,
    "PROXYVAR_REFUSED",
    "squid down",
    together(
        put("variables", "HTTPS_PROXY", "squid.sim:3128"),
        put("ports", ("squid.sim", 3128), UnreachableError("squid.sim:3128", "refused")),
    ),
)
for value in ("squid.sim", "http://squid.sim:port", "'http://squid.sim:3128'"):
    bad = put("variables", "http_proxy", value)
    row(PROXYVARS, FAIL, "PROXYVAR_MALFORMED", f"as {value}", bad)

# --- disk
DISK = "disk.space.work"
row(DISK, FAIL, "DISK_FULL", "0.0 GB", lambda v: v.set_space(WORK, free_bytes=0))
row(DISK, FAIL, "DISK_FULL", "a little", lambda v: v.set_space(WORK, free_bytes=2 * GB - 1))
row(DISK, WARN, "DISK_LOW", "some", lambda v: v.set_space(WORK, free_bytes=5 * GB))
row(DISK, FAIL, "DISK_MISSING", "no such directory", unset("spaces", WORK))
row(DISK, FAIL, "DISK_HANG", "dead NFS", put("spaces", WORK, HANG))
row(DISK, FAIL, "DISK_ESTALE", "stale NFS", put("spaces", WORK, FaultError(WORK, "ESTALE")))
INODES = "disk.inodes"
row(INODES, FAIL, "INODES_FEW", "none left", lambda v: v.set_space(WORK, free_inodes=0))
row(INODES, FAIL, "INODES_FEW", "under 1 %", lambda v: v.set_space(WORK, free_inodes=99_999))
row(INODES, FAIL, "INODES_HANG", "dead NFS", put("spaces", WORK, HANG))
row(
    INODES,
    PASS,
    "OK",
    "btrfs counts none",
    lambda v: v.set_space(WORK, free_inodes=0, total_inodes=0),
)
WRITE = "disk.write.real"
for code in ("ENOSPC", "EROFS", "EDQUOT", "EIO"):
    row(WRITE, FAIL, f"WRITE_{code}", code, put("writes", WORK, FaultError(WORK, code)))
row(WRITE, FAIL, "WRITE_CORRUPTS", "loses data", put("writes", WORK, False))
row(WRITE, FAIL, "WRITE_HANG", "dead NFS", put("writes", WORK, HANG))
row("disk.exec", FAIL, "EXEC_DENIED", "noexec", put("executions", WORK, False))
row("disk.exec", UNKNOWN, "EXEC_HANG", "dead NFS", put("executions", WORK, HANG))
SHM = "disk.shm"
row(SHM, WARN, "SHM_MISSING", "not mounted", unset("spaces", "/dev/shm"))
row(SHM, WARN, "SHM_FULL", "docker's 64 MB", lambda v: v.set_space("/dev/shm", free_bytes=999))
row(SHM, WARN, "SHM_FORBIDDEN", "mode 755", put("writes", "/dev/shm", DENIED))
row(SHM, WARN, "SHM_CORRUPTS", "loses data", put("writes", "/dev/shm", False))

# --- software and processes
SW = "sw.tools"
row(SW, FAIL, "TOOL_MISSING", "no curl", unset("commands", "curl"))
row(SW, FAIL, "TOOL_HANG", "tar hangs", put("commands", "tar", HANGS))
row(SW, FAIL, "TOOL_HANG", "tar cannot be started", put("commands", "tar", HANG))
row(SW, FAIL, "TOOL_BROKEN", "awk lacks a library", put("commands", "awk", NO_LIBRARY))
row(SW, FAIL, "TOOL_BROKEN", "sed crashes", put("commands", "sed", Ran(-11)))
row(SW, WARN, "TOOL_WANTED", "no lspci", unset("commands", "lspci"))
row(SW, PASS, "OK", "mawk knows no --version", put("commands", "awk", Ran(2, "", "awk: what?")))
row("proc.ps", FAIL, "PS_HANG", "state D somewhere", put("commands", PS, HANGS))
row(
    "proc.ps", FAIL, "PS_MISSING", "no ps", together(unset("commands", PS), unset("commands", "ps"))
)
row("proc.ps", FAIL, "PS_CODE", "another ps", put("commands", PS, Ran(1, "usage: ps\nps -e\n")))
row(
    "proc.ps",
    FAIL,
    "PS_EMPTY",
    "hidepid",
    put("commands", PS, Ran(0, "  PID  PPID STAT COMMAND\n")),
)
row("sec.privilege", FAIL, "USER_IS_ROOT", "root", be("user", 0))
CVMFS = "cvmfs.mounted"
row(CVMFS, FAIL, "CVMFS_HANG", "dead fuse", put("listings", "/cvmfs/atlas.cern.ch", HANG))
row(CVMFS, FAIL, "CVMFS_MISSING", "not mounted", unset("listings", "/cvmfs/atlas-condb.cern.ch"))
row(CVMFS, FAIL, "CVMFS_EMPTY", "no autofs", put("listings", "/cvmfs/atlas.cern.ch", ()))
row(
    CVMFS,
    FAIL,
    "CVMFS_ENOTCONN",
    "transport endpoint",
    put("listings", "/cvmfs/atlas.cern.ch", FaultError("/cvmfs/atlas.cern.ch", "ENOTCONN")),
)
row(
    CVMFS,
    SKIP,
    "NOT_APPLICABLE",
    "none needed",
    put("listings", "/cvmfs/atlas.cern.ch", HANG),
    repositories=(),
)

# --- network
NAME = "net.hostname"
row(NAME, WARN, "HOSTNAME_EMPTY", "none", be("name", ""))
row(NAME, WARN, "HOSTNAME_LOCAL", "localhost", be("name", "localhost.localdomain"))
row(NAME, WARN, "HOSTNAME_UNRESOLVED", "not in DNS", unset("addresses", "wn001.sim"))
DNS = "net.dns"
row(DNS, FAIL, "DNS_UNRESOLVED", "no such name", unset("addresses", "pandaserver.sim"))
row(DNS, FAIL, "DNS_HANG", "resolver hangs", put("addresses", "pandaserver.sim", HANG))
row(
    DNS,
    SKIP,
    "ALL_PROXIED",
    "through squids",
    together(
        unset("addresses", "pandaserver.sim"),
        put("variables", "http_proxy", SQUID),
        put("variables", "https_proxy", SQUID),
    ),
)
row(
    DNS,
    FAIL,
    "DNS_UNRESOLVED",
    "past the squid",
    together(
        unset("addresses", "pandaserver.sim"),
        put("variables", "http_proxy", SQUID),
        put("variables", "https_proxy", SQUID),
        put("variables", "no_proxy", "localhost, .sim"),
    ),
)
FW = "net.fw.out"
PORT = ("pandaserver.sim", 25443)
row(FW, FAIL, "CONNECT_HANG", "firewall drops", put("ports", PORT, HANG), owner=Owner.SITE)
row(FW, FAIL, "CONNECT_UNREACHABLE", "no route", unset("ports", PORT), owner=Owner.SITE)
row(
    FW,
    FAIL,
    "CONNECT_REFUSED",
    "server down",
    put("ports", PORT, UnreachableError("pandaserver.sim:25443", "refused")),
    owner=Owner.CENTRAL,
)
row(
    FW,
    SKIP,
    "ALL_PROXIED",
    "through squids",
    together(put("variables", "http_proxy", SQUID), put("variables", "https_proxy", SQUID)),
)
HTTP = "net.http.server"
row(HTTP, FAIL, "HTTP_STATUS", "500", page(SERVER, "oops", 500), owner=Owner.CENTRAL)
row(HTTP, FAIL, "HTTP_BODY", "a page with status 200", page(SERVER, HTML), owner=Owner.SITE)
row(HTTP, FAIL, "HTTP_BODY", "empty", page(SERVER, ""))
row(HTTP, FAIL, "HTTP_BODY", "says no", page(SERVER, '{"success": false}'))
row(HTTP, PASS, "OK", "the newer words", page(SERVER, '{"success": true, "data": null}'))
row(HTTP, FAIL, "HTTP_HANG", "server hangs", put("pages", SERVER, HANG), owner=Owner.SITE)
row(
    HTTP,
    FAIL,
    "HTTP_TLS",
    "unknown CA",
    put("pages", SERVER, UnreachableError(SERVER, "tls")),
    owner=Owner.SITE,
)
row(
    HTTP,
    FAIL,
    "HTTP_REFUSED",
    "server down",
    put("pages", SERVER, UnreachableError(SERVER, "refused")),
    owner=Owner.CENTRAL,
)
row(HTTP, SKIP, "NOT_APPLICABLE", "no server", unset("pages", SERVER), server_urls=())

# --- the queue
KNOWN = "panda.queue.known"
row(KNOWN, SKIP, "NOT_APPLICABLE", "no queue", unset("pages", QUEUEDATA), queue="")
row(KNOWN, FAIL, "QUEUE_UNKNOWN", "404", page(QUEUEDATA, HTML, 404), owner=Owner.VO)
row(KNOWN, FAIL, "QUEUE_UNKNOWN", "empty object", page(QUEUEDATA, "{}"))
row(KNOWN, FAIL, "QUEUE_UNKNOWN", "null", page(QUEUEDATA, "null"))
row(KNOWN, FAIL, "QUEUE_UNKNOWN", "other queues", page(QUEUEDATA, '{"BNL_OTHER": {"state": "x"}}'))
row(KNOWN, FAIL, "QUEUE_OTHER", "of another queue", queue(nickname="BNL_ATLAS_1"))
row(KNOWN, FAIL, "QUEUEDATA_HTTP", "503", page(QUEUEDATA, "", 503), owner=Owner.CENTRAL)
row(KNOWN, FAIL, "QUEUEDATA_HTML", "HTML with 200", page(QUEUEDATA, HTML), owner=Owner.CENTRAL)
row(KNOWN, FAIL, "QUEUEDATA_EMPTY", "empty", page(QUEUEDATA, "\n"))
row(KNOWN, FAIL, "QUEUEDATA_NOT_JSON", "cut", page(QUEUEDATA, '{"nickname": "BNL_'))
row(KNOWN, FAIL, "QUEUEDATA_ODD", "a list", page(QUEUEDATA, "[]"))
row(
    KNOWN,
    FAIL,
    "QUEUEDATA_QUOTED",
    "JSON in quotes",
    page(QUEUEDATA, json.dumps(json.dumps(QUEUE_FIELDS))),
)
row(
    KNOWN,
    FAIL,
    "QUEUEDATA_UNREACHABLE",
    "no connection",
    unset("pages", QUEUEDATA),
    owner=Owner.SITE,
)
row(KNOWN, FAIL, "QUEUE_NULL", "status null", queue(status=None), owner=Owner.VO)
row(KNOWN, FAIL, "QUEUE_NULL", "status 'none'", queue(status="none"))
row(KNOWN, FAIL, "QUEUE_NULL", "None in quotes", queue(state="'None'\n"))
row(KNOWN, FAIL, "QUEUE_NULL", "no copytools", queue(copytools=...))
row(KNOWN, PASS, "OK", "the older form", page(QUEUEDATA, json.dumps({QUEUE: QUEUE_FIELDS})))

STATE = "panda.queue.state"
row(STATE, FAIL, "QUEUE_STATE", "disabled", queue(state="DISABLED"))
row(STATE, FAIL, "QUEUE_STATE", "a pilot compares exactly", queue(state="active"))
row(STATE, FAIL, "QUEUE_STATE", "extra quotes", queue(state="'ACTIVE'"))
row(STATE, FAIL, "QUEUE_OFFLINE", "offline", queue(status="offline"))
row(STATE, WARN, "QUEUE_RESTS", "brokeroff", queue(status="brokeroff"))
row(STATE, FAIL, "QUEUE_STATUS_ODD", "none", queue(status="none"))
row(STATE, FAIL, "QUEUE_STATUS_ODD", "null", queue(status=None))
row(STATE, FAIL, "QUEUE_STATUS_ODD", "quotes and line end", queue(status="'online'\n"))
row(STATE, PASS, "OK", "test", queue(status="test"))
row(STATE, UNKNOWN, "QUEUEDATA_EMPTY", "gone since", page(QUEUEDATA, ""), owner=Owner.CENTRAL)

FIT = "panda.queue.consistency"
WRONG, UNTIDY = "QUEUE_INCONSISTENT", "QUEUE_UNTIDY"
row(FIT, FAIL, WRONG, "maxwdir null", queue(maxwdir=None))
row(FIT, FAIL, WRONG, "corecount missing", queue(corecount=...))
row(FIT, FAIL, WRONG, "corecount 0", queue(corecount=0))
row(FIT, FAIL, WRONG, "maxrss a word", queue(maxrss="lots"))
row(FIT, FAIL, WRONG, "maxtime true", queue(maxtime=True))
row(FIT, FAIL, WRONG, "copytools a list", queue(copytools=["rucio"]))
row(FIT, FAIL, WRONG, "copytools null", queue(copytools=None))
row(FIT, FAIL, WRONG, "acopytools a text", queue(acopytools="rucio"))
row(FIT, FAIL, WRONG, "astorages empty", queue(astorages={}))
row(FIT, FAIL, WRONG, "acopytools unknown", queue(acopytools={"pr": ["xrdcp"]}))
row(FIT, FAIL, WRONG, "timefloor in minutes", queue(timefloor=60, maxtime=3600))
row(FIT, FAIL, WRONG, "container_options null", queue(container_options=None))
row(FIT, WARN, UNTIDY, "number as text", queue(corecount="8"))
row(FIT, WARN, UNTIDY, "line end", queue(site="BNL\n"))
row(FIT, WARN, UNTIDY, "extra quotes", queue(catchall="'x'"))
row(FIT, UNKNOWN, "QUEUEDATA_HTML", "gone since", page(QUEUEDATA, HTML))

# --- resources
CORES = "res.cores"
PINNED = Cpus(online=16, usable=4)
row(CORES, FAIL, "CORES_FEW", "pinned", be("processors", PINNED))
row(CORES, FAIL, "CORES_FEW", "asked for", lambda v: None, cores=12)
row(CORES, PASS, "OK", "no queue, one core", be("processors", Cpus(16, 1)), queue="")
row(
    CORES,
    FAIL,
    "CORES_FEW",
    "cgroup quota",
    together(
        put("texts", "/proc/self/cgroup", "0::/slot1_3\n"),
        put("texts", "/sys/fs/cgroup/slot1_3/cpu.max", "200000 100000\n"),
    ),
)
row(
    CORES,
    PASS,
    "OK",
    "cgroup without quota",
    together(
        put("texts", "/proc/self/cgroup", "0::/\n"),
        put("texts", "/sys/fs/cgroup/cpu.max", "max 100000\n"),
    ),
)
row(CORES, FAIL, "CORES_FEW", "corecount as text", queue(corecount="16"))
row(CORES, PASS, "OK", "corecount null is one", queue(corecount=None))
row(CORES, PASS, "OK", "corecount below one is one", queue(corecount=-1))
row(CORES, UNKNOWN, "QUEUEDATA_HTTP", "no definition", page(QUEUEDATA, "", 500))
NOFILE = "res.nofile"
row(NOFILE, FAIL, "NOFILE_LOW", "hard", put("resource_limits", "nofile", Limit(1024, 1024)))
row(NOFILE, WARN, "NOFILE_SOFT", "soft", put("resource_limits", "nofile", Limit(1024, 65536)))
row(NOFILE, PASS, "OK", "unlimited", put("resource_limits", "nofile", Limit(None, None)))
row(NOFILE, UNKNOWN, "NOFILE_UNREAD", "not told", unset("resource_limits", "nofile"))
row("res.load", WARN, "LOAD_HIGH", "oversubscribed", be("load_average", 24.1))
row("res.load", UNKNOWN, "UNANSWERED", "no /proc", be("load_average", FaultError("x", "ENODATA")))
