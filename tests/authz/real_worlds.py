"""Random rows for all real tables that rules speak of, with ids from small pools, so that things belong together."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, DateTime, Enum, Integer, LargeBinary, MetaData, Table, Time, Uuid, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import JSON, TypeEngine

from app.acts.models import Decision
from app.authz import MACHINE, Actor, ActorKind, Grant, Role
from app.authz.conditions import Related, nodes, table_of
from app.core.database import LevelType, UTCDateTime
from app.core.levels import Classification
from tests.authz.shipped import OBJECT_TYPES

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
_INSTANTS = [NOW - timedelta(microseconds=1), NOW, NOW + timedelta(microseconds=1)]
_PER_TABLE = 4
_LEVELS = [Classification.PUBLIC, Classification.INTERNAL, Classification.WORK_SECRET]


def _pool(name: str, size: int = _PER_TABLE) -> list[UUID]:
    source = random.Random(name)
    return [UUID(int=source.getrandbits(128)) for _ in range(size)]


UNITS, PERSONS, ACCOUNTS = _pool("unit", 3), _pool("person", 3), _pool("account", 2)
_PEOPLE_COLUMNS = ("_by", "leader_id", "person_id", "handler_id", "holder_id")
_POOLS = {
    "unit_id": UNITS,
    "account_id": ACCOUNTS,
    "uploaded_by": ACCOUNTS,
    "case_id": _pool("supervision_case"),
    "assignment_id": _pool("assignment"),
    "report_id": _pool("report"),
    "document_id": _pool("document"),
    "talk_id": _pool("formal_talk"),
    "source_id": _pool("source"),
    "circular_id": _pool("circular"),
    "edition_id": _pool("circular_edition"),
    "proposal_id": _pool("accountability_proposal"),
    "accountability_id": _pool("accountability_proposal"),
    "signature_id": _pool(Decision.__tablename__),
    "subject_id": [
        *_pool("report", 2),
        *_pool("assignment", 2),
        *_pool("extension_request", 2),
        *_pool("circular", 2),
        *_pool("document_recipient", 2),
        *_pool("accountability_proposal", 2),
        *_pool("recorded_act", 2),
    ],
}
_WORDS = {
    "subject_kind": [
        "report",
        "assignment",
        "extension",
        "case",
        "circular",
        "document_recipient",
        "accountability",
        "recorded_act",
    ],
    "type": ["case.dispatched", "case.proposed", "report.submitted"],
    "role": [role.value for role in Role],
}

_ACTIONS = sorted(f"{name}.{verb}" for name, object_type in OBJECT_TYPES.items() for verb in object_type.actions)


def tables() -> list[Table]:
    """Every table of an object type, and every table that a condition looks into."""
    found: dict[str, Table] = {}
    for object_type in OBJECT_TYPES.values():
        found[object_type.model.__tablename__] = object_type.model.__table__
        for condition in object_type.conditions.values():
            for node in nodes(condition):
                if isinstance(node, Related):
                    found[table_of(node.link).name] = table_of(node.link)
    return list(found.values())


def bare_metadata() -> MetaData:
    """The same columns without keys and constraints, so that any row may stand beside any other."""
    bare = MetaData()
    for table in tables():
        Table(table.name, bare, *(Column(column.name, column.type, nullable=True) for column in table.columns))
    return bare


def fill(session: Session, source: random.Random) -> None:
    for table in tables():
        rows = [_row(table, index, source) for index in range(_PER_TABLE)]
        session.execute(insert(table), rows)


def _row(table: Table, index: int, source: random.Random) -> dict[str, Any]:
    return {column.name: _value(table, column, index, source) for column in table.columns}


def _value(table: Table, column: Column[Any], index: int, source: random.Random) -> Any:
    if column.name == "id" and isinstance(column.type, Uuid):
        own = {"unit": UNITS, "person": PERSONS, "account": ACCOUNTS}.get(table.name, _pool(table.name))
        return own[index] if index < len(own) else UUID(int=source.getrandbits(128))
    if column.nullable and source.random() < 0.25:
        return None
    return _filled(column, source)


def _filled(column: Column[Any], source: random.Random) -> Any:
    if isinstance(column.type, Uuid):
        people = column.name.endswith(_PEOPLE_COLUMNS) and column.name != "uploaded_by"
        return source.choice(PERSONS if people else _POOLS.get(column.name, PERSONS))
    if isinstance(column.type, LevelType):
        return source.choice(_LEVELS)
    if isinstance(column.type, Enum):
        return source.choice(list(column.type.python_type))
    if column.name in _WORDS:
        return source.choice(_WORDS[column.name])
    return _plain(column.type, source)


def _plain(kind: TypeEngine[Any], source: random.Random) -> Any:
    values: list[tuple[type[TypeEngine[Any]], list[Any]]] = [
        (Boolean, [True, False]),
        (UTCDateTime, _INSTANTS),
        (DateTime, _INSTANTS),
        (Date, [date(2026, 11, 23)]),
        (Time, [time(18, 0)]),
        (Integer, [1, 2]),
        (JSON, [[]]),
        (LargeBinary, [b""]),
    ]
    for sort, choices in values:
        if isinstance(kind, sort):
            return source.choice(choices)
    return "x"


def actor(source: random.Random) -> Actor:
    """Somebody with a few roles, for all or for one unit, some of them for one case only."""
    if source.random() < 0.05:
        return MACHINE
    roles = [role for role in Role if role not in {Role.ANYONE, Role.MACHINE}]
    grants = tuple(
        Grant(
            role,
            source.choice([None, *UNITS]),
            source.choice([None, None, None, None, *_POOLS["case_id"][:2]]),
            source.choice([None, *PERSONS]),
            frozenset(source.sample(_ACTIONS, len(_ACTIONS) // 2)),
        )
        for role in source.sample(roles, source.randint(1, 5))
    )
    units = source.sample(UNITS, source.randint(0, 2))
    return Actor(
        kind=source.choice([ActorKind.PERSON, ActorKind.PERSON, ActorKind.SERVICE]),
        account_id=source.choice(ACCOUNTS),
        person_id=source.choice([None, *PERSONS]),
        name="某人",
        clearance=source.choice(_LEVELS),
        unit_ids=frozenset(units),
        grants=grants,
        headed_unit_ids=frozenset(units[:1]),
        signing_unit_ids=frozenset(units),
    )
