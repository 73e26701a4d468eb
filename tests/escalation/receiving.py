"""A receiver outside: a real HTTP server that keeps what it is sent, and answers as it is told to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson


class Inbox:
    """Every request in order: its key and its body. `answers` are given first, then 204."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[int] = []
        self.lock = threading.Lock()
        self.url = ""

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.requests]


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # with the library's 5, callers who come at once wait a second to come again


@contextmanager
def receiving() -> Iterator[Inbox]:
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            body = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with inbox.lock:
                inbox.requests.append((self.headers["Idempotency-Key"], body))
                status = inbox.answers.pop(0) if inbox.answers else 204
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    inbox.url = f"http://127.0.0.1:{server.server_port}/messages"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield inbox
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
