"""What a worker node is made of, who lives on it from the start, and what /proc and /etc say.

Read from: proc(5), os-release(5), and the files of an AlmaLinux 9 worker node. Not modelled:
/sys but for control groups (fakesites.cgroups), what a file of /proc says of single threads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Callable

from fakesites import cgroups

if TYPE_CHECKING:
    from fakesites.node import Node
    from fakesites.processes import Process
    from fakesites.processes import ProcessTable

MB = 1024 * 1024
TICKS = 100  # of the clock in /proc/PID/stat, a second
PAGE_KB = 4

OS_RELEASE = """NAME="AlmaLinux"
VERSION="9.5 (Teal Serval)"
ID="almalinux"
ID_LIKE="rhel centos fedora"
VERSION_ID="9.5"
PLATFORM_ID="platform:el9"
PRETTY_NAME="AlmaLinux 9.5 (Teal Serval)"
ANSI_COLOR="0;34"
LOGO="fedora-logo-icon"
CPE_NAME="cpe:/o:almalinux:almalinux:9::baseos"
HOME_URL="https://almalinux.org/"
"""
CPU_FLAGS = (
    "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse "
    "sse2 ht syscall nx mmxext fxsr_opt pdpe1gb rdtscp lm constant_tsc rep_good nopl pni pclmulqdq "
    "ssse3 fma cx16 sse4_1 sse4_2 movbe popcnt aes xsave avx f16c rdrand lahf_lm abm avx2 bmi1 bmi2"
)


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """A machine: sizes in megabytes, *uptime_s* before the flight began, *path* its PATH.

    *programs* are installed besides those that every node has (fakesites.tools.OPTIONAL),
    *packages* are those that its Python offers besides (fakesites/pythonpath/offered), *python* is
    what a wrapper is told of its version. Without *outbound* it reaches no other host, without
    *fork* no process of it may start another. *cgroups* is the version of its control groups (0:
    none to be seen), *slot_memory_mb* the limit of a slot's group (0: none). With *features* it
    tells jobs of itself (fakesites.features).
    """

    name: str = "wn001"
    cores: int = 8
    threads_per_core: int = 2
    sockets: int = 1
    memory_mb: int = 16_000
    memory_used_mb: int = 1_200
    swap_mb: int = 4_000
    cpu_model: str = "AMD EPYC 7302P 16-Core Processor"
    cpu_vendor: str = "AuthenticAMD"
    cpu_mhz: float = 2994.4
    cache_kb: int = 512
    disk_mb: int = 200_000
    disk_used_mb: int = 30_000
    disk_device: str = "/dev/sda3"
    mount: str = "/srv"
    kernel: str = "5.14.0-503.11.1.el9_5.x86_64"
    os_release: str = OS_RELEASE
    user: str = "pilot"
    uid: int = 31_001
    group: str = "grid"
    gid: int = 31_000
    uptime_s: float = 864_000.0
    address: str = "10.0.0.100"
    path: str = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin"
    programs: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    python: str = "3.11.9"
    outbound: bool = True
    fork: bool = True
    cgroups: int = 0
    slot_memory_mb: int = 0
    features: bool = False

    def uid_of(self, user: str) -> int:
        """Return the number of *user*, 0 for root."""
        return {"root": 0, self.user: self.uid}.get(user, 990)

    def group_of(self, user: str) -> str:
        """Return the name of the group of *user*."""
        return self.group if user == self.user else user


BATCH_PID = 3391
DECOY_PID = 2702
BATCH_ARGV = ("condor_starter", "-f", "-local-name", "slot1_1", "-a", "slot1_1", "ce01.sim")


def populate(table: ProcessTable, spec: NodeSpec) -> None:
    """Start what runs on a node before any pilot does.

    The decoy is what a clean-up must leave alone: another program of the same user, whose parent
    is pid 1. pilot3@a090538b:pilot/util/processes.py kill_orphans() kills it.
    """
    table.users["pilot"] = table.users["decoy"] = spec.user

    def start(argv: tuple[str, ...], pid: int, ppid: int, owner: str, user: str) -> None:
        process = table.add(argv, pid=pid, ppid=ppid, pgid=0, sid=0, owner=owner, user=user)
        process.started_at = process.rated_at = -spec.uptime_s

    start(("/usr/lib/systemd/systemd", "--system"), 1, 0, "system", "root")
    start(("sshd: /usr/sbin/sshd -D",), 812, 1, "system", "root")
    start(("/usr/sbin/condor_master", "-f"), 1201, 1, "system", "root")
    start(("condor_startd", "-f"), 1340, 1201, "system", "root")
    start(("-bash",), 2650, 812, "decoy", spec.user)
    start(("sleep", "1000000"), DECOY_PID, 1, "decoy", spec.user)
    start(BATCH_ARGV, BATCH_PID, 1340, "batch", "root")


def loads(node: Node) -> tuple[float, float, float]:
    """Return the load averages; all three are the cores in use at this instant."""
    busy = sum(each.cpu_rate for each in node.processes.entered() if each.alive)
    load = round(busy + node.extra_load, 2)
    return load, load, load


def memory_kb(node: Node) -> tuple[int, int]:
    """Return (total, used) memory in kilobytes."""
    now = node.clock.now
    held = sum(each.rss_kb(now) for each in node.processes.entered())
    total = node.spec.memory_mb * 1024
    return total, min(total, node.spec.memory_used_mb * 1024 + held)


def uptime_s(node: Node) -> float:
    """Return the seconds since the node was booted."""
    return node.spec.uptime_s + node.clock.now


def system_text(node: Node, path: str) -> str | None:
    """Return what the file *path* of the system says, or None if it has nothing to say."""
    maker = SYSTEM_FILES.get(path)
    if maker is not None:
        return maker(node)
    if path.startswith(cgroups.ROOT):
        return cgroups.text(node, path)
    found = re.fullmatch(r"/proc/(\d+)/(\w+)", path)
    if found is None or found[2] not in (*PROCESS_FILES, "cgroup"):
        return None
    process = node.processes.find(int(found[1]))
    if process is None:
        return None
    if found[2] == "cgroup":
        return cgroups.of_process(node, process)
    return PROCESS_FILES[found[2]](node, process)


def _cpuinfo(node: Node) -> str:
    spec = node.spec
    return "".join(
        f"processor\t: {number}\nvendor_id\t: {spec.cpu_vendor}\ncpu family\t: 23\n"
        f"model\t\t: 49\nmodel name\t: {spec.cpu_model}\nstepping\t: 0\n"
        f"cpu MHz\t\t: {spec.cpu_mhz:.3f}\ncache size\t: {spec.cache_kb} KB\n"
        f"physical id\t: 0\nsiblings\t: {spec.cores}\ncore id\t\t: {number}\n"
        f"cpu cores\t: {max(1, spec.cores // spec.threads_per_core)}\nflags\t\t: {CPU_FLAGS}\n"
        f"bogomips\t: {2 * spec.cpu_mhz:.2f}\n\n"
        for number in range(spec.cores)
    )


def _meminfo(node: Node) -> str:
    total, used = memory_kb(node)
    swap = node.spec.swap_mb * 1024
    rows = (
        ("MemTotal", total),
        ("MemFree", total - used),
        ("MemAvailable", total - used),
        ("Buffers", 0),
        ("Cached", 0),
        ("SwapCached", 0),
        ("SwapTotal", swap),
        ("SwapFree", swap),
    )
    return "".join(f"{name + ':':15}{value:>9} kB\n" for name, value in rows)


def _loadavg(node: Node) -> str:
    one, five, fifteen = loads(node)
    processes = node.processes.entered()
    running = sum(1 for each in processes if each.cpu_rate > 0)
    last = processes[-1].pid
    return f"{one:.2f} {five:.2f} {fifteen:.2f} {running}/{len(processes)} {last}\n"


def _mounts(node: Node) -> str:
    spec = node.spec
    return (
        f"proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n"
        f"{spec.disk_device} {spec.mount} xfs rw,relatime,attr2,inode64 0 0\n"
    ) + cgroups.mounts(node)


def _uptime(node: Node) -> str:
    up = uptime_s(node)
    return f"{up:.2f} {up * node.spec.cores:.2f}\n"


def _version(node: Node) -> str:
    return f"Linux version {node.spec.kernel} (mockbuild@x64) (gcc 11.5.0) #1 SMP PREEMPT_DYNAMIC\n"


def _hostname(node: Node) -> str:
    return f"{node.hostname}\n"


def _os_release(node: Node) -> str:
    return node.spec.os_release


SYSTEM_FILES: dict[str, Callable[[Node], str]] = {
    "/dev/null": lambda _: "",
    "/etc/almalinux-release": lambda _: "AlmaLinux release 9.5 (Teal Serval)\n",
    "/etc/hostname": _hostname,
    "/etc/os-release": _os_release,
    "/etc/redhat-release": lambda _: "AlmaLinux release 9.5 (Teal Serval)\n",
    "/proc/cpuinfo": _cpuinfo,
    "/proc/loadavg": _loadavg,
    "/proc/meminfo": _meminfo,
    "/proc/mounts": _mounts,
    "/proc/uptime": _uptime,
    "/proc/version": _version,
}


def comm(process: Process) -> str:
    """Return the short name that the kernel keeps of a process: at most 15 characters."""
    first = process.argv[0].split(" ")[0].rstrip(":") if process.argv else "?"
    return first.rsplit("/", 1)[-1][:15]


def state_letter(process: Process) -> str:
    """Return the state of a process in one letter; what uses CPU time is running."""
    return "R" if process.state == "S" and process.cpu_rate > 0 else process.state


def _stat(node: Node, process: Process) -> str:
    before, after = stat_around_cpu(node, process)
    return f"{before}{int(process.cpu_s(node.clock.now) * TICKS)}{after}"


def stat_around_cpu(node: Node, process: Process) -> tuple[str, str]:
    """Return what /proc/PID/stat says before and after the ticks of CPU time used."""
    now = node.clock.now
    start = int((node.spec.uptime_s + process.started_at) * TICKS)
    rss_kb = process.rss_kb(now)
    head = f"{process.ppid} {process.pgid} {process.sid} 0 -1 0 0 0 0 0"
    tail = f"0 0 0 20 0 1 0 {start} {vsz_kb(rss_kb) * 1024} {rss_kb // PAGE_KB}"
    return f"{process.pid} ({comm(process)}) {state_letter(process)} {head} ", f" {tail}\n"


def _status(node: Node, process: Process) -> str:
    now = node.clock.now
    uid = node.spec.uid_of(process.user)
    rss_kb = process.rss_kb(now)
    return (
        f"Name:\t{comm(process)}\nState:\t{state_letter(process)}\nTgid:\t{process.pid}\n"
        f"Pid:\t{process.pid}\nPPid:\t{process.ppid}\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\n"
        f"VmSize:\t{vsz_kb(rss_kb):8} kB\nVmRSS:\t{rss_kb:8} kB\nThreads:\t1\n"
    )


def vsz_kb(rss_kb: int) -> int:
    """Return an address space for a resident size: half as much again, and the libraries."""
    return rss_kb * 3 // 2 + 20_480 if rss_kb else 0


PROCESS_FILES: dict[str, Callable[[Node, Process], str]] = {
    "cmdline": lambda _, process: "".join(f"{word}\0" for word in process.argv),
    "comm": lambda _, process: f"{comm(process)}\n",
    "oom_score": lambda _, __: "0\n",
    "oom_score_adj": lambda _, __: "0\n",
    "stat": _stat,
    "status": _status,
}
