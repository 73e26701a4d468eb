"""What an outside system proves itself with: a short text signed with its own key (`private_key_jwt`, RFC 7523).

Everything in it is pinned: algorithm, audience, issuer and subject, its time, and an id that is good for one use.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from app.identity.tokens import ALGORITHM, LEEWAY

TOKEN_PATH = "/oauth/token"  # noqa: S105
LONGEST_LIFE = timedelta(hours=1)
_CLAIMS = ["aud", "exp", "iss", "jti", "sub"]
_TYPES = frozenset({None, "JWT", "jwt", "client-authentication+jwt"})
_LONGEST_TEXT, _LONGEST_ID = 4_096, 200


@dataclass(frozen=True, slots=True)
class Assertion:
    """A verified one. Its id must not be seen again before `forgotten_at`."""

    digest: str
    forgotten_at: datetime


def audiences_of(issuer: str) -> frozenset[str]:
    """Whom an assertion may name as its reader: this server, or its token end point where the issuer is a URL."""
    return frozenset({issuer, f"{issuer.rstrip('/')}{TOKEN_PATH}"})


def claimed_client(text: str) -> str | None:
    """Who an assertion says it is of. Nothing is verified yet; None where it says nothing readable."""
    if len(text) > _LONGEST_TEXT or not text.isascii():
        return None
    try:
        client = jwt.decode(text, options={"verify_signature": False}).get("iss")
    except jwt.InvalidTokenError:
        return None
    return client if isinstance(client, str) else None


def read_assertion(
    text: str, key: EllipticCurvePublicKey, client: str, audiences: Collection[str], real_now: datetime
) -> Assertion | None:
    """The assertion of this client under this key, if it is good now; None whatever is wrong with it."""
    try:
        header = jwt.get_unverified_header(text)
        claims = jwt.decode(
            text,
            key,
            algorithms=[ALGORITHM],
            issuer=client,
            subject=client,
            options={
                "require": _CLAIMS,
                "enforce_minimum_key_length": True,
                "verify_aud": False,  # compared below: exactly one, and it is ours
                "verify_exp": False,  # by the clock of the caller
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.InvalidTokenError:
        return None
    if header.get("typ") not in _TYPES or not _is_for(claims["aud"], audiences) or not _is_id(claims["jti"]):
        return None
    ends = _end(claims, real_now)
    if ends is None:
        return None
    return Assertion(hashlib.sha256(claims["jti"].encode()).hexdigest(), ends + LEEWAY)


def _is_for(audience: Any, audiences: Collection[str]) -> bool:
    named = audience if isinstance(audience, list) else [audience]
    return len(named) == 1 and isinstance(named[0], str) and named[0] in audiences


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and value.isprintable()


def _end(claims: dict[str, Any], real_now: datetime) -> datetime | None:
    """Until when it is good: neither past nor further away than the memory of its id reaches."""
    now = real_now.timestamp()
    times = [claims.get(name, now) for name in ("iat", "nbf")]
    expires = claims["exp"]
    if any(type(one) not in (int, float) for one in (*times, expires)):
        return None
    leeway = LEEWAY.total_seconds()
    if not all(one <= now + leeway for one in times):
        return None
    if not now - leeway < expires <= now + LONGEST_LIFE.total_seconds() + leeway:
        return None
    return datetime.fromtimestamp(expires, UTC)
