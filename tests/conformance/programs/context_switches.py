"""A context variable keeps its value across switches between threads."""

import contextvars
import threading
import time

var = contextvars.ContextVar("var")
log = []


def work(number):
    token = var.set(number)
    for _ in range(3):
        time.sleep(0.02)
        assert var.get() == number
    log.append(var.get())
    var.reset(token)
    log.append(var.get(None))


threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(sorted(log, key=str))
