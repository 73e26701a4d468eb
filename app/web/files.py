"""POST /files?name= and GET /files/{id}: the bytes of stored files, which GraphQL names but does not carry."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import quote

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.core.ids import decode_id, encode_id
from app.core.refusals import Refusal, RefusalCode, RefusalKind, invalid, not_found
from app.files.service import StoreFile, read_file, store_file
from app.graphql.errors import ErrorCode, Fault, Rejected, answer_errors, refusal_faults
from app.web.authentication import (
    Authenticate,
    ContextFactory,
    Denied,
    Exhausted,
    MalformedAuthorization,
    RequestFacts,
    Transport,
    bearer_token,
)
from app.web.bodies import BodyTooLarge, BodyTooSlow, ClientGone, read_body
from app.web.head import head_of

_TAG = "file"
_BODY_SECONDS = 120.0
_STATUS = {
    RefusalKind.INVALID: 400,
    RefusalKind.NOT_ALLOWED: 403,
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.CONFLICT: 409,
}
_NO_TOKEN = Rejected(
    Fault(ErrorCode.UNAUTHENTICATED, "登录已失效，请重新登录。", "The token is not valid. Sign in again.")
)
_TOO_OFTEN = Rejected(Fault(ErrorCode.LIMIT_EXCEEDED, "请求过于频繁。", "Too many requests."))
_TOO_SLOW = Fault(ErrorCode.TIMEOUT, "请求体未及时送达。", "The body did not arrive in time.")

Handler = Callable[[Request], Awaitable[Response]]


def file_routes(authenticate: Authenticate, context_factory: ContextFactory, *, max_file_bytes: int) -> list[BaseRoute]:
    """Both routes, for whoever assembles the application."""
    files = _Files(authenticate, context_factory, max_file_bytes)
    return [
        Route("/files", _answering(files.store), methods=["POST"]),
        Route("/files/{id}", _answering(files.give), methods=["GET"]),
    ]


class _Files:
    def __init__(self, authenticate: Authenticate, context_factory: ContextFactory, max_file_bytes: int) -> None:
        self._authenticate = authenticate
        self._context_factory = context_factory
        self._max_file_bytes = max_file_bytes

    async def store(self, request: Request) -> Response:
        """201 with the id to refer to. Who asks is known before the body is read: it may be large."""
        context = await self._context(request)
        caller = context.actor
        command = StoreFile(
            name=request.query_params.get("name", ""),
            media_type=request.headers.get("content-type", ""),
            data=await self._body(request),
            max_bytes=self._max_file_bytes,
        )
        async with context.workplace.open(caller, context.policy, correlation_id=context.correlation_id) as work:
            stored = await store_file(work, command)
        return _json(201, {"id": encode_id(_TAG, stored.id), "size": stored.size, "sha256": stored.sha256})

    async def give(self, request: Request) -> Response:
        """The bytes, to be saved and never shown: whatever they hold, a browser runs none of it."""
        context = await self._context(request)
        decoded = decode_id(request.path_params["id"])
        if decoded is None or decoded[0] != _TAG:
            raise not_found()
        async with context.workplace.open(context.actor, context.policy, correlation_id=context.correlation_id) as work:
            file = await read_file(work, decoded[1])
        headers = {
            "content-disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "content-security-policy": "default-src 'none'; sandbox",
            "cache-control": "no-store",
        }
        return Response(file.data, headers=headers, media_type=file.media_type)

    async def _context(self, request: Request) -> Any:
        head = head_of(request.scope)
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
            raise _NO_TOKEN from None
        if isinstance(admission, Denied):
            raise _NO_TOKEN
        if isinstance(admission, Exhausted):
            raise _TOO_OFTEN
        return self._context_factory(admission.principal, head.language, head.correlation_id)

    async def _body(self, request: Request) -> bytes:
        try:
            return await read_body(request.receive, self._max_file_bytes, _BODY_SECONDS)
        except BodyTooLarge:
            raise invalid(RefusalCode.FILE_TOO_LARGE, "input", "file", limit=self._max_file_bytes) from None


def _answering(handler: Handler) -> Handler:
    """The handler, with every expected no written as GraphQL's endpoint writes it."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Refusal as refusal:
            too_large = any(problem.code is RefusalCode.FILE_TOO_LARGE for problem in refusal.problems)
            return _errors(request, 413 if too_large else _STATUS[refusal.kind], refusal_faults(refusal))
        except Rejected as rejected:
            return _errors(request, 429 if rejected is _TOO_OFTEN else 401, rejected.faults)
        except BodyTooSlow:
            return _errors(request, 408, (_TOO_SLOW,))
        except ClientGone:
            return Response(status_code=400)  # nobody reads it

    return answer


def _errors(request: Request, status: int, faults: Sequence[Fault]) -> Response:
    head = head_of(request.scope)
    return _json(status, {"errors": answer_errors(faults, head.language, head.correlation_id)})


def _json(status: int, body: Any) -> Response:
    headers = {"cache-control": "no-store"}
    return Response(orjson.dumps(body), status_code=status, headers=headers, media_type="application/json")
