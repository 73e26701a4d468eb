"""POST /graphql, as GraphQL over HTTP specifies it. GET, batches, forms and multipart are refused.

Where server-sent events stand first in `Accept`, the answers come as such, a subscription's too.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from time import perf_counter
from typing import Any

import orjson
from graphql import OperationType
from starlette.types import Receive, Scope, Send

from app.core.clock import Clock
from app.graphql.admission import Operation
from app.graphql.engine import Call, Engine, Request
from app.graphql.errors import (
    ErrorCode,
    Fault,
    Rejected,
    answer_errors,
    bad_request,
    exception_faults,
)
from app.web.authentication import (
    Admitted,
    Authenticate,
    ContextFactory,
    Denied,
    Exhausted,
    MalformedAuthorization,
    RequestFacts,
    Transport,
    bearer_token,
)
from app.web.bodies import BodyTooLarge, BodyTooSlow, ClientGone, read_body, request_of
from app.web.drain import Drain
from app.web.event_stream import EventStream
from app.web.floods import Callers
from app.web.head import Head, head_of
from app.web.media import AnswerType, answer_type, is_json, wants_events
from app.web.metrics import REQUESTS, SECONDS
from app.web.reply import CLOSE, Header, Reply

_STATUS = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.NOT_ALLOWED: 403,
    ErrorCode.TIMEOUT: 503,
    ErrorCode.INTERNAL: 500,
}
_UNDER_200_FOR_LEGACY = frozenset({ErrorCode.PARSE_FAILED, ErrorCode.VALIDATION_FAILED, ErrorCode.INVALID_INPUT})


class _Refused(Exception):  # noqa: N818  # an answer
    """A request that HTTP itself has a status for."""

    def __init__(self, status: int, code: ErrorCode, chinese: str, english: str, *headers: Header) -> None:
        super().__init__(english)
        self.status = status
        self.faults = (Fault(code, chinese, english),)
        self.headers = headers


class HttpEndpoint:
    """One GraphQL request, one answer, or a stream of them."""

    def __init__(
        self,
        engine: Engine,
        authenticate: Authenticate,
        context_factory: ContextFactory,
        *,
        clock: Clock,
        callers: Callers,
        drain: Drain,
        max_body_bytes: int,
        body_seconds: float = 20.0,
    ) -> None:
        self._engine = engine
        self._authenticate = authenticate
        self._context_factory = context_factory
        self._clock = clock
        self._callers = callers
        self._drain = drain
        self._max_body_bytes = max_body_bytes
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = head_of(scope)
        accept = head.headers.get(b"accept")
        streamed = wants_events(accept)
        media = AnswerType.JSON if streamed else answer_type(accept)
        reply: Reply | EventStream
        try:
            body = await self._body(receive)  # read even if it is refused: closing on unread bytes loses the answer
            _check_head(scope, head, media)
            if streamed:
                reply = await self._stream(body, head, receive)
            else:
                reply = await self._timed(body, head, media or AnswerType.JSON)
        except ClientGone:
            return
        except _Refused as refused:
            reply = _errors(refused.status, refused.faults, head, media, refused.headers)
        await reply.send(send)

    async def _timed(self, body: bytes, head: Head, media: AnswerType) -> Reply:
        began = perf_counter()
        try:
            reply = await self._reply(request_of(body), head, media)
        except Rejected as rejected:
            reply = _errors(_status(rejected.faults[0].code, media), rejected.faults, head, media)
        SECONDS.observe(perf_counter() - began)
        return reply

    async def _body(self, receive: Receive) -> bytes:
        try:
            return await read_body(receive, self._max_body_bytes, self._body_seconds)
        except BodyTooLarge:
            limit = self._max_body_bytes
            raise _Refused(
                413, ErrorCode.TOO_LARGE, f"请求体超过{limit}字节。", f"The body exceeds {limit} bytes.", CLOSE
            ) from None
        except BodyTooSlow:
            raise _Refused(
                408, ErrorCode.TIMEOUT, "请求体未及时送达。", "The body did not arrive in time.", CLOSE
            ) from None

    async def _reply(self, request: Request, head: Head, media: AnswerType) -> Reply:
        admitted = await self._admit(head)
        operation = self._engine.admit(request)
        if operation.kind is OperationType.SUBSCRIPTION:
            raise bad_request(
                "订阅须通过WebSocket（graphql-transport-ws）或text/event-stream进行。",
                "Subscriptions need a websocket (graphql-transport-ws), or `Accept: text/event-stream`.",
            )
        call = self._call(admitted, head)
        answer = await self._engine.answer(operation, request.variables, call)
        REQUESTS.labels("http", "errors" if "errors" in answer else "data").inc()
        return Reply(200, orjson.dumps(answer), media.header)

    async def _stream(self, body: bytes, head: Head, receive: Receive) -> Reply | EventStream:
        """The answers as events; an answer under a status of its own where nothing is executed."""
        try:
            request = request_of(body)
            admitted = await self._admit(head)
            operation = self._engine.admit(request)
        except Rejected as rejected:
            return _errors(_status(rejected.faults[0].code, AnswerType.JSON), rejected.faults, head, AnswerType.JSON)
        if not self._callers.enter(admitted.key):
            raise _Refused(429, ErrorCode.LIMIT_EXCEEDED, "打开的连接过多。", "Too many open connections.")
        call = self._call(admitted, head)
        return EventStream(
            self._answers(operation, request.variables, call),
            call,
            receive,
            self._drain,
            admitted.ends(self._clock),
            lambda: self._callers.leave(admitted.key),
        )

    async def _answers(
        self, operation: Operation, variables: Mapping[str, Any], call: Call
    ) -> AsyncGenerator[dict[str, Any], None]:
        if operation.kind is OperationType.SUBSCRIPTION:
            async with aclosing(self._engine.answers(operation, variables, call)) as answers:
                async for answer in answers:
                    REQUESTS.labels("sse", "errors" if "errors" in answer else "data").inc()
                    yield answer
        else:
            yield await self._engine.answer(operation, variables, call)

    def _call(self, admitted: Admitted, head: Head) -> Call:
        context = self._context_factory(admitted.principal, head.language, head.correlation_id)
        return Call(context, head.language, head.correlation_id)

    async def _admit(self, head: Head) -> Admitted:
        facts = RequestFacts(
            client=head.client,
            user_agent=head.text(b"user-agent"),
            correlation_id=head.correlation_id,
            language=head.language,
            transport=Transport.HTTP,
        )
        try:
            admission = await self._authenticate(bearer_token(head.text(b"authorization")), facts)
        except MalformedAuthorization:
            admission = Denied()
        if isinstance(admission, Denied):
            raise _Refused(
                401,
                ErrorCode.UNAUTHENTICATED,
                "登录已失效，请重新登录。",
                "The token is not valid. Sign in again.",
                (b"www-authenticate", b'Bearer error="invalid_token"'),
            )
        if isinstance(admission, Exhausted):
            raise _Refused(
                429, ErrorCode.LIMIT_EXCEEDED, "请求过于频繁。", "Too many requests.", (b"retry-after", b"1")
            )
        return admission


def failure(error: Exception, head: Head) -> Reply:
    """The answer to a request that broke on our side."""
    return _errors(500, exception_faults(error, head.correlation_id), head, AnswerType.JSON)


def malformed(head: Head) -> Reply:
    """The answer to a head that two servers might read differently."""
    fault = Fault(ErrorCode.BAD_REQUEST, "请求头有误。", "The head of the request is malformed.")
    return _errors(400, (fault,), head, AnswerType.JSON, (CLOSE,))


def _check_head(scope: Scope, head: Head, media: AnswerType | None) -> None:
    if scope["method"] != "POST":
        raise _Refused(405, ErrorCode.BAD_REQUEST, "只接受POST请求。", "Only POST is accepted.", (b"allow", b"POST"))
    if not is_json(head.headers.get(b"content-type", b"")):
        raise _Refused(415, ErrorCode.BAD_REQUEST, "请求体须为application/json。", "The body must be application/json.")
    if head.headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise _Refused(415, ErrorCode.BAD_REQUEST, "请求体不得压缩。", "The body must not be compressed.")
    if media is None:
        raise _Refused(
            406,
            ErrorCode.BAD_REQUEST,
            "只提供application/graphql-response+json与application/json。",
            "Only application/graphql-response+json and application/json are offered.",
        )


def _status(code: ErrorCode, media: AnswerType) -> int:
    if media is AnswerType.LEGACY and code in _UNDER_200_FOR_LEGACY:
        return 200
    return _STATUS.get(code, 400)


def _errors(
    status: int, faults: Sequence[Fault], head: Head, media: AnswerType | None, headers: Sequence[Header] = ()
) -> Reply:
    REQUESTS.labels("http", faults[0].code.value.lower()).inc()
    body = orjson.dumps({"errors": answer_errors(faults, head.language, head.correlation_id)})
    return Reply(status, body, (media or AnswerType.JSON).header, headers)
