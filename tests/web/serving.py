"""A real server process over the toy schema: `python -m tests.web.serving SECONDS`. Prints its port when it listens."""

import socket
import sys

from app.core.settings import load_settings
from app.web.server import serve
from tests.web.toy import toy_application


def main() -> None:
    settings = load_settings(drain_seconds=float(sys.argv[1]))
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    serve(toy_application(settings=settings), settings, [listening])


if __name__ == "__main__":
    main()
