"""Parent and child talk through two pipes, as files, a line at a time."""

import os

to_child, from_parent = os.pipe()
to_parent, from_child = os.pipe()
if os.fork() == 0:
    os.close(from_parent)
    os.close(to_parent)
    with open(to_child) as lines, open(from_child, "w") as answers:
        for line in lines:
            print(line.upper(), end="", file=answers, flush=True)
    os._exit(0)
os.close(to_child)
os.close(from_child)
with open(from_parent, "w") as orders, open(to_parent) as answers:
    for word in ("first", "second"):
        print(word, file=orders, flush=True)
        print(answers.readline().strip())
    orders.close()
    print(repr(answers.read()))
print(os.wait()[1])
