"""select waits for the output of a child."""

import select
import subprocess

child = subprocess.Popen("sleep 0.4; echo done", shell=True, stdout=subprocess.PIPE)
print(select.select([child.stdout], [], [], 0.1)[0])
print(len(select.select([child.stdout], [], [], 10)[0]), child.stdout.read(), child.wait())
