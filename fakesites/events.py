"""The kinds of event that worker nodes write; *who* is the name of the node."""

from __future__ import annotations

from simkernel.journal import declare

PROCESS_START = declare(
    "process.start", "pid", "ppid", "pgid", "owner", "argv", about="a process that takes time began"
)
PROCESS_EXIT = declare(
    "process.exit", "pid", "code", "signal", about="a process that takes time ended"
)
PROCESS_SIGNAL = declare(
    "process.signal", "pid", "signal", "by", "result", about="a signal was sent to a process"
)
TOOL_RUN = declare(
    "tool.run",
    "pid",
    "argv",
    "cwd",
    "code",
    "seconds",
    "stderr",
    about="a tool finished; code is minus the signal that ended it",
)
PAYLOAD_START = declare("payload.start", "job", "pid", about="a payload began to run")
PAYLOAD_END = declare("payload.end", "job", "pid", "code", "signal", about="a payload ended")
SHELL_REFUSED = declare(
    "shell.refused", "line", "why", about="a shell line is outside what the node's shell speaks"
)
OOM_KILL = declare(
    "node.oom_kill", "pid", "rss_kb", "limit", about="the kernel killed a process for its memory"
)
NODE_LEFT = declare(
    "node.left", "pid", "argv", "owner", about="a process was alive after its batch job had ended"
)
