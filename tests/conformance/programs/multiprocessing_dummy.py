"""The dummy module does the same with threads."""

import multiprocessing.dummy
import time

with multiprocessing.dummy.Pool(2) as pool:
    print(pool.map(abs, (-1, -2)))
process = multiprocessing.dummy.Process(target=time.sleep, args=(0.1,))
process.start()
process.join()
print(process.exitcode)
