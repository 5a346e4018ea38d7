"""A shared value is seen by parent and child."""

import multiprocessing

context = multiprocessing.get_context("fork")
number, numbers = context.Value("i", 5), context.Array("d", [1.0, 2.0])


def work():
    with number.get_lock():
        number.value += 1
    numbers[0] = 7.5


process = context.Process(target=work)
process.start()
process.join()
print(number.value, numbers[:], len(numbers))
