"""A subclass of Thread runs its own run()."""

import threading


class Worker(threading.Thread):
    def __init__(self, number):
        super().__init__(daemon=True)
        self.number, self.result = number, None

    def run(self):
        self.result = self.number * 2


workers = [Worker(number) for number in range(3)]
for each in workers:
    each.start()
for each in workers:
    each.join()
print([each.result for each in workers])
