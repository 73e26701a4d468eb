"""Media types: what a body may be, and what an answer is written as."""

from enum import Enum
from functools import lru_cache

from app.web.head import weighted

_GRAPHQL = b"application/graphql-response+json"
_JSON = b"application/json"
_UTF_8 = frozenset({b"utf-8", b'"utf-8"', b"utf8"})


class AnswerType(Enum):
    """How an answer is written. LEGACY is a client that knows application/json only and reads errors under 200."""

    GRAPHQL = "graphql"
    JSON = "json"
    LEGACY = "legacy"

    @property
    def header(self) -> bytes:
        return (_GRAPHQL if self is AnswerType.GRAPHQL else _JSON) + b"; charset=utf-8"


def is_json(content_type: bytes) -> bool:
    """Whether a body is JSON in UTF-8, by its exact media type: a substring would let forms and tricks pass."""
    name, *parameters = (part.strip() for part in content_type.lower().split(b";"))
    charsets = (parameter[8:] for parameter in parameters if parameter.startswith(b"charset="))
    return name == _JSON and all(charset in _UTF_8 for charset in charsets)


@lru_cache(maxsize=256)
def wants_events(accept: bytes | None) -> bool:
    """Whether answers shall come as server-sent events: where that type stands first.

    So ask clients of `graphql-sse`. Others name it last, for subscriptions, and mean JSON.
    """
    name, weight = weighted(accept)[0] if accept else (b"", 0.0)
    return name == b"text/event-stream" and weight > 0.0


@lru_cache(maxsize=256)
def answer_type(accept: bytes | None) -> AnswerType | None:
    """The answer's type by the Accept header; None if the client takes none of ours."""
    if not accept:
        return AnswerType.JSON
    weights = dict(weighted(accept))
    graphql = weights.get(_GRAPHQL, 0.0)
    json = weights.get(_JSON, weights.get(b"application/*", weights.get(b"*/*", 0.0)))
    if graphql == json == 0.0:
        return None
    if graphql >= json:
        return AnswerType.GRAPHQL
    return AnswerType.LEGACY if _JSON in weights and _GRAPHQL not in weights else AnswerType.JSON
