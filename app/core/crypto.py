"""Keyed and salted digests: cursors, the search index, the chains."""

import hashlib
import hmac
import secrets

SALT_BYTES = 16


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def salted_digest(salt: bytes, data: bytes) -> str:
    """SHA-256 over salt and data, in hex. Without the salt, a short text could be found by trying."""
    return hashlib.sha256(salt + data).hexdigest()


def mac(key: bytes, data: bytes, size: int = 16) -> bytes:
    """The first `size` bytes of HMAC-SHA-256."""
    return hmac.new(key, data, hashlib.sha256).digest()[:size]


def same(left: bytes, right: bytes) -> bool:
    return hmac.compare_digest(left, right)
