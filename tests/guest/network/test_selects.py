"""select, poll, epoll, selectors and asyncio, on sockets of the guest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guest.network.conftest import Agree
from tests.guest.network.net_world import NetWorld
from tests.guest.network.test_local import SHOW

PROGRAMS = {
    "select tells who can be read and written": """
import select
one, two = socket.socketpair(); names = {one: "one", two: "two"}
def ask(*lists, timeout=0):
    return [[names[each] for each in found] for found in select.select(*lists, timeout)]
show("idle", lambda: ask([one, two], [one], [one]))
one.send(b"x"); show("data", lambda: ask([one, two], [], []))
show("late", lambda: ask([one], [], [], timeout=0.05))
two.close(); show("closed", lambda: ask([one], [one], []))
show("nothing", lambda: select.select([], [], [], 0.01))
show("gone", lambda: select.select([two], [], [], 0))
show("bad", lambda: select.select([-1], [], []))
show("kind", lambda: select.select(["x"], [], []))
show("time", lambda: select.select([], [], [], -1))
number = one.fileno(); one.close()
show("closed number", lambda: select.select([number], [], [], 0))
""",
    "a reader waits for a writer": """
import select
one, two = socket.socketpair()
def write(): time.sleep(0.2); one.send(b"x")
threading.Thread(target=write).start()
show("select", lambda: len(select.select([two], [], [], 5)[0]))
two.recv(1)
poll = select.poll(); poll.register(two, select.POLLIN)
threading.Thread(target=write).start()
show("poll", lambda: [mask for _, mask in poll.poll(5000)])
""",
    "a writer waits for room": """
import select
one, two = socket.socketpair(); one.setblocking(False)
try:
    while True: one.send(b"x" * 1000)
except BlockingIOError: pass
show("full", lambda: len(select.select([], [one], [], 0)[1]))
def read():
    time.sleep(0.1); two.setblocking(False)
    try:
        while True: two.recv(100000)
    except BlockingIOError: pass
threading.Thread(target=read).start()
show("room", lambda: len(select.select([], [one], [], 5)[1]))
""",
    "poll and epoll have their masks and errors": """
import select
one, two = socket.socketpair(); poll = select.poll()
poll.register(one); show("out", lambda: [mask for _, mask in poll.poll(0)])
two.send(b"x"); show("both", lambda: [mask for _, mask in poll.poll(0)])
poll.modify(one, select.POLLIN); show("in", lambda: [mask for _, mask in poll.poll(0)])
one.recv(1); show("none", lambda: poll.poll(0)); show("wait", lambda: poll.poll(20))
two.shutdown(socket.SHUT_WR); poll.modify(one, select.POLLIN | select.POLLRDHUP)
show("half", lambda: [mask for _, mask in poll.poll(0)])
show("unknown", lambda: poll.modify(two, 1))
poll.register(two)
poll.unregister(two)
show("none", lambda: poll.poll(0)[9:])
poll.register(987654); show("invalid", lambda: [m for n, m in poll.poll(0) if n == 987654])
epoll = select.epoll(); epoll.register(one, select.EPOLLIN | select.EPOLLOUT)
show("epoll", lambda: [mask for _, mask in epoll.poll(0)])
show("twice", lambda: epoll.register(one)); show("absent", lambda: epoll.modify(two, 1))
epoll.unregister(one)
show("empty", lambda: epoll.poll(0.02))
show("max", lambda: epoll.poll(0, 0))
with epoll: pass
show("closed", lambda: (epoll.closed, epoll.poll()))
""",
    "epoll may tell once, or only of what is new": """
import select
one, two = socket.socketpair(); two.send(b"a")
epoll = select.epoll(); epoll.register(one, select.EPOLLIN | select.EPOLLONESHOT)
show("once", lambda: [[m for _, m in epoll.poll(0)], [m for _, m in epoll.poll(0)]])
epoll.modify(one, select.EPOLLIN | select.EPOLLET)
show("edge", lambda: [[m for _, m in epoll.poll(0)], [m for _, m in epoll.poll(0)]])
two.send(b"b"); show("new", lambda: [[m for _, m in epoll.poll(0)], [m for _, m in epoll.poll(0)]])
""",
    "every selector serves": """
import selectors
for kind in ("DefaultSelector", "SelectSelector", "PollSelector", "EpollSelector"):
    one, two = socket.socketpair()
    with getattr(selectors, kind)() as selector:
        selector.register(one, selectors.EVENT_READ, "one")
        selector.register(two, selectors.EVENT_READ | selectors.EVENT_WRITE, "two")
        events = lambda: [(key.data, mask) for key, mask in selector.select(0.01)]
        show(kind, events); two.send(b"x"); show(kind, lambda: sorted(events()))
        selector.unregister(two); one.recv(1); show(kind, events)
show("is", lambda: selectors.DefaultSelector.__name__)
""",
    "a non-blocking connection is followed": """
import select
listening = socket.create_server(("127.0.0.1", 0))
one = socket.socket(); one.setblocking(False)
show("begun", lambda: errno.errorcode[one.connect_ex(listening.getsockname())])
show("made", lambda: len(select.select([], [one], [], 5)[1]))
show("error", lambda: one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
two = socket.socket(); two.setblocking(False); two.connect_ex(("127.0.0.1", 1))
show("failed", lambda: [len(each) for each in select.select([two], [two], [], 5)])
show("error", lambda: errno.errorcode[two.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)])
show("again", lambda: two.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
""",
    "asyncio sleeps, gathers and uses threads": """
import asyncio
async def work(name, seconds):
    await asyncio.sleep(seconds); return name
async def main():
    show("gather", lambda: None); print(await asyncio.gather(work("a", 0.05), work("b", 0.01)))
    print(await asyncio.to_thread(lambda: threading.current_thread() is threading.main_thread()))
    try: await asyncio.wait_for(work("late", 5), 0.05)
    except asyncio.TimeoutError: print("late")
    queue = asyncio.Queue(1)
    async def put():
        for each in range(3): await queue.put(each)
    task = asyncio.create_task(put()); print([await queue.get() for _ in range(3)]); await task
    print(await asyncio.get_running_loop().run_in_executor(None, sum, [1, 2]))
asyncio.run(main())
""".replace("asyncio.to_thread(lambda", "to_thread(lambda").replace(
        "async def main():\n",
        "async def to_thread(f): return await asyncio.get_running_loop()"
        ".run_in_executor(None, f)\nasync def main():\n",
    ),
    "asyncio serves itself": """
import asyncio
async def serve(reader, writer):
    while line := await reader.readline(): writer.write(line.upper()); await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"hello\\n"); print(await reader.readline())
    writer.write_eof(); print(await reader.read()); writer.close(); await writer.wait_closed()
    server.close(); await server.wait_closed()
    try: await asyncio.open_connection("127.0.0.1", 1)
    except OSError as error: print(type(error).__name__, error.errno)
asyncio.run(main())
""",
    "asyncio runs in two threads at a time": """
import asyncio
async def work(name):
    for _ in range(3): await asyncio.sleep(0.01)
    return name
found = []
threads = [threading.Thread(target=lambda n=n: found.append(asyncio.run(work(n)))) for n in "ab"]
for each in threads: each.start()
for each in threads: each.join()
print(sorted(found))
""",
    "servers of the standard library": """
import http.client, http.server, socketserver, urllib.request, xmlrpc.client, xmlrpc.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(self.path.encode())
    def log_message(self, *args): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = "http://127.0.0.1:%d/path" % server.server_port
show("http", lambda: urllib.request.urlopen(url).read())
server.shutdown(); server.server_close()
calls = xmlrpc.server.SimpleXMLRPCServer(("127.0.0.1", 0), logRequests=False)
calls.register_function(pow)
threading.Thread(target=calls.serve_forever, daemon=True).start()
proxy = xmlrpc.client.ServerProxy("http://127.0.0.1:%d" % calls.server_address[1])
show("rpc", lambda: proxy.pow(2, 9))
calls.shutdown(); calls.server_close()
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_guest_agrees_with_the_kernel(agree: Agree, name: str) -> None:
    assert agree(SHOW + PROGRAMS[name])


def test_time_is_virtual_for_whoever_waits(world: NetWorld) -> None:
    program = """
import asyncio, select, selectors, socket, time
one, two = socket.socketpair()
began = time.monotonic()
def passed(): return round(time.monotonic() - began)
select.select([one], [], [], 1000); print(passed())
poll = select.poll(); poll.register(one, 1); poll.poll(1_000_000); print(passed())
select.epoll().poll(1000); print(passed())
selectors.DefaultSelector().select(1000); print(passed())
one.settimeout(1000)
try: one.recv(1)
except socket.timeout: print(passed())
asyncio.run(asyncio.sleep(1000)); print(passed())
"""
    assert "1000\n2000\n3000\n4000\n5000\n6000\n" == world.fly(program)


def test_asyncio_reaches_a_server_of_the_world(world: NetWorld) -> None:
    program = """
import asyncio, ssl
async def get(**options):
    reader, writer = await asyncio.open_connection("server.sim", **options)
    writer.write(b"GET / HTTP/1.1\\r\\nHost: server.sim\\r\\nConnection: close\\r\\n\\r\\n")
    answer = await reader.read(); writer.close()
    return answer.splitlines()[-1]
print(asyncio.run(get(port=80)), asyncio.run(get(port=443, ssl=ssl.create_default_context())))
"""
    assert "b'hello' b'hello'\n" == world.fly(program)
    assert [False, True] == [request.tls for request in world.asked]


def test_select_waits_for_a_connection_of_the_world(world: NetWorld) -> None:
    program = """
import errno, select, socket, time
address = socket.getaddrinfo("server.sim", 80)[0][4]
sock = socket.socket(); sock.setblocking(False)
print(errno.errorcode[sock.connect_ex(address)], select.select([], [sock], [], 0))
print(len(select.select([], [sock], [], 5)[1]), sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
sock.send(b"GET / HTTP/1.0\\r\\nHost: server.sim\\r\\n\\r\\n")
print(len(select.select([sock], [], [], 0)[0]), len(select.select([sock], [], [], 5)[0]))
print(sock.recv(15))
"""
    expected = "EINPROGRESS ([], [], [])\n1 0\n0 1\nb'HTTP/1.1 200 \\r\\n'\n"
    assert expected == world.fly(program)


def test_the_same_program_says_the_same_to_its_host(tmp_path: Path) -> None:
    program = """
import asyncio, gc, socket, ssl, threading, urllib.request
def ask(path): return urllib.request.urlopen("https://server.sim" + path, timeout=9).read()
threads = [threading.Thread(target=ask, args=("/%d" % n,)) for n in range(5)]
for each in threads: each.start()
for n in range(20): ring = [socket.socket()]; ring.append(ring)
gc.collect()
async def main():
    loop = asyncio.get_running_loop()
    print(await asyncio.gather(*(loop.run_in_executor(None, ask, "/echo") for _ in range(9))))
asyncio.run(main())
for each in threads: each.join()
"""
    worlds = [NetWorld(tmp_path / name) for name in ("a", "a-longer-name")]
    assert 1 == len({world.fly(program) for world in worlds})
    one, other = ((world.kinds, world.clock.now, len(world.asked)) for world in worlds)
    assert one == other
    assert 14 == one[2]
