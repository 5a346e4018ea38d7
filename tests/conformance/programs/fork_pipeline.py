"""Two children, one pipe: the output of the first is the input of the second."""

import os

reader, writer = os.pipe()
back, answer = os.pipe()
first = os.fork()
if first == 0:
    for number in (reader, back, answer):
        os.close(number)
    os.dup2(writer, 1)
    os.write(1, b"3\n1\n2\n")
    os._exit(0)
second = os.fork()
if second == 0:
    for number in (writer, back):
        os.close(number)
    os.dup2(reader, 0)
    words = []
    while True:
        piece = os.read(0, 2)
        if not piece:
            break
        words.append(piece)
    os.write(answer, b"".join(sorted(words)))
    os._exit(0)
for number in (reader, writer, answer):
    os.close(number)
print(os.read(back, 100), os.read(back, 100))
print(sorted(os.wait()[1] for _ in range(2)))
