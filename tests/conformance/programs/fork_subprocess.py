"""Commands of the parent are not the child's; the child starts its own."""

import os
import subprocess

running = subprocess.Popen(["sleep", "0.3"])
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    out = subprocess.run(["echo", "of the child"], stdout=subprocess.PIPE).stdout
    try:
        os.waitpid(running.pid, 0)
    except ChildProcessError:
        out += b"not mine"
    os.write(writer, out)
    os._exit(0)
print(os.waitpid(child, 0)[1], os.read(reader, 100), running.wait())
