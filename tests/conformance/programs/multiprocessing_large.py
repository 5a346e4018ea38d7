"""A process that sends more than a pipe holds waits for its reader."""

import multiprocessing

context = multiprocessing.get_context("fork")


def send(connection):
    connection.send_bytes(b"x" * 200_000)
    connection.close()


reader, writer = context.Pipe(duplex=False)
process = context.Process(target=send, args=(writer,))
process.start()
writer.close()
process.join(0.3)
print(process.is_alive())
print(len(reader.recv_bytes()))
process.join()
print(process.exitcode)
