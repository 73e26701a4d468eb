"""One request to a server outside, over HTTP/1.1: where a URL leads, and what came back. Redirects are not followed."""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urlsplit

import h11

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
_PORTS = range(1, 65_536)
_DEFAULT_PORTS = {"https": 443, "http": 80}
_LONGEST_WISH = timedelta(hours=24)  # what a receiver may ask for by Retry-After
_MOST_HEADERS, _READ = 16 * 1024, 4_096


class NotSentError(Exception):
    """There is no answer. `fault`: why, in a word for the log of deliveries."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS["https" if self.secure else "http"] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Request:
    """`body`: None for a GET."""

    headers: Mapping[str, str]
    body: bytes | None
    most_read: int = 0  # of the answer's body, in bytes; what is longer is no answer
    wish: str = "retry-after"  # the header by which the server says when to come again


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    retry_after: str | None
    body: bytes = b""


Address = Callable[[Target], Awaitable[str]]


def target_of(url: str) -> Target | None:
    """Where a URL leads; None for what is no plain address of an HTTP server."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    default = _DEFAULT_PORTS.get(parts.scheme)
    if default is None or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return None
    bare = parts.netloc.lower().rpartition(":")[0] if port is not None else parts.netloc.lower()
    if not _HOST.fullmatch(bare) or parts.fragment or "#" in url or (port is not None and port not in _PORTS):
        return None
    path = parts.path or "/"
    return Target(
        secure=parts.scheme == "https",
        host=bare.strip("[]"),
        port=port if port is not None else default,
        path=f"{path}?{parts.query}" if parts.query else path,
    )


def wish_of(retry_after: str | None, real_now: datetime) -> timedelta | None:
    """`Retry-After`, in seconds or as a date; None where it says nothing. At most a day."""
    if not retry_after:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return min(timedelta(seconds=min(int(retry_after[:9]), 10**9)), _LONGEST_WISH)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - real_now, timedelta()), _LONGEST_WISH)


async def by_name(target: Target) -> str:
    """The address of a server that the operator named: whatever its name resolves to."""
    return target.host


async def ask(url: str, request: Request, seconds: float, address: Address = by_name) -> Answer:
    """The server's answer; the connection is made to what `address` says. Raises NotSentError for everything else."""
    target = target_of(url)
    if target is None:
        raise NotSentError("URL")
    try:
        async with asyncio.timeout(seconds):
            return await _converse(target, request, await address(target))
    except TimeoutError:
        raise NotSentError("TIMEOUT") from None
    except ssl.SSLError:
        raise NotSentError("TLS") from None
    except OSError:
        raise NotSentError("CONNECTION") from None
    except h11.RemoteProtocolError:
        raise NotSentError("NOT_HTTP") from None


@cache
def tls() -> ssl.SSLContext:
    return ssl.create_default_context()


async def _converse(target: Target, request: Request, address: str) -> Answer:
    name = target.host if target.secure else None
    context = tls() if target.secure else None
    reader, writer = await asyncio.open_connection(address, target.port, ssl=context, server_hostname=name)
    try:
        conversation = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST_HEADERS)
        said = {"host": target.authority, "user-agent": "duban", "connection": "close"}
        if request.body is not None:
            said |= {"content-type": "application/json", "content-length": str(len(request.body))}
        said |= request.headers
        method = "GET" if request.body is None else "POST"
        writer.write(
            conversation.send(h11.Request(method=method, target=target.path, headers=list(said.items()))) or b""
        )
        if request.body:
            writer.write(conversation.send(h11.Data(data=request.body)) or b"")
        writer.write(conversation.send(h11.EndOfMessage()) or b"")
        await writer.drain()
        return await _answer(conversation, reader, request)
    finally:
        writer.transport.abort()  # what more it says is nobody's business


async def _answer(conversation: h11.Connection, reader: asyncio.StreamReader, request: Request) -> Answer:
    answer: Answer | None = None
    body = b""
    while True:
        event = conversation.next_event()
        if event is h11.NEED_DATA:
            conversation.receive_data(await reader.read(_READ))
        elif isinstance(event, h11.Response):
            wishes = [value for name, value in event.headers if name == request.wish.encode()]
            answer = Answer(event.status_code, wishes[0].decode("latin-1") if wishes else None)
            if not request.most_read:
                return answer
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > request.most_read:
                raise NotSentError("TOO_LONG")
        elif isinstance(event, h11.EndOfMessage) and answer is not None:
            return Answer(answer.status, answer.retry_after, body)
        elif not isinstance(event, h11.InformationalResponse):
            raise h11.RemoteProtocolError("no answer")
