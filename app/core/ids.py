"""Identifiers: random UUIDs inside, opaque tagged strings outside."""

import base64
import binascii
import uuid
from binascii import b2a_base64
from collections.abc import Callable
from uuid import UUID

_source: Callable[[], UUID] = uuid.uuid4  # noqa: TID251  # v4 on purpose: v7 would show when a hidden row was made
_UUID_BYTES = 16
_ID_CHARACTERS = 22
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def new_id() -> UUID:
    return _source()


def set_id_source(source: Callable[[], UUID] | None) -> None:
    """Replace the random source. Only twin-world tests do, to make two worlds comparable byte for byte."""
    global _source  # noqa: PLW0603
    _source = source or uuid.uuid4  # noqa: TID251


def encode_id(tag: str, key: UUID) -> str:
    """The global id of a row: kind tag, underscore, base64url of the UUID's 16 bytes (22 characters)."""
    return write_id(tag, key.bytes)


def write_id(tag: str, key: bytes) -> str:
    """The global id of the row whose UUID has these 16 bytes."""
    text = b2a_base64(key, newline=False)[:_ID_CHARACTERS]
    return f"{tag}_{text.translate(_URL_SAFE).decode()}"


def decode_id(value: str) -> tuple[str, UUID] | None:
    """Tag and key of a global id; None for anything that `encode_id` would not have written."""
    tag, _, text = value.partition("_")
    try:
        raw = base64.b64decode(text + "==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _UUID_BYTES:
        return None
    key = UUID(bytes=raw)
    return (tag, key) if encode_id(tag, key) == value else None
