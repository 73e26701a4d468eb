"""A receiver outside: a real HTTP server that keeps what it is sent, and answers as it is told to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Received:
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.body)
        return found


@dataclass(slots=True)
class Inbox:
    """Every request in order. `answers` are given first, with more headers where named, then 204."""

    requests: list[Received] = field(default_factory=list)
    answers: list[int | tuple[int, dict[str, str]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    goes_on: threading.Event = field(default_factory=threading.Event)  # cleared: it hangs before it answers
    url: str = ""

    @property
    def types(self) -> list[str]:
        return [one.said["type"] for one in self.requests]


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # with the library's 5, callers who come at once wait a second to come again
    daemon_threads = True


@contextmanager
def receiving() -> Iterator[Inbox]:
    inbox = Inbox()
    inbox.goes_on.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with inbox.lock:
                inbox.requests.append(Received({name.lower(): value for name, value in self.headers.items()}, body))
                answer = inbox.answers.pop(0) if inbox.answers else 204
            inbox.goes_on.wait(30)
            status, headers = answer if isinstance(answer, tuple) else (answer, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    inbox.url = f"http://127.0.0.1:{server.server_port}/updates"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield inbox
    finally:
        inbox.goes_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
