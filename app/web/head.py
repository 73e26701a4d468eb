"""The head of a request: its headers read once, the correlation id, the language, the client."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from starlette.types import Scope

from app.core.ids import new_id
from app.core.refusals import Language

# Two of any of these would let a proxy and this server read different requests.
_ONCE = frozenset({b"host", b"content-length", b"content-type", b"transfer-encoding", b"authorization", b"origin"})
_HOST = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_UUID = re.compile(rb"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KEY = "head"


@dataclass(frozen=True, slots=True)
class Head:
    """What every endpoint asks of a request. Repeated headers are joined by commas."""

    headers: Mapping[bytes, bytes]
    correlation_id: UUID
    language: Language
    client: str | None
    malformed: bool

    def text(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")


def read_head(scope: Scope) -> Head:
    """Read the head and leave it in the scope for `head_of`."""
    headers: dict[bytes, bytes] = {}
    malformed = False
    for name, value in scope["headers"]:
        if name in headers:
            malformed = malformed or name in _ONCE
            headers[name] += b", " + value
        else:
            headers[name] = value
    if not _HOST.fullmatch(headers.get(b"host", b"localhost")):
        malformed = True
    if b"transfer-encoding" in headers and b"content-length" in headers:
        malformed = True
    client = scope.get("client")
    head = Head(
        headers=headers,
        correlation_id=_correlation_id(headers.get(b"x-correlation-id", b"")),
        language=language_of(headers.get(b"accept-language", b"")),
        client=client[0] if client else None,
        malformed=malformed,
    )
    scope[_KEY] = head
    return head


def head_of(scope: Scope) -> Head:
    head = scope[_KEY]
    assert isinstance(head, Head)
    return head


def _correlation_id(value: bytes) -> UUID:
    return UUID(value.decode()) if _UUID.fullmatch(value) else new_id()


@lru_cache(maxsize=256)
def language_of(accept_language: bytes) -> Language:
    """The language that the client prefers of the two there are; Chinese when it prefers neither."""
    best, best_weight = Language.ZH, 0.0
    for tag, weight in weighted(accept_language):
        primary = tag.partition(b"-")[0]
        language = {b"zh": Language.ZH, b"en": Language.EN}.get(primary)
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best


def weighted(value: bytes) -> list[tuple[bytes, float]]:
    """The members of an Accept header in lower case, without parameters, with their `q`."""
    members = []
    for member in value.lower().split(b","):
        name, *parameters = (part.strip() for part in member.split(b";"))
        members.append((name, _weight(parameters)))
    return members


def _weight(parameters: list[bytes]) -> float:
    for parameter in parameters:
        if parameter.startswith(b"q="):
            return float(parameter[2:]) if re.fullmatch(rb"[01](?:\.[0-9]{0,3})?", parameter[2:]) else 0.0
    return 1.0
