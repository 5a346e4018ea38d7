"""``multiprocessing`` in one interpreter: a process is a strand that can be ended from outside.

Everything that pilots see of it is the standard library's own code (Process, Queue, Pool, Event,
ProcessPoolExecutor), on simulated processes, pipes and semaphores. A process has a pid of its
own, its own copies of open connections and of what a queue keeps; it shares all other memory with
its parent, where a fork would have copied it.
Read from CPython 3.9 to 3.13 Lib/multiprocessing.
"""
