"""What a transaction changed, taken from the session itself, so that no use case can forget a field.

Only plain columns count (ids, states, dates, numbers, flags), and texts marked RECORDED (a digest). Free text is a
reference to content and stays one.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from enum import IntEnum, StrEnum
from functools import cache, partial
from operator import attrgetter, methodcaller
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, ColumnDefault, Date, DateTime, Enum, Integer, SmallInteger, Time, Uuid, event, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.core.database import RECORDED, Base, LevelType

_KEY: Final = "changes"
_PLAIN = (Boolean, Date, DateTime, Enum, Integer, SmallInteger, Time, Uuid)
# Kept by the machinery itself, derived from what is recorded
_DERIVED = frozenset({"record_seq", "record_hash", "updated_at", "next_fire_at"})
_UNRECORDED_TABLES = frozenset(
    {"content", "event", "outbox", "case_record", "admin_record", "admin_chain", "access_log", "number_series",
     "search_token", "idempotency_key", "notification", "session", "refresh_token", "client_assertion",
     "case_participant", "evaluation_item", "evaluation_fact", "circular_edition",
     "circular_item"}
)  # fmt: skip

RowKey = tuple[str, ...]  # table and primary key, as an event writes them


def watch(session: AsyncSession) -> None:
    """Collect, flush by flush, what the session changes."""
    session.info[_KEY] = []
    event.listen(session.sync_session, "before_flush", _collect)


def take(session: AsyncSession) -> list[dict[str, Any]]:
    """The changes since the last call, as `Event.changes` stores them. The session must be flushed."""
    changes: list[dict[str, Any]] = session.info[_KEY]
    session.info[_KEY] = []
    return changes


def rows_of(changes: Sequence[Mapping[str, Any]]) -> set[RowKey]:
    """Which rows these changes are of."""
    return {(change["table"], *change["key"]) for change in changes}


def key_of(row: Any) -> RowKey:
    return row.__tablename__, *(plain(key) for key in inspect(row).mapper.primary_key_from_instance(row))


@cache
def plain_columns(mapper: Mapper[Any]) -> tuple[str, ...]:
    """Names of the columns of a table that events record."""
    recorded = (column for column in mapper.columns if _is_plain(column.type) or column.info == RECORDED)
    return tuple(column.key for column in recorded if column.key not in _DERIVED)


def insertion(model: type[Base], values: Mapping[str, Any]) -> dict[str, Any]:
    """The change that a row written in bulk stands for, in the shape in which a session's are collected."""
    recorded = _recorded_columns(model)
    fields = {
        name: [None, plain(value)] for name, value in values.items() if value is not None and name in recorded
    }  # fmt: skip
    return _change(model.__tablename__, (values["id"],), values.get("version"), fields)


def alteration(model: type[Base], key: UUID, fields: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """The change of an unversioned row altered in bulk, by field its value before and after."""
    altered = {name: [plain(before), plain(after)] for name, (before, after) in fields.items()}
    return _change(model.__tablename__, (key,), None, altered)


def plain(value: Any) -> Any:
    """A value as it stands in an event: JSON's own types, ISO 8601, UUID text."""
    kind = type(value)
    if kind not in _converters:
        _converters[kind] = _converter(kind)
    return _converters[kind](value)


_converters: dict[type, Callable[[Any], Any]] = {}  # the sweep converts some fifty values for each date it handles


def _converter(kind: type) -> Callable[[Any], Any]:
    if issubclass(kind, IntEnum):
        return int
    if issubclass(kind, StrEnum):
        return attrgetter("value")
    if issubclass(kind, UUID):
        return str
    if issubclass(kind, datetime):
        return _utc_text
    if issubclass(kind, date | time):
        return methodcaller("isoformat")
    return _same


def restored(column_type: TypeEngine[Any], value: Any) -> Any:
    """The value that an event wrote down, as the column holds it."""
    if value is None:
        return None
    inner = column_type.impl if isinstance(column_type, TypeDecorator) else column_type
    if isinstance(column_type, LevelType):
        return column_type.levels(value)
    if isinstance(inner, Enum):
        return inner.enum_class(value) if inner.enum_class else value
    for kind, read in _READ:
        if isinstance(inner, kind):
            return read(value)
    return value


_READ: tuple[tuple[type[Any], Callable[[str], Any]], ...] = (
    (Uuid, UUID),
    (DateTime, datetime.fromisoformat),
    (Date, date.fromisoformat),
    (Time, time.fromisoformat),
)


def _utc_text(value: datetime) -> str:
    """As the tables hold it, whatever offset a client wrote."""
    return value.astimezone(UTC).isoformat()


def _same(value: Any) -> Any:
    return value


@cache
def _recorded_columns(model: type[Base]) -> frozenset[str]:
    return frozenset(plain_columns(inspect(model)))


def _is_plain(column_type: Any) -> bool:
    return isinstance(column_type.impl if isinstance(column_type, TypeDecorator) else column_type, _PLAIN)


def _collect(session: Session, _context: Any, _instances: Any) -> None:
    for row in session.new:
        _fill_in(row)
    for row in sorted((*session.new, *session.dirty), key=_order):
        change = _change_of(row, is_new=row in session.new)
        if change is not None:
            session.info[_KEY].append(change)
    gone = (row for row in session.deleted if row.__tablename__ not in _UNRECORDED_TABLES)
    session.info[_KEY].extend(_deletion_of(row) for row in sorted(gone, key=_order))


def _deletion_of(row: Base) -> dict[str, Any]:
    """What a draft does not say any more: the row goes, the event keeps what it held."""
    mapper = inspect(row).mapper
    held = {name: plain(getattr(row, name)) for name in plain_columns(mapper)}
    fields = {name: [value, None] for name, value in held.items() if value is not None}
    change = _change(row.__tablename__, mapper.primary_key_from_instance(row), getattr(row, "version", None), fields)
    return {**change, "deleted": True}


def _fill_in(row: Base) -> None:
    # What a column's default would only supply at the INSERT, the key above all, belongs to the history too
    state = inspect(row)
    for name, default in _defaults(state.mapper):
        if state.dict.get(name) is None:
            setattr(row, name, default())


@cache
def _defaults(mapper: Mapper[Any]) -> tuple[tuple[str, Callable[[], Any]], ...]:
    found = ((column.key, column.default) for column in mapper.columns)
    return tuple((name, partial(_value_of, default)) for name, default in found if isinstance(default, ColumnDefault))


def _value_of(default: ColumnDefault) -> Any:
    return default.arg(None) if default.is_callable else default.arg


def _order(row: Any) -> tuple[str, str]:
    return row.__tablename__, str(inspect(row).mapper.primary_key_from_instance(row))


def _change_of(row: Base, *, is_new: bool) -> dict[str, Any] | None:
    if row.__tablename__ in _UNRECORDED_TABLES:
        return None
    state = inspect(row)
    fields: dict[str, list[Any]] = {}
    for name in plain_columns(state.mapper):
        history = state.attrs[name].history
        if not history.has_changes() and not is_new:
            continue
        after = plain(getattr(row, name))
        before = plain(history.deleted[0]) if history.deleted else None
        if before != after:
            fields[name] = [before, after]
    if not fields:
        return None
    keys = state.mapper.primary_key_from_instance(row)
    return _change(row.__tablename__, keys, getattr(row, "version", None), fields)


def _change(table: str, keys: Sequence[Any], version: int | None, fields: dict[str, list[Any]]) -> dict[str, Any]:
    return {"table": table, "key": [plain(key) for key in keys], "version": version, "fields": fields}
