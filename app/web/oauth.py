"""POST /oauth/token: access tokens for outside systems, as OAuth clients ask for them (RFC 6749 §4.4, RFC 7523)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.core.clock import Clock
from app.core.refusals import Refusal
from app.identity.assertions import TOKEN_PATH, claimed_client
from app.identity.tokens import AccessToken
from app.web.bodies import BodyTooLarge, BodyTooSlow, ClientGone, read_body
from app.web.floods import Rates

_FORM = "application/x-www-form-urlencoded"
_GRANT = "client_credentials"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_MAX_BODY, _BODY_SECONDS, _MAX_FIELDS = 16 * 1024, 10.0, 20
_A_SECOND, _AT_ONCE = 0.5, 10  # attempts of one client
_STATUS = {"invalid_client": 401, "slow_down": 429}
_HEADERS = {"slow_down": {"retry-after": f"{1 / _A_SECOND:.0f}"}}

SignIn = Callable[[str], Awaitable[AccessToken]]


class _Wrong(Exception):  # noqa: N818  # an answer
    """An error of RFC 6749 §5.2. The sentence is for the developer of the client and tells nothing of accounts."""

    def __init__(self, error: str, sentence: str) -> None:
        super().__init__(sentence)
        self.error = error


def token_routes(sign_in: SignIn, clock: Clock) -> list[BaseRoute]:
    """The token end point, for whoever assembles the application."""
    return [Route(TOKEN_PATH, _TokenEndpoint(sign_in, clock).answer, methods=["POST"])]


class _TokenEndpoint:
    def __init__(self, sign_in: SignIn, clock: Clock) -> None:
        self._sign_in, self._clock = sign_in, clock
        self._rates = Rates(_A_SECOND, _AT_ONCE)

    async def answer(self, request: Request) -> Response:
        try:
            token = await self._token(await _fields(request))
        except _Wrong as wrong:
            body = {"error": wrong.error, "error_description": str(wrong)}
            return _json(_STATUS.get(wrong.error, 400), body, _HEADERS.get(wrong.error))
        except ClientGone:
            return Response(status_code=400)  # nobody reads it
        return _json(200, _told(token, self._clock.real_now()))

    async def _token(self, fields: dict[str, str]) -> AccessToken:
        if fields.get("grant_type") != _GRANT:
            known = "grant_type" in fields
            raise _Wrong("unsupported_grant_type" if known else "invalid_request", f"grant_type must be {_GRANT}")
        if fields.get("client_assertion_type") != _ASSERTION or "client_assertion" not in fields:
            raise _Wrong("invalid_client", "prove yourself by a client_assertion (private_key_jwt, ES256)")
        if fields.get("scope"):
            raise _Wrong("invalid_scope", "no scope can be asked for: what a client may do is granted to it")
        client = claimed_client(fields["client_assertion"])
        if not self._rates.take(client, asyncio.get_running_loop().time()):
            raise _Wrong("slow_down", "too many attempts; a token is good for minutes")
        if fields.get("client_id", client) != client:
            raise _Wrong("invalid_client", "client_id is not the issuer of the assertion")
        try:
            return await self._sign_in(fields["client_assertion"])
        except Refusal:
            raise _Wrong("invalid_client", "the assertion was not accepted") from None


async def _fields(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise _Wrong("invalid_request", f"the body must be {_FORM}")
    try:
        body = await read_body(request.receive, _MAX_BODY, _BODY_SECONDS)
        pairs = parse_qsl(body.decode("ascii"), strict_parsing=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except (BodyTooLarge, BodyTooSlow, ValueError):
        raise _Wrong("invalid_request", "the body cannot be read") from None
    if len(dict(pairs)) != len(pairs):
        raise _Wrong("invalid_request", "no field may come twice")
    return dict(pairs)


def _told(token: AccessToken, real_now: datetime) -> dict[str, Any]:
    seconds = int((token.expires_at - real_now).total_seconds())
    return {"access_token": token.text, "token_type": "Bearer", "expires_in": seconds}


def _json(status: int, body: Any, more: Mapping[str, str] | None = None) -> Response:
    headers = {"cache-control": "no-store", "pragma": "no-cache", **(more or {})}
    return Response(orjson.dumps(body), status_code=status, headers=headers, media_type="application/json")
