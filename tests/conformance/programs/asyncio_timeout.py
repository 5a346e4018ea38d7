"""wait_for gives up in time."""

import asyncio


async def main():
    try:
        await asyncio.wait_for(asyncio.sleep(20), 0.1)
    except asyncio.TimeoutError:
        print("timeout")
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(0.1, event.set)
    print(await asyncio.wait_for(event.wait(), 10))


asyncio.run(main())
