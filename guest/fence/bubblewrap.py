"""The second wall by way of bubblewrap, where an ordinary user may not make namespaces himself.

A bwrap that is setuid, or that the machine's security module trusts, builds the same tree in the
same namespaces; what needs no privilege is done inside by ``walls.py --here``. Read from bwrap(1)
of bubblewrap 0.8.0.
"""

from __future__ import annotations

import os
import sys

from guest.fence import tree

WALLS = __file__.rpartition("/")[0] + "/walls.py"
HOSTNAME = "node"
SPACES = ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts")
LIFE = ("--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL")


def command(bwrap, root, at, shown, kept, inner):
    """Return the command that runs *inner* behind the walls that *bwrap* builds."""
    homes = [*tree.homes(sys.executable), *tree.homes(inner[0])]
    plan = tree.Plan(at, [*kept, os.path.dirname(WALLS), *homes])
    words = [bwrap, *SPACES, "--hostname", HOSTNAME, *LIFE]
    for name, target in plan.links:
        words += ["--symlink", target, f"/{name}"]
    words += ["--dev", "/dev", "--proc", "/proc"]
    for each in tree.SCRATCH:
        words += ["--tmpfs", each]
    for each in [*plan.top, *plan.kept]:
        words += ["--ro-bind", each, each]
    words += ["--bind", root, at]
    for name, folder in shown:
        words += ["--ro-bind", folder, f"{at}/{name}"]
    words += ["--remount-ro", "/"]
    here = [sys.executable, "-I", "-S", WALLS, "--here", "--", *inner]
    return [*words, "--chdir", at, "--", *here]
