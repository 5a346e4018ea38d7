"""Error codes with their texts, owners and ranks, as one table, and the choice of the cause.

Numbers and names are those of pilot3@a090538b:pilot/common/errorcodes.py, so that results can
be compared; 1226 and 1234 come from pilot 1 (PilotErrors.py), where they were last in use. The
*owner* is who has to act: site, central (the grid's services and definitions), user, pilot, batch.
"""

from __future__ import annotations

from dataclasses import dataclass

# What explains other failures even if it is found after them; what is a failure of its own;
# what usually follows from something else. Within one rank the first failure is the cause.
ROOT, CAUSE, CONSEQUENCE = 0, 1, 2

DIAG_LENGTH_MAX = 256


@dataclass(frozen=True)
class ErrorKind:
    """One row of the table."""

    code: int
    name: str
    text: str
    owner: str
    rank: int = CAUSE


ROWS = (
    ErrorKind(1008, "GENERALERROR", "General pilot error, consult batch log", "pilot", CONSEQUENCE),
    ErrorKind(1098, "NOLOCALSPACE", "Not enough local space", "site", ROOT),
    ErrorKind(1099, "STAGEINFAILED", "Failed to stage-in file", "site"),
    ErrorKind(1103, "NOSUCHFILE", "No such file or directory", "site"),
    ErrorKind(1104, "USERDIRTOOLARGE", "User work directory too large", "user"),
    ErrorKind(1106, "STDOUTTOOBIG", "Payload log or stdout file too big", "user"),
    ErrorKind(1110, "SETUPFAILURE", "Failed during payload setup", "site"),
    ErrorKind(1116, "QUEUEDATA", "Pilot could not download queuedata", "central"),
    ErrorKind(1117, "QUEUEDATANOTOK", "Pilot found non-valid queuedata", "central"),
    ErrorKind(1133, "NOSTORAGE", "No storage is defined for the activity", "central"),
    ErrorKind(1137, "STAGEOUTFAILED", "Failed to stage-out file", "site"),
    ErrorKind(1143, "CHMODTRF", "Failed to chmod transform", "site"),
    ErrorKind(1144, "PANDAKILL", "This job was killed by panda server", "central"),
    ErrorKind(1149, "TRFDOWNLOADFAILURE", "Transform could not be downloaded", "central"),
    ErrorKind(1150, "LOOPINGJOB", "Looping job killed by pilot", "user"),
    ErrorKind(1151, "STAGEINTIMEOUT", "File transfer timed out during stage-in", "site"),
    ErrorKind(1152, "STAGEOUTTIMEOUT", "File transfer timed out during stage-out", "site"),
    ErrorKind(1163, "NOPROXY", "Grid proxy not valid", "site", ROOT),
    ErrorKind(1165, "MISSINGOUTPUTFILE", "Local output file is missing", "user"),
    ErrorKind(1168, "SIZETOOLARGE", "Total file size too large", "user"),
    ErrorKind(1171, "GETADMISMATCH", "adler32 mismatch on input file", "site"),
    ErrorKind(1172, "PUTADMISMATCH", "adler32 mismatch on output file", "site"),
    ErrorKind(1177, "NOVOMSPROXY", "Voms proxy not valid", "site", ROOT),
    ErrorKind(1180, "GETGLOBUSSYSERR", "Globus system error during stage-in", "site"),
    ErrorKind(1181, "PUTGLOBUSSYSERR", "Globus system error during stage-out", "site"),
    ErrorKind(1190, "LFNTOOLONG", "LFN too long (exceeding limit of 255 characters)", "user"),
    ErrorKind(1191, "ZEROFILESIZE", "File size cannot be zero", "user"),
    ErrorKind(1199, "MKDIR", "Failed to create directory", "site"),
    ErrorKind(1200, "KILLSIGNAL", "Job terminated by unknown kill signal", "batch"),
    ErrorKind(1201, "SIGTERM", "Job killed by signal: SIGTERM", "batch"),
    ErrorKind(1202, "SIGQUIT", "Job killed by signal: SIGQUIT", "batch"),
    ErrorKind(1203, "SIGSEGV", "Job killed by signal: SIGSEGV", "batch"),
    ErrorKind(1204, "SIGXCPU", "Job killed by signal: SIGXCPU", "batch"),
    ErrorKind(1206, "SIGBUS", "Job killed by signal: SIGBUS", "batch"),
    ErrorKind(1207, "SIGUSR1", "Job killed by signal: SIGUSR1", "batch"),
    ErrorKind(1208, "SIGINT", "Job killed by signal: SIGINT", "batch"),
    ErrorKind(1213, "REACHEDMAXTIME", "Reached batch system time limit", "batch"),
    ErrorKind(1220, "UNKNOWNPAYLOADFAILURE", "Payload could not be started", "pilot"),
    ErrorKind(1221, "FILEEXISTS", "File already exists", "site"),
    ErrorKind(1224, "ESRECOVERABLE", "Event service: recoverable error", "site"),
    ErrorKind(1226, "GLEXEC", "gLExec related error", "site"),
    ErrorKind(1234, "EXECUTEDCLONEJOB", "Clone job is already executed", "central"),
    ErrorKind(1235, "PAYLOADEXCEEDMAXMEM", "Payload exceeded maximum allowed memory", "user"),
    ErrorKind(1236, "FAILEDBYSERVER", "The server no longer counts on this job", "central"),
    ErrorKind(1238, "ESNOEVENTS", "Event service: no events", "central"),
    ErrorKind(1242, "CHKSUMNOTSUP", "Query checksum is not supported", "site"),
    ErrorKind(1301, "UNKNOWNEXCEPTION", "An unknown pilot exception has occurred", "pilot"),
    ErrorKind(1302, "CONVERSIONFAILURE", "Failed to convert object data", "central"),
    ErrorKind(1303, "FILEHANDLINGFAILURE", "Failed during file handling", "site", CONSEQUENCE),
    ErrorKind(1305, "PAYLOADEXECUTIONFAILURE", "Failed to execute payload", "user"),
    ErrorKind(1307, "SINGULARITYNOLOOPDEVICES", "Apptainer: no more loop devices", "site"),
    ErrorKind(1308, "SINGULARITYBINDPOINTFAILURE", "Apptainer: bind point not mounted", "site"),
    ErrorKind(1309, "SINGULARITYIMAGEMOUNTFAILURE", "Apptainer: failed to mount image", "site"),
    ErrorKind(1313, "NOSTORAGEPROTOCOL", "No protocol defined for storage endpoint", "central"),
    ErrorKind(1316, "RUCIOSERVICEUNAVAILABLE", "Rucio: Service unavailable", "central"),
    ErrorKind(1317, "EXCEEDEDMAXWAITTIME", "Exceeded maximum waiting time", "central"),
    ErrorKind(1318, "COMMUNICATIONFAILURE", "Failed to communicate with server", "central"),
    ErrorKind(1320, "LOGFILECREATIONFAILURE", "Failed to create log file", "site", CONSEQUENCE),
    ErrorKind(1323, "UNKNOWNCOPYTOOL", "Unknown copy tool", "central"),
    ErrorKind(1324, "SERVICENOTAVAILABLE", "Service not available at the moment", "site"),
    ErrorKind(1325, "SINGULARITYNOTINSTALLED", "Singularity: not installed", "site"),
    ErrorKind(1327, "UNREACHABLENETWORK", "Network is unreachable", "site"),
    ErrorKind(1328, "PAYLOADSIGSEGV", "Payload ended by a segmentation fault", "user"),
    ErrorKind(1329, "NONDETERMINISTICDDM", "No path for a non-deterministic endpoint", "central"),
    ErrorKind(1331, "MISSINGINPUTFILE", "Input file is missing in storage element", "site"),
    ErrorKind(1333, "NOREMOTESPACE", "No space left on device", "site"),
    ErrorKind(1338, "STAGEINAUTHENTICATIONFAILURE", "Authentication failure in stage-in", "site"),
    ErrorKind(1345, "SINGULARITYFAILEDUSERNAMESPACE", "Apptainer: no user namespace", "site"),
    ErrorKind(1355, "COREDUMP", "Core dump detected", "user"),
    ErrorKind(1359, "PANDAQUEUENOTACTIVE", "PanDA queue is not active", "central"),
    ErrorKind(1361, "REMOTEFILECOULDNOTBEOPENED", "Remote file could not be opened", "site"),
    ErrorKind(1362, "XRDCPERROR", "Xrdcp was unable to open file", "site"),
    ErrorKind(1368, "REMOTEFILEOPENTIMEDOUT", "Remote file open timed out", "site"),
    ErrorKind(1370, "VOMSPROXYABOUTTOEXPIRE", "VOMS proxy is about to expire", "site", ROOT),
    ErrorKind(1371, "BADOUTPUTFILENAME", "File name contains illegal characters", "user"),
    ErrorKind(1372, "APPTAINERNOTINSTALLED", "Apptainer: not installed", "site"),
    ErrorKind(1377, "CVMFSISNOTALIVE", "CVMFS is not responding", "site", ROOT),
    ErrorKind(1379, "PREEMPTION", "Job was preempted", "batch"),
    ErrorKind(1382, "PROXYTOOSHORT", "Proxy is too short", "site", ROOT),
    ErrorKind(1383, "STAGEOUTAUTHENTICATIONFAILURE", "Authentication failure in stage-out", "site"),
    ErrorKind(1384, "QUEUENOTSETUPFORCONTAINERS", "Queue is not set up for containers", "central"),
    ErrorKind(1385, "NOJOBSINPANDA", "No jobs in PanDA", "central"),
    ErrorKind(1386, "PANDAQUEUENOTONLINE", "PanDA queue is not online", "central"),
)
ERRORS = {row.code: row for row in ROWS}


@dataclass(frozen=True)
class Failure:
    """Something that went wrong: a code of the table and what exactly happened."""

    code: int
    detail: str = ""
    consequence: bool = False

    @property
    def kind(self) -> ErrorKind:
        """Return the row of the table."""
        return ERRORS[self.code]

    @property
    def rank(self) -> int:
        """Return how near to the cause of things this is; smaller is nearer."""
        return CONSEQUENCE if self.consequence else self.kind.rank

    @property
    def diag(self) -> str:
        """Return the diagnostics for the server: one line of at most DIAG_LENGTH_MAX."""
        text = f"{self.kind.text}: {self.detail}" if self.detail else self.kind.text
        return " ".join(text.split())[:DIAG_LENGTH_MAX]


class PilotError(Exception):
    """What is being done cannot be done; *failure* says why."""

    def __init__(self, code: int, detail: str = "", *, consequence: bool = False) -> None:
        self.failure = Failure(code, detail, consequence)
        super().__init__(self.failure.diag)


class Diagnosis:
    """All failures of one job, in the order in which they came."""

    def __init__(self) -> None:
        self.failures: list[Failure] = []

    def add(self, failure: Failure) -> None:
        """Note *failure*."""
        self.failures.append(failure)

    @property
    def cause(self) -> Failure | None:
        """Return the failure to report: the first of the lowest rank; None if all went well."""
        return min(self.failures, key=lambda failure: failure.rank, default=None)


def code_of_signal(number: int, *, kubernetes: bool = False) -> int:
    """Return the error code of a pilot that got signal *number* (Linux numbers).

    On Kubernetes SIGTERM means preemption (pilot3@a090538b:pilot/util/https.py, INC-041).
    """
    if kubernetes and number == 15:
        return 1379
    return {15: 1201, 3: 1202, 11: 1203, 24: 1204, 7: 1206, 10: 1207, 2: 1208}.get(number, 1200)
