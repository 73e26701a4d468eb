"""Where a database stands against this code. Read from the migrations as text: alembic is needed to run them only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from app.core.database import Database
from app.core.paths import shipped

_REVISION = re.compile(r"^revision = [\"'](\w+)[\"']$", re.MULTILINE)
_DOWN_REVISION = re.compile(r"^down_revision = (?:None|[\"'](\w+)[\"'])$", re.MULTILINE)


class SchemaState(StrEnum):
    """The database against this code: up to date, in need of `migrate up`, or written by newer code."""

    CURRENT = "current"
    BEHIND = "behind"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Status:
    """Where a database stands."""

    state: SchemaState
    applied: str | None
    newest: str | None
    pending: tuple[str, ...]


async def status(database: Database) -> Status:
    """Compare the database with this code; changes nothing."""
    async with database.reader.connect() as connection:
        return await connection.run_sync(status_of)


def status_of(connection: Connection) -> Status:
    known = _revisions(shipped("migrations") / "versions")
    newest = known[-1] if known else None
    applied = _applied(connection)
    if applied is not None and applied not in known:
        return Status(SchemaState.UNKNOWN, applied, newest, ())
    pending = tuple(known[known.index(applied) + 1 :]) if applied else tuple(known)
    return Status(SchemaState.BEHIND if pending else SchemaState.CURRENT, applied, newest, pending)


def _applied(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    applied: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return applied


def _revisions(folder: Path) -> Sequence[str]:
    """All revisions, the oldest first. They form one chain."""
    after: dict[str | None, str] = {}
    files = sorted(folder.glob("*.py"))
    for file in files:
        source = file.read_text(encoding="utf-8")
        revision, before = _REVISION.search(source), _DOWN_REVISION.search(source)
        if revision is None or before is None:
            raise ValueError(f"{file.name} names no revision")
        after[before[1]] = revision[1]
    chain: list[str] = []
    while (following := after.get(chain[-1] if chain else None)) is not None:
        chain.append(following)
    if len(chain) != len(files):
        raise ValueError("the migrations do not form one chain")
    return chain
