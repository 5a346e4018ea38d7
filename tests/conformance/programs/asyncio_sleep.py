"""Tasks that sleep longer end later."""

import asyncio

log = []


async def work(number):
    await asyncio.sleep(number * 0.15)
    log.append(number)
    return number


async def main():
    print(await asyncio.gather(work(3), work(1), work(2)))


asyncio.run(main())
print(log)
