"""A signal wakes a loop that waits."""

import asyncio
import os
import signal
import threading


async def main():
    event = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, event.set)
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
    print(await asyncio.wait_for(event.wait(), 10))


asyncio.run(main())
