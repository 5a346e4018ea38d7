"""Two processes talk over a pipe, whose end is an end of file."""

import multiprocessing

context = multiprocessing.get_context("fork")


def answer(connection):
    while True:
        question = connection.recv()
        if question is None:
            break
        connection.send(question * 2)
    connection.close()


mine, theirs = context.Pipe()
process = context.Process(target=answer, args=(theirs,))
process.start()
theirs.close()
for each in (1, "ab", [3]):
    mine.send(each)
    print(mine.recv())
print(mine.poll(0.1))
mine.send(None)
try:
    mine.recv()
except EOFError:
    print("end")
process.join()
print(process.exitcode, mine.closed, theirs.closed)
