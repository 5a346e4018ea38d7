"""Bytes without a buffer go at once; with one, when it is flushed, or closed."""

import subprocess

child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
print(child.stdin.write(b"raw\n"), child.stdout.readline())
child.stdin.close()
print(child.wait())
child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdin.write(b"kept ")
child.stdin.flush()
child.stdin.write(b"back\n")
child.stdin.close()
print(child.stdout.read(), child.wait())
