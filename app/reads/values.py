"""From what a driver gives to what an answer holds: the conversion of each column, chosen once for each plan.

Instants, days and times of day are handed on as they are: orjson writes them as `isoformat` does.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import orjson
from sqlalchemy import JSON, Boolean, Date, Dialect, Enum, Integer, String, Text, Time, Uuid
from sqlalchemy.types import TypeEngine

from app.core.database import LevelType, UTCDateTime
from app.core.ids import write_id
from app.core.prepared import reader_of
from app.reads.sets import POSTGRESQL

Convert: TypeAlias = Callable[[Any], Any] | Mapping[Any, Any]  # a closed set of values is looked up
Serialize: TypeAlias = Callable[[Any], Any]

_WRITTEN_BY_ORJSON = (UTCDateTime, Date, Time)
_SAME_EVERYWHERE = (String, Text, Integer)


def value_of(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """How a column's raw value becomes the value that Python code knows; None where it is that already."""
    if isinstance(kind, JSON):
        return orjson.loads
    read = reader_of(kind, dialect)
    if read is None:
        return None
    closed = _closed(kind)
    if closed is not None:
        return {None: None, **{raw: read(raw) for raw in closed}}
    return None if dialect.name == POSTGRESQL and isinstance(kind, _WRITTEN_BY_ORJSON) else read


def answer_of(kind: TypeEngine[Any], dialect: Dialect, serialize: Serialize) -> Convert | None:
    """How a column's raw value becomes that of a field which `serialize` writes; None where it is that already."""
    read = reader_of(kind, dialect)
    closed = _closed(kind)
    if closed is not None and read is not None:
        return {None: None, **{raw: serialize(read(raw)) for raw in closed}}
    if isinstance(kind, _WRITTEN_BY_ORJSON):
        return value_of(kind, dialect)
    if isinstance(kind, Boolean):
        return None if dialect.name == POSTGRESQL else bool
    if isinstance(kind, _SAME_EVERYWHERE) and read is None:
        return None
    return serialize if read is None else lambda raw: serialize(read(raw))


def id_of(kind: TypeEngine[Any], dialect: Dialect, tag: str) -> Convert:
    """How a raw key becomes a global id."""
    if not isinstance(kind, Uuid):
        raise TypeError(f"a key of {kind}")
    if dialect.name == POSTGRESQL:
        return lambda raw: write_id(tag, raw.bytes)
    return lambda raw: write_id(tag, bytes.fromhex(raw))


def _closed(kind: TypeEngine[Any]) -> list[Any] | None:
    """All raw values of a closed enumeration."""
    if isinstance(kind, Enum):
        return list(kind.enums)
    return [int(level) for level in kind.levels] if isinstance(kind, LevelType) else None
