"""The arithmetic of the chains: each link hashes its own fields and the hash of the link before it."""

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

GENESIS = "0" * 64  # what the first link of a chain refers to


class AccessOutcome(StrEnum):
    """What the access log notes."""

    READ = "READ"  # a restricted item was shown
    DENIED = "DENIED"  # a rule refused an act


def digest_of(fields: Mapping[str, Any]) -> str:
    """SHA-256 in hex over the fields as canonical JSON (sorted keys, UTC instants, UUIDs as text)."""
    canonical = orjson.dumps(fields, default=_uuid_text, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)
    return hashlib.sha256(canonical).hexdigest()


def _uuid_text(value: Any) -> str:
    if isinstance(value, UUID):  # a driver's own subclass, which orjson does not know
        return str(value)
    raise TypeError(type(value))


def link(previous: str, fields: Mapping[str, Any]) -> str:
    """The hash of a link."""
    return digest_of({**fields, "previous": previous})


def first_broken(links: Iterable[tuple[str, str, Mapping[str, Any]]]) -> int | None:
    """Index of the first link that does not follow from its predecessor; None when the chain holds.

    `links` yields (previous, hash, fields) in order.
    """
    expected = GENESIS
    for index, (previous, found, fields) in enumerate(links):
        if previous != expected or link(previous, fields) != found:
            return index
        expected = found
    return None
