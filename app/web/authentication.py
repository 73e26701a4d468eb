"""What an endpoint needs to know of a caller. Who verifies tokens is given by the composition root."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.core.clock import Clock
from app.core.refusals import Language

_BEARER = re.compile(r"(?i:bearer) +([A-Za-z0-9._~+/-]+=*)")


class Transport(StrEnum):
    HTTP = "http"
    WEBSOCKET = "websocket"


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What is known of a request besides its token."""

    client: str | None
    user_agent: str
    correlation_id: UUID
    language: Language
    transport: Transport


@dataclass(frozen=True, slots=True)
class Admitted:
    """A caller, signed in or anonymous. What he holds open is counted by `key` and ends at `expires_at`."""

    principal: Any
    key: Hashable
    expires_at: datetime | None = None

    def ends(self, clock: Clock) -> float | None:
        """When the token ends, by the clock of the event loop."""
        if self.expires_at is None:
            return None
        return asyncio.get_running_loop().time() + (self.expires_at - clock.real_now()).total_seconds()


@dataclass(frozen=True, slots=True)
class Denied:
    """The token is bad, expired, revoked, or its account may not sign in. Why is not told."""


@dataclass(frozen=True, slots=True)
class Exhausted:
    """A caller who asks more often than he may. His next request may be answered."""


Authenticate = Callable[[str | None, RequestFacts], Awaitable[Admitted | Denied | Exhausted]]
ContextFactory = Callable[[Any, Language, UUID], Any]


class MalformedAuthorization(ValueError):  # noqa: N818  # said of the header
    """An Authorization header that holds no bearer token."""


def bearer_token(authorization: str) -> str | None:
    """The token of an Authorization header; None for an empty one."""
    if not authorization:
        return None
    match = _BEARER.fullmatch(authorization.strip())
    if match is None:
        raise MalformedAuthorization
    return match.group(1)
