"""How one run of migrations is configured. Connection, transaction and lock come from `app.core.migrate`."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.dialects.postgresql import JSONB

from app.core.database import Base, LevelType, UTCDateTime


def _written_as(kind: str, item: Any, drafted: AutogenContext) -> str | Literal[False]:
    """The project's column types as plain SQLAlchemy: a migration must not change when the code does."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, LevelType):
        return "sa.SmallInteger()"
    if kind == "type" and isinstance(item, JSONB):
        drafted.imports.add("from sqlalchemy.dialects import postgresql")
        return "postgresql.JSONB()"
    return False


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=_written_as,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
