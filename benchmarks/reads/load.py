"""A small generator of load: requests made beforehand, sent over connections that stay open, one under way on each.

Our own rather than wrk: nothing to install, a hundred people with tokens of their own, and each report submitted once.
It costs some 25 µs a request more, on a core that the server does not use.

    python -m benchmarks.reads.load PORT CONNECTIONS SECONDS < requests
"""

import gc
import json
import select
import socket
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

_HEAD = struct.Struct("<I")
_END = b"\r\n\r\n"
_LENGTH = b"content-length: "


def packed(requests: Sequence[bytes]) -> bytes:
    """Requests as this program reads them."""
    return b"".join(_HEAD.pack(len(request)) + request for request in requests)


def unpacked(data: bytes) -> list[bytes]:
    requests, position = [], 0
    while position < len(data):
        (size,) = _HEAD.unpack_from(data, position)
        position += _HEAD.size
        requests.append(data[position : position + size])
        position += size
    return requests


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    began: int = 0
    received: bytearray = field(default_factory=bytearray)
    expected: int = 0  # bytes of the whole answer, 0 while its head is not complete

    def send(self, request: bytes) -> None:
        self.received.clear()
        self.expected = 0
        self.began = time.perf_counter_ns()
        self.socket.sendall(request)

    def is_complete(self) -> bool:
        """Take what has arrived."""
        arrived = self.socket.recv(1 << 18)
        if not arrived:
            raise ConnectionError("the server closed the connection")
        self.received += arrived
        if not self.expected:
            end = self.received.find(_END)
            if end < 0:
                return False
            head = bytes(self.received[:end]).lower()
            length = head[head.index(_LENGTH) + len(_LENGTH) :].partition(b"\r\n")[0]
            self.expected = end + len(_END) + int(length)
        return len(self.received) >= self.expected

    @property
    def is_good(self) -> bool:
        return self.received.startswith(b"HTTP/1.1 200") and b'"errors"' not in self.received


@dataclass(slots=True)
class Outcome:
    """What came of a run. Latencies in nanoseconds."""

    seconds: float = 0.0
    bad: int = 0
    bytes: int = 0
    latencies: list[int] = field(default_factory=list)


def run(port: int, connections: int, seconds: float, requests: Sequence[bytes], *, once: bool) -> Outcome:
    """Send the requests, over and over for so long, or each `once`."""
    poll, outcome = select.epoll(), Outcome()
    source = iter(requests)
    began = time.perf_counter()
    ends = began + seconds
    waiting: dict[int, _Connection] = {}

    def next_request() -> bytes | None:
        nonlocal source
        if not once and time.perf_counter() >= ends:
            return None
        request = next(source, None)
        if request is None and not once:
            source = iter(requests)
            request = next(source)
        return request

    for _ in range(connections):
        connection = _Connection(socket.create_connection(("127.0.0.1", port)))
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(connection.socket, select.EPOLLIN)
        request = next_request()
        if request is not None:
            connection.send(request)
            waiting[connection.socket.fileno()] = connection
    while waiting:
        for number, _ in poll.poll():
            connection = waiting[number]
            if not connection.is_complete():
                continue
            outcome.latencies.append(time.perf_counter_ns() - connection.began)
            outcome.bytes += len(connection.received)
            outcome.bad += not connection.is_good
            request = next_request()
            if request is None:
                del waiting[number]
                poll.unregister(connection.socket)
                connection.socket.close()
            else:
                connection.send(request)
    outcome.seconds = time.perf_counter() - began
    return outcome


def main() -> None:
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    requests = unpacked(sys.stdin.buffer.read())
    gc.disable()
    outcome = run(port, connections, seconds, requests, once=seconds == 0)
    latencies = sorted(outcome.latencies)
    json.dump(
        {
            "requests": len(latencies),
            "seconds": outcome.seconds,
            "bad": outcome.bad,
            "bytes": outcome.bytes / len(latencies),
            "p50": latencies[len(latencies) // 2] / 1e6,
            "p99": latencies[len(latencies) * 99 // 100] / 1e6,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
