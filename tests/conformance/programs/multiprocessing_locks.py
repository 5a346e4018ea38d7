"""Locks, events and semaphores work between processes."""

import multiprocessing

context = multiprocessing.get_context("fork")
event, lock, semaphore = context.Event(), context.Lock(), context.Semaphore(1)


def work():
    event.wait(10)
    with lock:
        semaphore.release()


process = context.Process(target=work)
lock.acquire()
process.start()
print(lock.acquire(timeout=0.1), semaphore.acquire(), semaphore.acquire(timeout=0.1))
event.set()
process.join(0.2)
print(process.is_alive())
lock.release()
process.join()
print(semaphore.acquire(timeout=5), event.is_set())
try:
    lock.release()
except ValueError as error:
    print(error)
