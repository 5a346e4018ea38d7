"""A coroutine may wait for a thread."""

import asyncio
import time


async def main():
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(None, lambda: (time.sleep(0.1), "thread")[1]))
    future = loop.create_future()
    loop.run_in_executor(None, lambda: loop.call_soon_threadsafe(future.set_result, 5))
    print(await asyncio.wait_for(future, 10))


asyncio.run(main())
