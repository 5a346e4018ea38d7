"""Which walls a machine gives: they are stood up around a look at them from inside."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from guest.fence import kernel
from guest.fence import landlock
from guest.fence import seccomp

WALLS = __file__.rpartition("/")[0] + "/walls.py"
SPACES = ("ipc", "mnt", "net", "pid", "user", "uts")
ST_RDONLY = 1


def report(root, at, bwrap=""):
    """Print what stands around a program at *root*, seen at *at*, as JSON; return 0.

    *bwrap* is tried where this user gets no namespaces; "only:PATH" tries nothing else.
    """
    only = bwrap.startswith("only:")
    bwrap = bwrap.partition(":")[2] if only else bwrap
    ours = os.path.dirname(WALLS)
    ways = [] if only else [("unshare", [root, at, ours])]
    ways += [("bwrap", ["--bwrap", bwrap, root, at, ours])] if bwrap else []
    why = []
    for by, words in ways:
        found = _seen(words)
        if "why" not in found and not found["strangers"]:
            break
        why.append(f"{by}: {found.get('why', 'other processes are seen from inside')}")
    else:
        by, found = "", _seen(["--here"])
    outside = spaces()
    found["spaces"] = [
        name for name in SPACES if outside.get(name) != found.get("spaces", {}).get(name)
    ]
    found.update(namespaces=bool(by), by=by, why="; ".join(why) or found.get("why", ""))
    print(json.dumps(found, sort_keys=True), flush=True)
    return 0


def _seen(words):
    command = [sys.executable, "-I", "-S", WALLS]
    ran = subprocess.run(
        [*command, *words, "--", *command, "--look"], capture_output=True, text=True, check=False
    )
    try:
        return json.loads(ran.stdout)
    except ValueError:
        lines = ran.stderr.strip().splitlines() or [f"ended with {ran.returncode}"]
        return {"why": lines[-1][-200:]}


def look():
    """Print, as JSON, what this process finds around itself; return 0."""
    found = {
        "aslr_off": not kernel.randomizes(),
        "capabilities": kernel.has_capabilities(),
        "landlock": landlock.version(),
        "proc": os.path.exists("/proc/self"),
        "read_only": bool(os.statvfs("/").f_flag & ST_RDONLY) and not _can_write("/usr"),
        "spaces": spaces(),
        "strangers": os.getpid() > 2,
    }
    found["seccomp"] = seccomp.put_up(seccomp.inner(os.getpid()))
    print(json.dumps(found), flush=True)
    return 0


def spaces():
    """Return the namespaces of this process, by name; empty without a /proc."""
    found = {}
    for name in SPACES:
        try:
            found[name] = os.readlink(f"/proc/self/ns/{name}")
        except OSError:
            continue
    return found


def _can_write(folder):
    return not os.statvfs(folder).f_flag & ST_RDONLY
