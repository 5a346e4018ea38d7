"""uname, hostname, nproc, uptime, free, lscpu, lsblk, ifconfig, dmesg: what the machine is."""

from __future__ import annotations

from fakesites.machine import CPU_FLAGS
from fakesites.machine import MB
from fakesites.machine import loads
from fakesites.machine import memory_kb
from fakesites.machine import uptime_s
from fakesites.moments import date_text
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._sizes import human

UNAME = Grammar(
    flags="asnrvmpio",
    long=(("all", "a"), ("kernel-name", "s"), ("kernel-release", "r"), ("machine", "m")),
)
HOSTNAME = Grammar(flags="fsidAI", long=(("fqdn", "f"), ("short", "s"), ("ip-address", "i")))
NPROC = Grammar(long=(("all", "all"), ("ignore=", "ignore")))
UPTIME = Grammar(flags="ps", long=(("pretty", "p"), ("since", "s")))
FREE = Grammar(
    flags="bkmghtw",
    long=(("bytes", "b"), ("gibi", "g"), ("human", "h"), ("kibi", "k"), ("mebi", "m")),
)
LSBLK = Grammar(
    flags="dnbra", values="o", long=(("nodeps", "d"), ("noheadings", "n"), ("output=", "o"))
)
IFCONFIG = Grammar(flags="as")
DMESG = Grammar(flags="TtHwxe", values="l")
DAY_S, HOUR_S, MINUTE_S = 86_400, 3_600, 60


@tool("uname")
def uname(call: ToolCall) -> int:
    """Write the names of the kernel and the machine."""
    options = UNAME.read(call.argv)
    cells = (
        ("s", "Linux"),
        ("n", call.node.hostname),
        ("r", call.node.spec.kernel),
        ("v", "#1 SMP PREEMPT_DYNAMIC"),
        ("m", "x86_64"),
        ("p", "x86_64"),
        ("i", "x86_64"),
        ("o", "GNU/Linux"),
    )
    shown = [text for letter, text in cells if options.has(letter, "a")]
    call.out(" ".join(shown or ["Linux"]) + "\n")
    return 0


@tool("hostname")
def hostname(call: ToolCall) -> int:
    """Write the name or the address of the node."""
    options = HOSTNAME.read(call.argv)
    if options.words:
        raise UsageError("you must be root to change the host name")
    name = call.node.hostname
    if options.has("i", "I"):
        name = call.node.spec.address
    elif options.has("s"):
        name = name.partition(".")[0]
    elif options.has("d"):
        name = name.partition(".")[2]
    call.out(f"{name}\n")
    return 0


@tool("nproc")
def nproc(call: ToolCall) -> int:
    """Write the number of cores."""
    ignored = int(NPROC.read(call.argv).number("ignore", 0))
    call.out(f"{max(1, call.node.spec.cores - ignored)}\n")
    return 0


@tool("uptime")
def uptime(call: ToolCall) -> int:
    """Write the time, how long the node is up, and its load."""
    options = UPTIME.read(call.argv)
    up = int(uptime_s(call.node))
    wall = call.node.wall()
    if options.has("s"):
        call.out(date_text(wall - up, "%Y-%m-%d %H:%M:%S\n"))
        return 0
    days, hours, minutes = up // DAY_S, up % DAY_S // HOUR_S, up % HOUR_S // MINUTE_S
    span = f"{hours:2}:{minutes:02}" if hours else f"{minutes} min"
    if days:
        span = f"{days} day{'s' if days > 1 else ''}, {span}"
    load = ", ".join(f"{each:.2f}" for each in loads(call.node))
    clock = date_text(wall, " %H:%M:%S")
    whole = f"{clock} up {span},  0 users,  load average: {load}\n"
    call.out(f"up {span}\n" if options.has("p") else whole)
    return 0


@tool("free")
def free(call: ToolCall) -> int:
    """Write how much memory there is, and how much is left."""
    options = FREE.read(call.argv)
    total, used = memory_kb(call.node)
    swap = call.node.spec.swap_mb * 1024

    def row(name: str, *amounts: int) -> str:
        return f"{name:9}" + "".join(f"{_amount(each):>12}" for each in amounts) + "\n"

    def _amount(kilobytes: int) -> str:
        if options.has("h"):
            return f"{human(kilobytes * 1024)}i"
        unit = {"b": 1 / 1024, "m": 1024, "g": 1 << 20}
        chosen = next((unit[letter] for letter in "bmg" if options.has(letter)), 1)
        return str(int(kilobytes / chosen))

    names = ("total", "used", "free", "shared", "buff/cache", "available")
    call.out(" " * 9 + "".join(f"{name:>12}" for name in names) + "\n")
    call.out(row("Mem:", total, used, total - used, 0, 0, total - used))
    call.out(row("Swap:", swap, 0, swap))
    return 0


@tool("lscpu")
def lscpu(call: ToolCall) -> int:
    """Write what the processor is."""
    spec = call.node.spec
    per_socket = max(1, spec.cores // spec.threads_per_core // spec.sockets)
    rows = (
        ("Architecture", "x86_64"),
        ("CPU op-mode(s)", "32-bit, 64-bit"),
        ("Byte Order", "Little Endian"),
        ("CPU(s)", spec.cores),
        ("On-line CPU(s) list", f"0-{spec.cores - 1}" if spec.cores > 1 else "0"),
        ("Vendor ID", spec.cpu_vendor),
        ("Model name", spec.cpu_model),
        ("CPU family", 23),
        ("Model", 49),
        ("Thread(s) per core", spec.threads_per_core if spec.cores > 1 else 1),
        ("Core(s) per socket", per_socket),
        ("Socket(s)", spec.sockets),
        ("Stepping", 0),
        ("CPU MHz", f"{spec.cpu_mhz:.3f}"),
        ("CPU max MHz", f"{spec.cpu_mhz:.4f}"),
        ("BogoMIPS", f"{2 * spec.cpu_mhz:.2f}"),
        ("Flags", CPU_FLAGS),
        ("L1d cache", "32K"),
        ("L1i cache", "32K"),
        ("L2 cache", f"{spec.cache_kb}K"),
        ("L3 cache", "16384K"),
        ("NUMA node(s)", spec.sockets),
    )
    call.out("".join(f"{name + ':':33}{value}\n" for name, value in rows))
    return 0


@tool("lsblk")
def lsblk(call: ToolCall) -> int:
    """Write the block devices: one disk."""
    options = LSBLK.read(call.argv)
    spec = call.node.spec
    size = str(spec.disk_mb * MB) if options.has("b") else human(spec.disk_mb * MB)
    name = spec.disk_device.rsplit("/", 1)[-1].rstrip("0123456789")
    values = {"NAME": name, "SIZE": size, "TYPE": "disk", "MOUNTPOINT": spec.mount, "RO": "0"}
    columns = options.get("o", "NAME,SIZE,TYPE,MOUNTPOINT").upper().split(",")
    odd = [column for column in columns if column not in values]
    if odd:
        raise UsageError(f"unknown column: {odd[0]}")
    rows = [] if options.has("n") else [columns]
    rows.append([values[column] for column in columns])
    widths = [max(len(row[at]) for row in rows) for at in range(len(columns))]
    for row in rows:
        call.out(" ".join(map(str.ljust, row, widths)).rstrip() + "\n")
    return 0


@tool("ifconfig")
def ifconfig(call: ToolCall) -> int:
    """Write the network interfaces."""
    IFCONFIG.read(call.argv)
    address = call.node.spec.address
    call.out(
        f"eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n"
        f"        inet {address}  netmask 255.255.0.0  broadcast 10.0.255.255\n"
        f"        inet6 fe80::216:3eff:fe00:{address.rsplit('.', 1)[-1]}  prefixlen 64  "
        f"scopeid 0x20<link>\n"
        f"        ether 00:16:3e:00:00:01  txqueuelen 1000  (Ethernet)\n\n"
        f"lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n"
        f"        inet 127.0.0.1  netmask 255.0.0.0\n"
        f"        inet6 ::1  prefixlen 128  scopeid 0x10<host>\n"
        f"        loop  txqueuelen 1000  (Local Loopback)\n\n"
    )
    return 0


@tool("dmesg")
def dmesg(call: ToolCall) -> int:
    """Write the kernel's messages."""
    DMESG.read(call.argv)
    call.out("".join(f"{line}\n" for line in call.node.kernel_log))
    return 0
