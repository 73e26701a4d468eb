"""What every server that is compared does before it answers: verify the token, read the caller in one statement."""

import os
import time
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

HERE = Path(__file__).parent
DATABASE_URL = os.environ["BENCH_DATABASE_URL"]
PRINCIPAL = (HERE / "principal.sql").read_text()
SESSION_SETTINGS = {"timezone": "UTC", "jit": "off"}


class Claims(NamedTuple):
    session_id: UUID
    account_id: UUID
    expires: float


class Caller(NamedTuple):
    """`handles`: the units for which he handles; `posts`: all units in which he holds a post."""

    person_id: UUID
    name: str
    clearance: int
    posts: list[UUID]
    handles: list[UUID]


class DeniedError(Exception):
    """The server answers 401."""


def _public_key() -> Any:
    key = load_pem_private_key(Path(os.environ["BENCH_TOKEN_KEY"]).read_bytes(), password=None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key.public_key()


_KEY = _public_key()
_verified: dict[str, Claims] = {}


def claims_of(authorization: str) -> Claims:
    """A verified token is remembered, so that its signature costs once."""
    claims = _verified.get(authorization)
    if claims is None:
        payload = jwt.decode(
            authorization.removeprefix("Bearer "), _KEY, algorithms=["ES256"], audience="duban-api", issuer="duban"
        )
        claims = Claims(UUID(payload["sid"]), UUID(payload["sub"]), payload["exp"])
        _verified[authorization] = claims
    if claims.expires < time.time():
        raise DeniedError
    return claims


def caller_of(row: Any) -> Caller:
    """A row of `PRINCIPAL`."""
    if row is None or not row["handles"]:
        raise DeniedError
    return Caller(row["person_id"], row["name"], row["clearance"], row["posts"], row["handles"])
