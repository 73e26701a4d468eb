"""收件箱: the caller's own messages, newest first; and in the order in which they came, to be followed."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, bindparam, select

from app.authz import Actor
from app.events.feed import Numbered
from app.notifications.models import Notification
from app.reads.filters import Listing, Scope
from app.reads.keyset import Order, descending

_PERSON = "level_scope_person"
_TABLE: Table = Notification.metadata.tables[Notification.__tablename__]
# "inbx" in ASCII
PLACES = Numbered(
    _TABLE,
    0x696E6278,
    select(_TABLE.c.id, _TABLE.c.created_at).order_by(_TABLE.c.created_at, _TABLE.c.id),
    ("created_at", "id"),
)


def _mine(row: FromClause, _dialect: str) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = row.c.person_id == bindparam(_PERSON, type_=row.c.person_id.type)
    return mine


def _placed(row: FromClause, dialect: str) -> ColumnElement[bool]:
    return _mine(row, dialect) & row.c.position.is_not(None)


def _me(actor: Actor) -> dict[str, Any]:
    return {_PERSON: actor.person_id}


NOTIFICATION_LISTING = Listing(
    model=Notification,
    order=(descending(Notification.created_at),),
    filters={},
    orders={},
    scope=Scope(_mine, _me),
)
INBOX_LISTING = Listing(
    model=Notification,
    # a place would tell how many messages others were sent
    order=(Order(Notification.position, filled=True, unsaid=True),),
    filters={},
    orders={},
    scope=Scope(_placed, _me),
)
