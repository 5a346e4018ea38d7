"""Two threads that import one slow module get the same one, once."""

import threading

with open("slow.py", "w") as out:
    out.write("import time\nprint('imported', flush=True)\ntime.sleep(0.2)\nvalue = object()\n")
found = []


def load():
    import slow

    found.append(slow.value)


threads = [threading.Thread(target=load) for _ in range(2)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(len(found), found[0] is found[1])
