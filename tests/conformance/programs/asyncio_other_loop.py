"""A thread runs a loop of its own, to which others give work."""

import asyncio
import threading

loop = asyncio.new_event_loop()
thread = threading.Thread(target=loop.run_forever)
thread.start()


async def work(number):
    await asyncio.sleep(0.1)
    return number * 2


future = asyncio.run_coroutine_threadsafe(work(4), loop)
print(future.result(10))
loop.call_soon_threadsafe(loop.stop)
thread.join()
loop.close()
print(loop.is_closed())
