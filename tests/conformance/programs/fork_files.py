"""An open file has one position for parent and child; what is buffered twice comes twice."""

import os

file = open("shared", "w+b", buffering=0)
file.write(b"parent ")
child = os.fork()
if child == 0:
    file.write(b"child ")
    os._exit(0)
os.waitpid(child, 0)
file.write(b"again")
file.seek(0)
print(file.read())
text = open("twice", "w")
text.write("x")
child = os.fork()
if child == 0:
    text.close()
    os._exit(0)
os.waitpid(child, 0)
text.close()
print(open("twice").read() in ("x", "xx"))
