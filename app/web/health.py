"""Is the process alive, is it ready, and what has it counted."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from ipaddress import ip_address, ip_network

import orjson
import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import Receive, Scope, Send

from app.web.drain import Drain
from app.web.head import Head, head_of
from app.web.reply import Reply

_log = structlog.get_logger(__name__)
_JSON = b"application/json"
_READING = ("GET", "HEAD")

Check = Callable[[], Awaitable[object]]


class Health:
    """`/healthz` never asks anything; `/readyz` asks every check and names those that fail, without their reasons.

    `/metrics` answers only clients whose address lies in `metrics_networks`, by default those of this machine. A
    request that came through a proxy does not count as local, even if the proxy is: it carries a forwarding header.
    """

    def __init__(
        self,
        checks: Mapping[str, Check],
        drain: Drain,
        *,
        check_seconds: float = 2.0,
        remembered_seconds: float = 1.0,
        metrics_networks: Collection[str] = ("127.0.0.0/8", "::1/128"),
    ) -> None:
        self._checks = dict(checks)
        self._drain = drain
        self._check_seconds = check_seconds
        self._remembered_seconds = remembered_seconds
        self._networks = tuple(ip_network(network) for network in metrics_networks)
        self._asking = asyncio.Lock()
        self._failing: list[str] = []
        self._asked_at = float("-inf")

    async def live(self, scope: Scope, _receive: Receive, send: Send) -> None:
        reply = _refuse_writing(scope) or Reply(200, b'{"status":"alive"}', _JSON)
        await reply.send(send)

    async def ready(self, scope: Scope, _receive: Receive, send: Send) -> None:
        reply = _refuse_writing(scope) or await self._readiness()
        await reply.send(send)

    async def metrics(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if not self._may_read_metrics(head_of(scope)):
            await Reply(404, b"", b"text/plain").send(send)
            return
        reply = _refuse_writing(scope) or Reply(200, generate_latest(), CONTENT_TYPE_LATEST.encode())
        await reply.send(send)

    async def _readiness(self) -> Reply:
        failing = ["draining"] if self._drain.begun else await self._failures()
        if failing:
            return Reply(503, orjson.dumps({"status": "unready", "failing": failing}), _JSON)
        return Reply(200, b'{"status":"ready"}', _JSON)

    async def _failures(self) -> list[str]:
        """Ask the checks, at most once in a while: anybody may call, and each call would reach the database."""
        async with self._asking:
            clock = asyncio.get_running_loop().time
            if clock() - self._asked_at >= self._remembered_seconds:
                passed = await asyncio.gather(*(self._passes(name) for name in self._checks))
                self._failing = [name for name, passes in zip(self._checks, passed, strict=True) if not passes]
                self._asked_at = clock()
            return self._failing

    async def _passes(self, name: str) -> bool:
        try:
            async with asyncio.timeout(self._check_seconds):
                await self._checks[name]()
        except Exception as error:  # noqa: BLE001  # whatever a check raises, it did not pass
            _log.warning("readiness check failed", check=name, exception=type(error).__qualname__)
            return False
        return True

    def _may_read_metrics(self, head: Head) -> bool:
        forwarded = b"x-forwarded-for" in head.headers or b"forwarded" in head.headers
        if head.client is None or forwarded:
            return False
        try:
            address = ip_address(head.client)
        except ValueError:  # a unix socket
            return False
        return any(address in network for network in self._networks)


def _refuse_writing(scope: Scope) -> Reply | None:
    return None if scope["method"] in _READING else Reply(405, b"", b"text/plain", ((b"allow", b"GET, HEAD"),))
