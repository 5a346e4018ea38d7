"""wait3 and wait4 give a status and what was used; waitid tells without taking."""

import os

for wait in (lambda pid: os.wait4(pid, 0), lambda pid: os.wait3(0)):
    child = os.fork()
    if child == 0:
        os._exit(5)
    pid, status, used = wait(child)
    print(pid == child, status >> 8, used.ru_utime >= 0)
child = os.fork()
if child == 0:
    os._exit(6)
seen = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
print(seen.si_pid == child, seen.si_status, seen.si_code == os.CLD_EXITED)
print(os.waitid(os.P_ALL, 0, os.WEXITED).si_status)
