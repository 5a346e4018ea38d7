"""The end of the program waits for processes, and ends daemons."""

import multiprocessing
import time

context = multiprocessing.get_context("fork")


def work(seconds):
    time.sleep(seconds)
    print("child", flush=True)


context.Process(target=work, args=(0.3,)).start()
context.Process(target=work, args=(30,), daemon=True).start()
print("main", flush=True)
