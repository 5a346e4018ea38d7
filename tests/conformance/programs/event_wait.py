"""An event lets all that wait for it go, and is remembered."""

import threading

event, log = threading.Event(), []


def wait():
    log.append(event.wait(5))


threads = [threading.Thread(target=wait) for _ in range(3)]
for each in threads:
    each.start()
print(event.is_set(), event.wait(0.1), len(log))
event.set()
for each in threads:
    each.join()
print(event.is_set(), event.wait(), log)
event.clear()
print(event.is_set(), event.wait(0), event.wait(0.05))
