"""The boundary of a guest: what is simulated, what is real, what is refused, what is not contained.

The rows are data: docs/reference/boundary.md is made from them. A test looks in a running guest
whether each name is still what its row says, and whether each name that differs from a clean
interpreter's has a row; another flies the ways out of tests/guest/hostile.
"""

from __future__ import annotations

SIMULATED, REAL, REFUSED, GONE = "simulated", "real", "refused", "gone"
NOT_CONTAINED = "not contained"

# Area, names ("module.attribute"), state, and how.
ROWS = (
    ("threads", ("_thread.allocate_lock", "_thread.allocate", "_thread.LockType", "_thread.RLock",
     "_thread.start_new_thread", "_thread.start_new", "_thread.interrupt_main", "_thread.lock",
     "_thread.start_joinable_thread"), SIMULATED,
     "greenlets on one OS thread; locks are handed over in the order of asking"),
    ("threads", ("threading.get_ident", "threading.get_native_id", "threading.local"), SIMULATED,
     "by greenlet; idents count from 1000, the main thread's native id is the pid"),
    ("threads", ("threading.Thread", "concurrent.futures.Future", "asyncio.Future"), SIMULATED,
     "the library's own, numbered, so that sets of them have one order"),
    ("threads", ("threading.Condition", "queue.Queue"), SIMULATED,
     "the library's own; wait makes no lock for each waiter, get takes none of an empty queue"),
    ("threads", ("queue.SimpleQueue", "threading.Timer",
     "concurrent.futures.ThreadPoolExecutor", "sched.scheduler"),
     REAL, "pure Python, on the locks above"),
    ("threads", ("sys.settrace", "sys.setprofile", "sys._current_frames",
     "faulthandler.dump_traceback", "faulthandler.dump_traceback_later", "faulthandler.register"),
     SIMULATED, "by greenlet"),
    ("threads", ("faulthandler.enable", "threading.stack_size"), REAL,
     "a fault is a fault of the real interpreter; no thread of the program has a stack of its own"),
    ("clock", ("time.time", "time.monotonic", "time.sleep", "time.localtime", "time.perf_counter",
     "time.time_ns", "time.monotonic_ns", "time.perf_counter_ns", "time.gmtime", "time.ctime",
     "time.asctime", "time.strftime", "time.clock_gettime", "time.clock_gettime_ns",
     "time.clock_getres", "time.get_clock_info"), SIMULATED,
     "the hub's clock; computing takes no time; waits end at multiples of 2**-22 s, not earlier"),
    ("clock", ("time.clock_settime", "time.clock_settime_ns"), SIMULATED,
     "raises PermissionError, as for any user"),
    ("clock", ("time.process_time", "time.process_time_ns", "time.thread_time",
     "time.thread_time_ns", "os.times", "resource.getrusage"), SIMULATED,
     "computing takes no CPU time; reading one of these clocks takes a microsecond"),
    ("clock", ("datetime.datetime",), SIMULATED,
     "the C type itself, with a now and a utcnow that read the clock"),
    ("clock", ("datetime.date", "time.mktime", "time.strptime", "time.tzset"), REAL,
     "they read no clock; date.today asks time.time"),
    ("clock", ("sqlite3.connect",), REAL, "not contained: the now of SQL is the real time"),
    ("processes", ("subprocess.Popen", "os.system"), SIMULATED,
     "run by the host; input is fed as it is flushed to cat and to shells that read commands, to all"
     " other readers when it has ended"),
    ("processes", ("os.kill", "os.killpg", "os.waitpid", "os.waitid", "os.wait", "os.wait3", "os.wait4",
     "os.getpgid", "os.getpgrp", "os.getsid", "os.setsid", "os.setpgid", "os.setpgrp", "os.abort",
     "os._exit"), SIMULATED, "the process table of the node"),
    ("processes", ("os.nice",), SIMULATED, "nothing happens"),
    ("processes", ("os.fork",), SIMULATED,
     "a real copy with one thread, which is a guest of its own: a pid of the node, a share in open"
     " files, pipes and pairs of sockets. Connections to the world and listeners stay the parent's;"
     " at the limit of processes it raises EAGAIN"),
    ("processes", ("os.forkpty",), REFUSED, "raises ENOENT: a node has no terminals"),
    ("processes", ("os.execv", "os.execve"), SIMULATED,
     "the program runs as a last child, under a pid of its own; this one ends as it ends"),
    ("processes", ("os.posix_spawn", "os.posix_spawnp", "os._spawnvef"), SIMULATED,
     "run by the host; file actions for 0, 1 and 2"),
    ("processes", ("multiprocessing.popen_fork.Popen", "multiprocessing.connection.Pipe",
     "_multiprocessing.SemLock"), SIMULATED,
     "a process is a thread that can be ended, with a pid, connections and queue buffers of its"
     " own; all other memory is its parent's, not a copy. A handler that its parent set does not"
     " save it from a signal"),
    ("processes", ("multiprocessing.Process", "multiprocessing.Pool",
     "concurrent.futures.ProcessPoolExecutor"), REAL, "on the processes above"),
    ("processes", ("multiprocessing.managers.SyncManager",), REAL,
     "not used: Manager() makes plain objects, as all processes share one memory"),
    ("signals", ("signal.signal", "signal.getsignal", "signal.raise_signal", "signal.pause",
     "signal.pthread_kill", "signal.pthread_sigmask", "signal.sigpending", "signal.siginterrupt",
     "signal.set_wakeup_fd"), SIMULATED,
     "handlers run on the main thread, at the points where it may switch; one mask for all"),
    ("signals", ("signal.alarm", "signal.setitimer", "signal.getitimer"), SIMULATED,
     "ITIMER_REAL on the clock; the timers of CPU time never ring, as none is used"),
    ("network", ("_socket.socket", "_socket.socketpair", "socket.SocketType", "socket.close",
     "socket.dup"), SIMULATED,
     "in memory: streams to the services of the world, streams and datagrams between the sockets"
     " of the program, by IPv4, IPv6 and local names below the root; raw sockets and other"
     " families are refused. Datagrams to the world are noted once for each target, and lost."
     " Not modelled: out-of-band data, descriptors passed along, connections from other programs"),
    ("network", ("socket.socket", "socket.socketpair", "socket.create_connection",
     "socket.create_server", "socket.getaddrinfo", "socket.fromfd", "socket.getfqdn"), REAL,
     "CPython's own, on the sockets above and the names below"),
    ("network", ("_socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyname_ex",
     "socket.gethostbyaddr", "socket.getnameinfo", "socket.gethostname"), SIMULATED,
     "the names of the world, looked up at the cost of a round trip; the node's own at none"),
    ("network", ("socket.getservbyname", "socket.getservbyport", "socket.getprotobyname",
     "socket.if_nameindex", "socket.if_nametoindex", "socket.if_indextoname"), SIMULATED,
     "some well-known services and protocols; the interfaces lo and eth0"),
    ("network", ("socket.getdefaulttimeout", "socket.setdefaulttimeout"), SIMULATED,
     "time-outs are virtual"),
    ("network", ("socket.sethostname",), REFUSED, "raises EPERM, as to everybody but root"),
    ("network", ("select.select", "select.poll", "select.epoll"), SIMULATED,
     "virtual time, for sockets and pipes; real files count as ready"),
    ("network", ("selectors.DefaultSelector", "selectors.PollSelector",
     "asyncio.run"), REAL, "on the above; asyncio without its half in C"),
    ("network", ("ssl.SSLContext", "ssl.SSLContext.load_cert_chain",
     "ssl.SSLContext.load_verify_locations", "ssl.SSLContext.load_default_certs",
     "ssl.SSLContext._wrap_socket", "ssl.SSLContext._wrap_bio"), SIMULATED,
     "handshakes that the world judges, of what either side shows and trusts; nothing is"
     " encrypted. Not modelled: sessions, channel bindings, passwords of keys, certificates shown"
     " to a server inside the program"),
    ("network", ("ssl.SSLSocket", "ssl.SSLObject", "ssl.create_default_context",
     "ssl.get_server_certificate", "ssl.SSLContext.wrap_socket", "ssl.SSLContext.wrap_bio"), REAL,
     "CPython's own, on the contexts above"),
    ("network", ("ssl.RAND_add",), SIMULATED, "adds nothing"),
    ("files", ("os.read", "os.close", "os.dup", "os.isatty", "os.lseek", "os.get_blocking",
     "os.set_blocking", "os.get_inheritable", "os.set_inheritable", "fcntl.fcntl"), SIMULATED,
     "numbers of sockets and pipes are ours; those of files are real"),
    ("threads", ("os.pipe", "os.pipe2", "os.dup2"), SIMULATED,
     "between the threads of the program, and its forked copies; an end put on 1 or 2 is what sys"
     " has from then on, not what somebody kept of it"),
    ("files", ("os.utime", "os.lstat", "os.DirEntry", "os.rename", "os.replace",
     "os.fstat", "os.listdir", "os.scandir"), SIMULATED,
     "virtual times, sorted listings; the files themselves are real, below the root only"),
    ("files", ("builtins.open", "os.open", "os.stat", "os.access", "os.readlink"), SIMULATED,
     "/proc, /sys, /cvmfs and some of /etc come from the node; the rest is real"),
    ("files", ("os.chdir", "os.getcwd", "os.getcwdb", "os.chmod", "os.chown", "os.lchown",
     "os.pathconf", "os.getxattr", "os.setxattr", "os.listxattr", "os.removexattr"), SIMULATED,
     "the real ones; for them, as for all of these, /tmp is the folder tmp of the program's root, on"
     " the node. Native code (sqlite3, imports) does not find it there"),
    ("files", ("os.mkdir", "os.rmdir", "os.remove", "os.unlink", "os.link", "os.symlink",
     "os.write", "os.writev", "os.pwrite", "os.pwritev", "os.truncate", "os.ftruncate",
     "os.posix_fallocate", "os.copy_file_range", "os.sendfile", "os.splice"), SIMULATED,
     "the real ones, which also note that something was written; refused outside the root"),
    ("files", ("io.FileIO",), SIMULATED, "the real one, which also notes each write"),
    ("entropy", ("os.urandom", "os.getrandom", "random.random", "uuid.getnode",
     "ssl.RAND_bytes", "ssl.RAND_pseudo_bytes"), SIMULATED,
     "from the seed; so is what /dev/urandom gives"),
    ("machine", ("os.getpid", "os.getppid", "os.getuid", "os.geteuid", "os.getgid", "os.getegid",
     "os.getgroups", "os.getlogin", "os.uname", "os.cpu_count", "os.sched_getaffinity",
     "os.getloadavg"), SIMULATED,
     "the node's"),
    ("processes", ("os.chroot", "os.unshare", "os.setns", "os.pidfd_open",
     "signal.pidfd_send_signal", "_posixsubprocess.fork_exec"), REFUSED,
     "an escape: the run is broken"),
    ("machine", ("os.setpriority", "os.sched_setaffinity", "os.sched_setscheduler",
     "os.sched_setparam"), SIMULATED,
     "nothing happens to a process of the node; to another one it is an escape"),
    ("machine", ("builtins.id",), REAL,
     "not contained: where an object lies; what object.__repr__ and the library print is a number, in"
     " the order of first printing, the same on every machine"),
    ("machine", ("resource.prlimit",), SIMULATED,
     "the real one for the program itself; for another process it is an escape"),
    ("files", ("os.mkfifo",), REFUSED, "opening one would block the interpreter, not a thread"),
    ("files", ("os.mknod",), SIMULATED, "the real one, below the root only; no FIFO, no device"),
    ("native code", ("_imp.create_builtin",), SIMULATED,
     "the real one, which makes no interpreter without a fence"),
    ("machine", ("os.statvfs", "os.fstatvfs", "os.sysconf"), SIMULATED,
     "the node's disk, memory and processors"),
    ("native code", ("ctypes.CDLL", "ctypes.PyDLL", "ctypes.util.find_library"), SIMULATED,
     "prctl and getpid of a simulated libc; every other library is refused"),
    ("files", ("mmap.mmap", "zlib.adler32"), SIMULATED,
     "the same bytes and sums; holes in large files cost nothing"),
    ("native code", ("hashlib.sha256", "json.loads"), REAL, "computing is real"),
)  # fmt: skip


# What stands in each of the modes in which the ways out are flown.
MODES = {
    "all": "with all walls",
    "filter": "without namespaces",
    "spaces": "without the filter of system calls",
    "first": "with the audit hook alone",
}
ALONE, NO_SPACES = ("first",), ("filter", "first")
EVERYWHERE = ("all", "filter", "spaces", "first")

# In which modes, why, and which ways out (by their names in tests/guest/hostile) show it.
LEAKS = (
    (ALONE, "native code asks the kernel itself: no audit event tells of it",
     ("clone by number", "clone3 by number", "execve by number", "execveat of a memfd",
      "kill of a decoy by number (group)", "kill of a decoy by number (orphan)",
      "kill of a decoy by number (session)", "killpg by number", "tgkill by number",
      "tkill by number", "rt_sigqueueinfo by number", "a pidfd by number",
      "the host's own process, by number", "the parent's pid, inherited",
      "F_SETOWN and F_SETSIG by number", "openat by number", "openat through a link, by number",
      "openat through /proc/<host>/root, by number", "unlinkat by number", "truncate by number",
      "mkdirat by number", "renameat by number", "TCP by number", "UDP by number",
      "a Unix socket by number", "an abstract socket by number", "a listener, by number",
      "ctypes: a function by address", "setpriority by number", "sched_setaffinity by number",
      "prlimit64 by number", "ptrace by number", "process_vm_readv by number",
      "System V shared memory")),
    (ALONE, "a C library opens files by itself: no audit event tells of it",
     ("sqlite3, ATTACH", "dbm.gnu", "dbm.ndbm", "readline's history", "POSIX shared memory")),
    (ALONE, "what is written in Python can be taken apart in Python",
     ("fork_exec, dug out of its guard", "the same with the real open, dug out",
      "mkfifo, dug out of its guard", "emptying the table of the hook",
      "the same, and the handler of SIGSYS", "ignoring SIGSYS",
      "silencing the fence, found by a guard", "a fresh posix", "a fresh posix by _imp")),
    (NO_SPACES, "Landlock knows the contents of files, not their modes, owners and times",
     ("fchmodat by number", "utimensat by number")),
    (NO_SPACES, "what this user may read can be read; nothing of it can be sent away",
     ("reading in the home", "listing the home")),
    (NO_SPACES, "the kernel names the machine to whoever asks it directly",
     ("the real host name",)),
    (EVERYWHERE, "programs are made of /usr, /etc, /opt: they are shown, read-only",
     ("reading /etc",)),
    (EVERYWHERE, "the clock is read without a system call (vDSO, rdtsc); only a second flight, with"
     " another journal, shows that a program did", ("a fresh time", "the real clock by number")),
)  # fmt: skip


def leaks():
    """Return what is not contained: (modes, why, ways out)."""
    return LEAKS


def table():
    """Return the rows, one a name: (area, name, state, how)."""
    rows = [(area, name, state, how) for area, names, state, how in ROWS for name in names]
    for modes, why, ways in LEAKS:
        where = ", ".join(MODES[mode] for mode in modes)
        where = "in every mode" if modes == EVERYWHERE else where
        rows += [("ways out", way, NOT_CONTAINED, f"{where}: {why}") for way in ways]
    return rows
