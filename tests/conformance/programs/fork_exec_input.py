"""A program that a child becomes reads what its parent writes, and answers on another pipe."""

import os
import sys

to_child, from_parent = os.pipe()
to_parent, from_child = os.pipe()
sys.stdout.flush()
child = os.fork()
if child == 0:
    os.dup2(to_child, 0)
    os.dup2(from_child, 1)
    for number in (to_child, from_parent, to_parent, from_child):
        os.close(number)
    os.execvp("sort", ["sort"])
os.close(to_child)
os.close(from_child)
os.write(from_parent, b"b\nc\na\n")
os.close(from_parent)
print(os.read(to_parent, 100), os.read(to_parent, 100), os.waitpid(child, 0)[1])
