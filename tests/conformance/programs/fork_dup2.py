"""The streams of a child are put on pipes, as a shell does it: programs, os and print use them."""

import os
import sys


def run(work):
    reader, writer = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.dup2(writer, 1)
        os.close(writer)
        work()
        sys.stdout.flush()
        os._exit(0)
    os.close(writer)
    with open(reader) as lines:
        text = lines.read()
    return text, os.waitpid(child, 0)[1]


print(run(lambda: os.execvp("echo", ["echo", "of a program"])))
print(run(lambda: os.write(1, b"of os")))
print(run(lambda: print("of print")))
print(run(lambda: os.system("echo of a line")))
