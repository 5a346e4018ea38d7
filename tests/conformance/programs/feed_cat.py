"""What is written to cat and flushed comes back, a line at a time."""

import subprocess

child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
for word in ("one", "two", "three"):
    child.stdin.write(word + "\n")
    child.stdin.flush()
    print(child.stdout.readline().strip(), child.poll())
child.stdin.close()
print(repr(child.stdout.read()), child.wait())
