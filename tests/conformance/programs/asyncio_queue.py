"""Coroutines hand things over in a queue."""

import asyncio


async def produce(box):
    for number in range(3):
        await asyncio.sleep(0.05)
        await box.put(number)
    await box.put(None)


async def main():
    box, got = asyncio.Queue(1), []
    task = asyncio.ensure_future(produce(box))
    while (item := await box.get()) is not None:
        got.append(item)
    await task
    print(got)


asyncio.run(main())
