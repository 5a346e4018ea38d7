"""A small dcap door, for the real client: Debian has no server of dCache.

Speaks what dccp needs: hello, stat, open, and reads and writes over a second connection, which the
client makes when it is passive (-A). Read from dCache/dcap:src/dcap_protocol.h, passive.c,
dcap_write.c, dcap_close.c.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from pathlib import Path
from typing import Any

WRITE, READ, CLOSE, ACK, FIN, DATA = 1, 2, 4, 6, 7, 8
END = -1


class DcapDoor:
    """A door for the files below *served*, whose paths begin with /data."""

    def __init__(self, served: Path) -> None:
        self._served = served
        self._listener = _listen()
        self.port: int = self._listener.getsockname()[1]
        _thread(self._accept)

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                taken, _ = self._listener.accept()
                _thread(self._serve, taken)

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError), line, line.makefile("r") as lines:
            for text in lines:
                answer = self._answer(line, text.split())
                if answer:
                    line.sendall(answer.encode())

    def _answer(self, line: socket.socket, words: list[str]) -> str:
        number, verb = words[0], words[3]
        if verb == "hello":
            return "0 0 server welcome 0 0\n"
        if verb == "byebye":
            return "0 0 server byebye\n"
        path = self._served / words[4].strip('"').partition("/data/")[2]
        if verb == "open":
            failure = _trouble(path, words[5])
            if not failure:
                return self._open(line, number, path, words)
        else:
            failure = "" if path.is_file() else f"path {_named(path)} not found|10001|ENOENT"
            if not failure:
                return f"{number} 0 client {verb} -st_size={path.stat().st_size} -st_mode=0100644\n"
        text, code, name = failure.split("|")
        return f'{number} 0 client failed {code} "{text}" {name}\n'

    def _open(self, line: socket.socket, number: str, path: Path, words: list[str]) -> str:
        if "-passive" in words:
            mover = socket.create_server(("127.0.0.1", 0))
            _thread(_move, line, number, path, mover)
            return f"{number} 0 client connect localhost {mover.getsockname()[1]} secret\n"
        at = next(at for at, word in enumerate(words) if word.startswith("-timeout"))
        _thread(_move, line, number, path, ("127.0.0.1", int(words[at - 1])))
        return ""


def _listen() -> socket.socket:
    """Listen at a port that a short integer holds: the client has no other."""
    for port in range(22125, 32768):
        with contextlib.suppress(OSError):
            return socket.create_server(("127.0.0.1", port))
    raise OSError("no port is free")


def _thread(work: Any, *given: Any) -> None:
    threading.Thread(target=work, args=given, daemon=True).start()


def _named(path: Path) -> str:
    return f"/data/case/{path.name}"


def _trouble(path: Path, mode: str) -> str:
    """Return why *path* cannot be opened: text, number and name of the error."""
    if mode == "r" and not path.exists():
        return f"path {_named(path)} not found|10001|ENOENT"
    mode_bits = path.stat().st_mode if mode == "r" else path.parent.stat().st_mode
    if not mode_bits & (0o400 if mode == "r" else 0o200):
        return "Permission denied|10018|EACCES"
    return ""


def _move(line: socket.socket, number: str, path: Path, where: Any) -> None:
    """Be the mover of a pool for one file."""
    if isinstance(where, socket.socket):
        data, _ = where.accept()
        _, size = struct.unpack("!ii", _exactly(data, 8))
        _exactly(data, size)
    else:
        data = socket.create_connection(where)
        data.sendall(struct.pack("!ii", int(number), 0))
    with contextlib.suppress(OSError), data:
        _orders(data, path)
        line.sendall(f"{number} 0 client ok\n".encode())


def _orders(data: socket.socket, path: Path) -> None:
    at = 0
    while True:
        (size,) = struct.unpack("!i", _exactly(data, 4))
        order = _exactly(data, size)
        (code,) = struct.unpack("!i", order[:4])
        data.sendall(struct.pack("!iiii", 12, ACK, code, 0))
        if code == CLOSE:
            return
        if code == READ:
            (count,) = struct.unpack("!q", order[4:12])
            block = path.read_bytes()[at : at + count]
            at += len(block)
            data.sendall(struct.pack("!ii", 4, DATA))
            if block:
                data.sendall(struct.pack("!i", len(block)) + block)
            data.sendall(struct.pack("!i", END) + struct.pack("!iiii", 12, FIN, READ, 0))
        elif code == WRITE:
            _exactly(data, 8)  # the head of the data
            with path.open("wb" if not at else "ab") as out:
                at += _take(data, out)
            data.sendall(struct.pack("!iiii", 12, FIN, WRITE, 0))


def _take(data: socket.socket, out: Any) -> int:
    total = 0
    while True:
        (size,) = struct.unpack("!i", _exactly(data, 4))
        if size == END:
            return total
        out.write(_exactly(data, size))
        total += size


def _exactly(data: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        block = data.recv(count - len(found))
        if not block:
            raise OSError("the client is gone")
        found += block
    return found
