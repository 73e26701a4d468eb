"""Pages: what a client may ask of a long list, and cursors that nobody but this server can have written."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import orjson

from app.core.crypto import mac, same
from app.core.refusals import Problems, RefusalCode

DEFAULT_PAGE = 50
MAX_PAGE = 100
_MAC_BYTES = 16

# A value of a cursor is JSON; what JSON has no word for travels as a string that begins with its letter.
_TYPES: tuple[tuple[str, type[Any], Any, Any], ...] = (
    ("s", str, str, str),
    ("u", UUID, lambda value: value.hex, UUID),
    ("t", datetime, datetime.isoformat, datetime.fromisoformat),
    ("d", date, date.isoformat, date.fromisoformat),
    ("h", time, time.isoformat, time.fromisoformat),
)
_READERS = {letter: read for letter, _, _, read in _TYPES}


class Cursors:
    """Writes and reads cursors. They carry the sort values of a visible row and its id, never a position."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def write(self, scope: str, values: Sequence[Any]) -> str:
        """The cursor of a row in one list and one order, which `scope` names."""
        payload = orjson.dumps([_to_json(value) for value in values])
        return _text(self._mac(scope, payload) + payload)

    def read(self, scope: str, cursor: str) -> tuple[Any, ...] | None:
        """The values of a cursor; None for anything that `write` would not have written for this scope."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        code, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if _text(raw) != cursor or not same(code, self._mac(scope, payload)):
            return None
        return tuple(_from_json(value) for value in orjson.loads(payload))

    def _mac(self, scope: str, payload: bytes) -> bytes:
        return mac(self._key, b"cursor\0" + scope.encode() + b"\0" + payload, _MAC_BYTES)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of an ordered list: `size` rows beyond `start`, which holds the values of a cursor."""

    size: int = DEFAULT_PAGE
    backward: bool = False
    start: tuple[Any, ...] | None = None


def requested_page(
    cursors: Cursors,
    scope: str,
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Page:
    """The page that a client asks for: forwards by `first` and `after`, or backwards by `last` and `before`."""
    problems = Problems()
    backward = first is None and (last is not None or before is not None)
    name, cursor = ("before", before) if backward else ("after", after)
    size = last if backward else first
    for wrong, value in (("after", after),) if backward else (("last", last), ("before", before)):
        problems.check(value is None, RefusalCode.NOT_APPLICABLE, wrong)
    problems.check(
        size is None or 0 <= size <= MAX_PAGE,
        RefusalCode.OUT_OF_RANGE,
        "last" if backward else "first",
        low=0,
        high=MAX_PAGE,
    )
    start = None if cursor is None else cursors.read(scope, cursor)
    problems.check(cursor is None or start is not None, RefusalCode.BAD_CURSOR, name)
    problems.raise_if_any()
    return Page(DEFAULT_PAGE if size is None else size, backward, start)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _to_json(value: Any) -> Any:
    for letter, kind, write, _ in _TYPES:
        if isinstance(value, kind):
            return letter + write(value)
    return value


def _from_json(value: Any) -> Any:
    return _READERS[value[0]](value[1:]) if isinstance(value, str) else value
