"""Memory is a copy: what a child changes its parent does not see."""

import os
import random
import uuid

kept = {"who": "parent"}
reader, writer = os.pipe()
random.seed(5)
before = uuid.uuid4()
child = os.fork()
if child == 0:
    kept["who"] = "child"
    same = os.getppid() != os.getpid()
    text = f"{kept} {same} {random.random() == random.random()}\n{random.getstate()[1][:3]}"
    os.write(writer, (text.split("\n")[0] + "|" + str(uuid.uuid4())).encode())
    os._exit(0)
os.waitpid(child, 0)
said, other = os.read(reader, 1000).decode().split("|")
print(kept, said, other != str(uuid.uuid4()), random.random())
