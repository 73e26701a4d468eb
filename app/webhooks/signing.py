"""Signatures of Standard Webhooks. Secrets are derived from the key of the installation, so that no table holds one."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from app.core.crypto import mac

_PREFIX = "whsec_"
_BYTES = 32


def secret_of(key: bytes, endpoint_id: UUID, generation: int) -> bytes:
    return mac(key, b"webhook:%b:%d" % (endpoint_id.bytes, generation), _BYTES)


def told(secret: bytes) -> str:
    """As the libraries of receivers read it."""
    return _PREFIX + base64.b64encode(secret).decode()


def headers(message_id: str, at: datetime, body: bytes, secrets: Iterable[bytes]) -> dict[str, str]:
    """The id is the same however often a message comes; the time is that of the attempt."""
    seconds = int(at.timestamp())
    signed = b"%b.%d.%b" % (message_id.encode(), seconds, body)
    signatures = [base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode() for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
