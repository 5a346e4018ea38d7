"""faulthandler writes the stacks of all threads."""

import faulthandler
import re
import threading
import time


def waiting():
    time.sleep(0.4)


thread = threading.Thread(target=waiting)
thread.start()
time.sleep(0.1)
with open("stacks", "w+") as out:
    faulthandler.dump_traceback(file=out)
    out.seek(0)
    text = out.read()
print(
    len(re.findall("^(?:Current t|T)hread 0x", text, re.M)),
    "in waiting" in text,
    "in <module>" in text,
)
with open("stacks", "w+") as out:
    faulthandler.dump_traceback_later(0.1, file=out)
    time.sleep(0.2)
    out.seek(0)
    print(out.readline().strip(), "in waiting" in out.read())
    faulthandler.cancel_dump_traceback_later()
thread.join()
