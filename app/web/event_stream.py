"""Server-sent events by the protocol `graphql-sse`, distinct connections mode: one request, its answers as they come.

Framed with LF alone, which all its clients understand.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.types import Receive, Send

from app.graphql.engine import Call
from app.graphql.errors import Fault, Rejected, answer_errors, sign_in_required
from app.web.drain import Drain

MEDIA_TYPE = b"text/event-stream; charset=utf-8"
TICK = 1.0  # seconds between looks at the drain
_ALIVE_EVERY = 12  # ticks without an answer, after which a comment keeps proxies from closing
_COMPLETE, _ALIVE = b"event: complete\ndata:\n\n", b":\n\n"
_HEADERS = [
    (b"content-type", MEDIA_TYPE),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would hold events back
]


@dataclass(slots=True)
class EventStream:
    """The answers to one operation. Ends with `complete`; without it where the server leaves, so that clients return.

    `until` is when the caller's token ends, by the clock of the event loop. `leave` is called once at the end.
    """

    answers: AsyncGenerator[dict[str, Any], None]
    call: Call
    receive: Receive
    drain: Drain
    until: float | None
    leave: Callable[[], None]

    async def send(self, send: Send) -> None:
        gone = asyncio.create_task(_until_gone(self.receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            async with aclosing(self.answers) as answers:
                await self._tell(lambda data: _write(send, data), answers, gone)
            await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()
            self.leave()

    async def _tell(
        self,
        write: Callable[[bytes], Awaitable[None]],
        answers: AsyncGenerator[dict[str, Any], None],
        gone: "asyncio.Task[None]",
    ) -> None:
        upcoming, quiet = _next(answers), 0
        try:
            while not (gone.done() or self.drain.begun):  # without `complete`, so that clients come back
                if self._token_has_ended():
                    await write(self._refusal(*sign_in_required().faults) + _COMPLETE)
                    return
                await asyncio.wait({upcoming, gone}, timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
                if not upcoming.done():
                    quiet += 1
                    if quiet % _ALIVE_EVERY == 0:
                        await write(_ALIVE)
                    continue
                try:
                    answer = upcoming.result()
                except StopAsyncIteration:
                    await write(_COMPLETE)
                    return
                except Rejected as rejected:
                    await write(self._refusal(*rejected.faults) + _COMPLETE)
                    return
                await write(_event(answer))  # a slow reader is waited for before the next one is made
                upcoming, quiet = _next(answers), 0
        finally:
            upcoming.cancel()
            await asyncio.gather(upcoming, return_exceptions=True)

    def _token_has_ended(self) -> bool:
        return self.until is not None and asyncio.get_running_loop().time() >= self.until

    def _refusal(self, *faults: Fault) -> bytes:
        return _event({"errors": answer_errors(faults, self.call.language, self.call.correlation_id)})


def _next(answers: AsyncGenerator[dict[str, Any], None]) -> "asyncio.Task[dict[str, Any]]":
    async def one() -> dict[str, Any]:
        return await anext(answers)

    return asyncio.create_task(one())


def _event(answer: dict[str, Any]) -> bytes:
    return b"event: next\ndata: " + orjson.dumps(answer) + b"\n\n"


async def _write(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
