"""A subclass of local is initialised in each thread."""

import threading


class Data(threading.local):
    kind = "data"

    def __init__(self, start):
        self.numbers = [start]


data = Data(7)
data.numbers.append(8)
log = []
thread = threading.Thread(target=lambda: log.append((data.numbers, data.kind)))
thread.start()
thread.join()
print(log, data.numbers)
try:
    threading.local(1)
except TypeError:
    print("TypeError")
