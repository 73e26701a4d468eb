"""The process that listens: uvicorn with the options that this application relies on, and the drain."""

import signal
import socket
from collections.abc import Sequence
from types import FrameType

import structlog
import uvicorn

from app.core.settings import Settings
from app.web.application import Application
from app.web.drain import Drain
from app.web.protocol import GuardedProtocol
from app.web.wire import PromptWire

_log = structlog.get_logger(__name__)

MAX_MESSAGE_BYTES = 64 * 1024
# Longer than proxies keep idle connections (nginx: 60 s), so that it is they who close and no request meets our close.
KEEP_ALIVE_SECONDS = 65
# What a request under way may still take after the drain; operations end by themselves after 30 s.
LAST_REQUESTS_SECONDS = 35


class DrainingServer(uvicorn.Server):
    """On SIGTERM it serves on until the drain is over, then ends as uvicorn does: requests answered, websockets 1012.

    A second SIGTERM, and SIGINT, skip the rest of the drain. A drained process exits with status 0.
    """

    def __init__(self, config: uvicorn.Config, drain: Drain) -> None:
        super().__init__(config)
        self._drain = drain

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if sig == signal.SIGTERM and not self._drain.begun:
            self._drain.begin()
            return
        if sig == signal.SIGTERM:
            self.should_exit = True
            return
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        if self._drain.over:
            self.should_exit = True
        return await super().on_tick(counter)


def build_server(
    app: Application, settings: Settings, protocol: type[GuardedProtocol] = GuardedProtocol
) -> DrainingServer:
    """A server that a caller may run in an event loop of its own (`await server.serve(sockets)`)."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=protocol,
        ws=PromptWire,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.behind_tls_proxy,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=LAST_REQUESTS_SECONDS,
    )
    return DrainingServer(config, app.drain)


def serve(app: Application, settings: Settings, sockets: Sequence[socket.socket] | None = None) -> None:
    """Serve until a signal ends it. `sockets` are bound ones, shared by several processes."""
    try:
        build_server(app, settings).run(None if sockets is None else list(sockets))
    except KeyboardInterrupt:
        _log.info("stopped by the keyboard")
