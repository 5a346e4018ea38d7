"""waitpid knows the children, in any order."""

import os
import subprocess

children = [subprocess.Popen(["sleep", seconds]) for seconds in ("0.4", "0.1")]
print(os.waitpid(children[0].pid, os.WNOHANG))
print(os.waitpid(-1, 0) == (children[1].pid, 0), os.waitpid(children[0].pid, 0)[1])
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("no more")
