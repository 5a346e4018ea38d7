"""A process does not end before what it put into a queue has been taken."""

import multiprocessing

context = multiprocessing.get_context("fork")
box = context.Queue()
process = context.Process(target=lambda: box.put("x" * 300_000))
process.start()
process.join(0.5)
print(process.is_alive())
print(len(box.get()))
process.join()
print(process.exitcode)
