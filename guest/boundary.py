"""The boundary of a guest: what is simulated, what is real, what is refused.

The rows are data: docs/reference/boundary.md is made from them, and a test looks in a running
guest whether each name is still what its row says.
"""

from __future__ import annotations

SIMULATED, REAL, REFUSED = "simulated", "real", "refused"

# Area, names ("module.attribute"), state, and how.
ROWS = (
    ("threads", ("_thread.allocate_lock", "_thread.RLock", "_thread.start_new_thread"), SIMULATED,
     "greenlets on one OS thread; locks are handed over in the order of asking"),
    ("threads", ("threading.Thread", "threading.Condition", "queue.Queue", "queue.SimpleQueue"),
     REAL, "pure Python, on the locks above"),
    ("clock", ("time.time", "time.monotonic", "time.sleep", "time.localtime", "time.perf_counter"),
     SIMULATED, "the hub's clock; computing takes no time"),
    ("clock", ("time.process_time",), SIMULATED, "always 0: the program's own CPU is not modelled"),
    ("clock", ("datetime.datetime", "datetime.date"), SIMULATED,
     "subclasses whose now, utcnow and today read the clock"),
    ("processes", ("subprocess.Popen", "os.system"), SIMULATED,
     "run by the host; input is handed over as a whole"),
    ("processes", ("os.kill", "os.killpg", "os.waitpid", "os.getpgid", "os.setsid"), SIMULATED,
     "the process table of the node"),
    ("processes", ("os.fork", "os.execv", "os.posix_spawn"), REFUSED, "an escape: the run is broken"),
    ("processes", ("multiprocessing.Process",), SIMULATED, "the function runs on a thread"),
    ("signals", ("signal.signal", "signal.alarm", "signal.setitimer", "signal.raise_signal"),
     SIMULATED, "handlers run on the main thread, at the points where it may switch"),
    ("network", ("socket.socket", "socket.getaddrinfo"), SIMULATED,
     "streams end in the host; datagrams go nowhere; nothing listens"),
    ("network", ("socket.socketpair",), REFUSED, "raises EACCES, and is told to the host"),
    ("network", ("ssl.SSLContext.wrap_socket", "ssl.SSLContext.load_cert_chain"), SIMULATED,
     "a handshake that the world judges; nothing is encrypted"),
    ("files", ("os.utime", "os.listdir", "os.scandir"), SIMULATED,
     "virtual times, sorted listings; the files themselves are real, below the root only"),
    ("files", ("builtins.open", "os.stat", "os.readlink"), SIMULATED,
     "/proc, /sys, /cvmfs and some of /etc come from the node; the rest is real"),
    ("files", ("os.mkdir", "os.rename", "os.remove", "os.write"), SIMULATED,
     "the real ones, which also note that something was written; refused outside the root"),
    ("files", ("io.FileIO",), SIMULATED, "the real one, which also notes each write"),
    ("entropy", ("os.urandom", "random.random", "uuid.getnode"), SIMULATED, "from the seed"),
    ("machine", ("os.getpid", "os.uname", "os.cpu_count", "os.getloadavg", "os.times"), SIMULATED,
     "the node's"),
    ("machine", ("os.statvfs", "os.sysconf", "resource.getrusage"), SIMULATED,
     "the node's disk, memory and processors; no CPU time is used"),
    ("native code", ("ctypes.CDLL",), SIMULATED,
     "prctl and getpid of a simulated libc; every other library is refused"),
    ("files", ("mmap.mmap", "zlib.adler32"), SIMULATED,
     "the same bytes and sums; holes in large files cost nothing"),
    ("native code", ("hashlib.sha256", "json.loads"), REAL, "computing is real"),
)  # fmt: skip


def table():
    """Return the rows, one a name: (area, name, state, how)."""
    return [(area, name, state, how) for area, names, state, how in ROWS for name in names]
