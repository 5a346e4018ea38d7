"""A coroutine runs a function in a thread, in the same context."""

import asyncio
import contextvars
import threading
import time

var = contextvars.ContextVar("var", default="none")


def work():
    time.sleep(0.1)
    return var.get(), threading.current_thread() is threading.main_thread()


async def main():
    var.set("set")
    print(await asyncio.to_thread(work))


asyncio.run(main())
