"""A selector tells which of several sockets can be read."""

import selectors
import socket
import threading

pairs = [socket.socketpair() for _ in range(3)]
with selectors.DefaultSelector() as selector:
    for number, (mine, _) in enumerate(pairs):
        selector.register(mine, selectors.EVENT_READ, number)
    print(selector.select(0.1))
    threading.Timer(0.1, pairs[1][1].send, (b"x",)).start()
    print([key.data for key, _ in selector.select(10)])
    pairs[2][1].close()
    print(sorted(key.data for key, _ in selector.select(10)))
    selector.unregister(pairs[1][0])
    print([key.data for key, _ in selector.select(10)])
