"""Input is given to a command, and comes back from cat."""

import subprocess

print(subprocess.run(["cat"], input="text\n", capture_output=True, text=True).stdout)
child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(child.communicate(b"bytes"), child.returncode)
