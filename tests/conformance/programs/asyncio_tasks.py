"""Tasks are cancelled, shielded and gathered with their exceptions."""

import asyncio


async def sleep(seconds):
    try:
        await asyncio.sleep(seconds)
        return seconds
    except asyncio.CancelledError:
        print("cancelled")
        raise


async def fail():
    raise KeyError("x")


async def main():
    task = asyncio.ensure_future(sleep(20))
    await asyncio.sleep(0.05)
    task.cancel()
    print(await asyncio.gather(task, fail(), sleep(0), return_exceptions=True))
    done, left = await asyncio.wait(
        [asyncio.ensure_future(sleep(n)) for n in (0.1, 9)], timeout=0.4
    )
    print(len(done), len(left))
    for each in left:
        each.cancel()
    lock, order = asyncio.Lock(), []

    async def take(number):
        async with lock:
            await asyncio.sleep(0.01)
            order.append(number)

    await asyncio.gather(*map(take, range(3)))
    print(order)


asyncio.run(main())
