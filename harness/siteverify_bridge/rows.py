"""What is broken, row by row, and which check has to say so, with which reason code.

NARROW has one row for each check, in the order of the checks; each breaks nothing else, as the
real thing would not. WIDE has more ways to break the same, and faults that rightly break several
things at once: *also* names the further checks that have to notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

from harness.scenario import FaultPlan

GB = 10**9
# A connection whose first four SYN packets are lost is made at the fifth, 1 + 2 + 4 + 8 s later.
FOUR_SYNS_S = 15.0
NO_LIBRARY = "ImportError: libssl.so.3: cannot open shared object file: No such file or directory"
SHOWN = 30
VOMS_TOOLS = ("voms-proxy-info", "arcproxy")
NEED_THE_SERVER = ("net.http.server", "panda.queue.known")


@dataclass(frozen=True, slots=True)
class Row:
    """A way to break a node: *check* has to notice it, and nothing else but those in *also*."""

    check: str
    reason: str
    fault: FaultPlan
    also: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the fault as a person says it: ``noexec on node.disk (path=/srv/tmp)``."""
        options = ", ".join(f"{key}={_shown(value)}" for key, value in self.fault.options.items())
        where = f"{self.fault.do} on {self.fault.on}"
        return f"{where} ({options})" if options else where


def row(
    check: str,
    reason: str,
    *,
    do: str,
    on: str,
    options: Mapping[str, object] | None = None,
    also: tuple[str, ...] = (),
) -> Row:
    """Return the row of one fault."""
    return Row(check, reason, FaultPlan(on, do, options=dict(options or {})), also)


def _shown(value: object) -> str:
    text = "+".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."


NARROW: tuple[Row, ...] = (
    row("env.path.unset", "PATH_UNSET", do="unset_variable", on="node.environ"),
    row("sw.tools", "TOOL_MISSING", do="not_installed", on="node.tools"),
    row("auth.cred.present", "CRED_MISSING", do="missing", on="credential.proxy"),
    row(
        "auth.proxy.tool",
        "PROXY_TOOL_NONE",
        do="not_installed",
        on="node.tools",
        options={"tools": (*VOMS_TOOLS, "openssl")},
    ),
    row("auth.proxy.lifetime", "PROXY_EXPIRED", do="expired", on="credential.proxy"),
    row("auth.proxy.voms", "VOMS_EXPIRED", do="voms_expired", on="credential.voms"),
    row("auth.ca.dir", "CA_DIR_MISSING", do="gone", on="node.certificates"),
    row("sec.privilege", "USER_IS_ROOT", do="as_root", on="node.account"),
    row("env.user", "USER_UNKNOWN", do="no_account", on="node.account"),
    row("env.home", "HOME_MISSING", do="wrong_variable", on="node.environ"),
    row(
        "env.path.usrbin",
        "PATH_LACKS",
        do="wrong_variable",
        on="node.environ",
        options={"variable": "PATH", "value": "/usr/local/bin:/usr/bin:/bin"},
    ),
    row(
        "env.python",
        "PYTHON_BROKEN",
        do="exit",
        on="tool.python3",
        options={"code": 1, "stderr": NO_LIBRARY},
    ),
    # On the gatekeeper it was there; temporary files then go to TMPDIR.
    row(
        "env.osg.defined",
        "OSG_UNDEFINED",
        do="unset_variable",
        on="node.environ",
        options={"variable": "OSG_WN_TMP"},
    ),
    row("env.osg.paths", "OSG_PATH_MISSING", do="gone", on="node.apps"),
    row("env.tmp", "TMP_NOEXEC", do="noexec", on="node.disk", options={"path": "/srv/tmp"}),
    row("env.proxyvars", "PROXYVAR_REFUSED", do="refuse", on="net.squid.*"),
    row(
        "disk.space.work",
        "DISK_FULL",
        do="disk_full",
        on="node.disk",
        options={"free_bytes": 1 * GB},
    ),
    row("disk.inodes", "INODES_FEW", do="few_inodes", on="node.disk"),
    row("disk.write.real", "WRITE_EDQUOT", do="quota", on="node.disk"),
    row("disk.exec", "EXEC_DENIED", do="noexec", on="node.disk"),
    row("disk.shm", "SHM_MISSING", do="gone", on="node.shm"),
    row("proc.ps", "PS_CODE", do="exit", on="tool.ps"),
    row("cvmfs.mounted", "CVMFS_HANG", do="hang", on="node.cvmfs"),
    row("net.hostname", "HOSTNAME_LOCAL", do="wrong_name", on="node.hostname"),
    row("net.dns", "DNS_UNRESOLVED", do="dns_failure", on="net.pandaserver.sim"),
    # Whoever has the patience is served; whatever keeps connections from being made at all
    # breaks the conversations too, see below.
    row(
        "net.fw.out",
        "CONNECT_HANG",
        do="delay",
        on="net.pandaserver.sim",
        options={"delay_s": FOUR_SYNS_S},
    ),
    row("net.http.server", "HTTP_BODY", do="html", on="server.is_alive"),
    row("auth.clock", "CLOCK_OFF", do="clock_step", on="node.clock"),
    row("panda.queue.known", "QUEUE_NULL", do="missing", on="queuedata.copytools"),
    row(
        "panda.queue.state",
        "QUEUE_OFFLINE",
        do="set",
        on="queuedata.status",
        options={"value": "offline"},
    ),
    row("panda.queue.consistency", "QUEUE_INCONSISTENT", do="null", on="queuedata.maxwdir"),
    row("res.cores", "CORES_FEW", do="cpu_quota", on="node.cores"),
    row("res.nofile", "NOFILE_LOW", do="low_limit", on="node.limits"),
    row("res.load", "LOAD_HIGH", do="overload", on="node.load"),
)

WIDE: tuple[Row, ...] = (
    row("sw.tools", "TOOL_HANG", do="hang", on="tool.tar"),
    row("auth.cred.present", "CRED_MODE", do="wrong_mode", on="credential.proxy"),
    row("auth.proxy.lifetime", "PROXY_SHORT", do="short", on="credential.proxy"),
    row("auth.proxy.voms", "VOMS_SHORT", do="short", on="credential.voms"),
    row(
        "auth.proxy.tool",
        "PROXY_TOOL_NO_VOMS",
        do="not_installed",
        on="node.tools",
        options={"tools": VOMS_TOOLS},
        also=("auth.proxy.voms",),
    ),
    row("auth.ca.dir", "CA_DIR_HANG", do="hang", on="node.certificates"),
    row("env.osg.paths", "OSG_PATH_HANG", do="hang", on="node.apps"),
    row(
        "env.home",
        "HOME_AFS",
        do="wrong_variable",
        on="node.environ",
        options={"value": "/afs/cern.ch/user/p/pilot"},
    ),
    row(
        "env.proxyvars",
        "PROXYVAR_MALFORMED",
        do="wrong_variable",
        on="node.environ",
        options={"variable": "http_proxy", "value": "'http://squid.sim:3128'"},
    ),
    row("env.python", "PYTHON_HANG", do="hang", on="tool.python3"),
    row(
        "env.tmp",
        "TMP_OTHER",
        do="wrong_variable",
        on="node.environ",
        options={"variable": "TMPDIR", "value": "/scratch/condor/dir_4711"},
    ),
    row(
        "disk.space.work",
        "DISK_FULL",
        do="disk_full",
        on="node.disk",
        also=("disk.write.real", "env.home", "env.tmp"),
    ),
    row(
        "disk.write.real",
        "WRITE_EROFS",
        do="read_only",
        on="node.disk",
        also=("env.home", "env.tmp"),
    ),
    row("disk.shm", "SHM_HANG", do="hang", on="node.shm"),
    # The only question that a pilot asks every minute, and without a time limit.
    row("proc.ps", "PS_HANG", do="hang", on="tool.ps", also=("sw.tools",)),
    row("cvmfs.mounted", "CVMFS_MISSING", do="gone", on="node.cvmfs"),
    row(
        "cvmfs.mounted",
        "CVMFS_MISSING",
        do="gone",
        on="node.cvmfs",
        options={"path": "/cvmfs/atlas-condb.cern.ch"},
    ),
    row(
        "net.hostname",
        "HOSTNAME_UNRESOLVED",
        do="wrong_name",
        on="node.hostname",
        options={"name": "wn-0815"},
    ),
    row(
        "net.fw.out",
        "CONNECT_HANG",
        do="black_hole",
        on="net.pandaserver.sim",
        also=NEED_THE_SERVER,
    ),
    row(
        "net.fw.out",
        "CONNECT_REFUSED",
        do="refuse",
        on="net.pandaserver.sim",
        also=NEED_THE_SERVER,
    ),
    row(
        "net.http.server",
        "HTTP_BROKEN",
        do="reset",
        on="net.pandaserver.sim",
        also=("panda.queue.known",),
    ),
    row("net.http.server", "HTTP_STATUS", do="http_status", on="server.is_alive"),
    row("auth.clock", "CLOCK_DRIFTS", do="clock_step", on="node.clock", options={"ahead_s": -30.0}),
    row("panda.queue.known", "QUEUEDATA_HTML", do="html", on="server.queuedata"),
    row(
        "panda.queue.state",
        "QUEUE_STATE",
        do="quotes",
        on="queuedata.state",
        also=("panda.queue.consistency",),
    ),
    row("panda.queue.consistency", "QUEUE_UNTIDY", do="newline", on="queuedata.cloud"),
    row("res.cores", "CORES_FEW", do="set", on="queuedata.corecount", options={"value": 64}),
)

ROWS = (*NARROW, *WIDE)
