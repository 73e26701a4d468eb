"""Access tokens: signed with ES256, read by exactly one function with everything pinned.

They say who and which session. Roles, clearance and policy version are never in them: those are read with the
principal on each request.
"""

import base64
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey

from app.core.ids import new_id
from app.core.settings import Settings
from app.identity.token_keys import accepted_key, key_id, signing_key

ALGORITHM = "ES256"
TOKEN_TYPE = "at+jwt"  # noqa: S105  # RFC 9068
LONGEST_LIFE = timedelta(minutes=15)
LEEWAY = timedelta(seconds=30)  # clocks of several API machines differ
_CLAIMS = ["exp", "iat", "nbf", "aud", "iss", "sub", "jti", "sid"]
_TIMES = ("exp", "iat", "nbf")
_HEADERS = frozenset({"alg", "kid", "typ"})
_LONGEST_TEXT = 2048
_REFRESH_BYTES = 32


class TokenFault(StrEnum):
    """Why a token is not taken. A client refreshes on EXPIRED and REVOKED, and signs in anew on the others."""

    MALFORMED = "MALFORMED"
    INVALID = "INVALID"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


class TokenRefusedError(Exception):
    """No principal comes out of this token. The web layer answers 401."""

    def __init__(self, fault: TokenFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class AccessToken:
    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says."""

    account_id: UUID
    session_id: UUID
    token_id: UUID
    not_before: datetime
    expires_at: datetime


class Tokens:
    """Signs with one key; accepts it and those `also_accepted` (the next key, or the last one, during a rotation).

    Rotation: announce the next public key everywhere, then sign with it while the old public key stays accepted, and
    drop that one after the longest life of a token.
    """

    def __init__(
        self,
        signing_key: EllipticCurvePrivateKey,
        *,
        issuer: str,
        audience: str,
        lifetime: timedelta,
        also_accepted: Iterable[EllipticCurvePublicKey] = (),
        remembered: int = 4096,
    ) -> None:
        if not timedelta() < lifetime <= LONGEST_LIFE:
            raise ValueError(f"an access token lives at most {LONGEST_LIFE}")
        self._signing_key = signing_key
        self._signing_key_id = key_id(signing_key.public_key())
        self._keys = {key_id(key): key for key in (signing_key.public_key(), *also_accepted)}
        self.issuer, self.lifetime = issuer, lifetime
        self._audience = audience
        self._verified = _Memory(remembered)

    @classmethod
    def from_settings(cls, settings: Settings) -> "Tokens":
        """SettingsError where a key is missing or is not what it should be."""
        second = accepted_key(settings)
        return cls(
            signing_key(settings),
            issuer=settings.issuer,
            audience=settings.audience,
            lifetime=timedelta(seconds=settings.access_token_seconds),
            also_accepted=() if second is None else (second,),
        )

    def issue(self, account_id: UUID, session_id: UUID, real_now: datetime, not_after: datetime) -> AccessToken:
        """A token for a session, never outliving it (`not_after`)."""
        issued = int(real_now.timestamp())
        expires = min(issued + int(self.lifetime.total_seconds()), int(not_after.timestamp()))
        claims = {
            "iss": self.issuer,
            "aud": self._audience,
            "sub": str(account_id),
            "sid": str(session_id),
            "jti": str(new_id()),
            "iat": issued,
            "nbf": issued,
            "exp": expires,
        }
        headers = {"typ": TOKEN_TYPE, "kid": self._signing_key_id}
        return AccessToken(jwt.encode(claims, self._signing_key, ALGORITHM, headers), _instant(expires))

    def read(self, text: str, real_now: datetime) -> Claims:
        """The claims of a token that is valid now. A verified token is remembered, so that its signature costs once."""
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        claims = self._verified.get(digest)
        if claims is None:
            claims = self._decode(text)
            _check_time(claims, real_now)
            self._verified.put(digest, claims)
        else:
            _check_time(claims, real_now)
        return claims

    def _decode(self, text: str) -> Claims:
        """The only place where a token is verified; `_check_time` compares it with the caller's clock."""
        if len(text) > _LONGEST_TEXT or not text.isascii():
            raise TokenRefusedError(TokenFault.MALFORMED)
        try:
            payload = jwt.decode(
                text,
                self._key_for(text),
                algorithms=[ALGORITHM],
                audience=self._audience,
                issuer=self.issuer,
                options={
                    "require": _CLAIMS,
                    "strict_aud": True,
                    "enforce_minimum_key_length": True,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.DecodeError as error:
            malformed = not isinstance(error, jwt.InvalidSignatureError)
            raise TokenRefusedError(TokenFault.MALFORMED if malformed else TokenFault.INVALID) from error
        except jwt.InvalidTokenError as error:
            raise TokenRefusedError(TokenFault.INVALID) from error
        return _claims(payload)

    def _key_for(self, text: str) -> EllipticCurvePublicKey:
        header = jwt.get_unverified_header(text)
        key = self._keys.get(header.get("kid", ""))
        if frozenset(header) != _HEADERS or header["typ"] != TOKEN_TYPE or key is None:
            raise TokenRefusedError(TokenFault.INVALID)
        return key


class _Memory:
    """Verified tokens by SHA-256, the least recently used forgotten first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._claims: OrderedDict[bytes, Claims] = OrderedDict()

    def get(self, digest: bytes) -> Claims | None:
        found = self._claims.get(digest)
        if found is not None:
            self._claims.move_to_end(digest)
        return found

    def put(self, digest: bytes, claims: Claims) -> None:
        self._claims[digest] = claims
        if len(self._claims) > self._size:
            self._claims.popitem(last=False)


def _claims(payload: dict[str, Any]) -> Claims:
    expires, issued, not_before = (payload[name] for name in _TIMES)
    whole_seconds = all(type(payload[name]) is int for name in _TIMES)
    if not whole_seconds or not issued <= not_before < expires <= issued + LONGEST_LIFE.total_seconds():
        raise TokenRefusedError(TokenFault.INVALID)
    try:
        return Claims(
            account_id=UUID(payload["sub"]),
            session_id=UUID(payload["sid"]),
            token_id=UUID(payload["jti"]),
            not_before=_instant(not_before),
            expires_at=_instant(expires),
        )
    except (ValueError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise TokenRefusedError(TokenFault.INVALID) from error


def _check_time(claims: Claims, real_now: datetime) -> None:
    if real_now >= claims.expires_at + LEEWAY:
        raise TokenRefusedError(TokenFault.EXPIRED)
    if real_now < claims.not_before - LEEWAY:
        raise TokenRefusedError(TokenFault.INVALID)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def new_refresh_token() -> str:
    """256 random bits. Opaque: only its SHA-256 is stored."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_REFRESH_BYTES)).rstrip(b"=").decode()


def refresh_digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
