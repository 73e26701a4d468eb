"""收件箱: the caller's own messages, newest first."""

from sqlalchemy import ColumnElement, FromClause, bindparam

from app.notifications.models import Notification
from app.reads.filters import Listing, Scope
from app.reads.keyset import descending

_PERSON = "level_scope_person"


def _mine(row: FromClause, _dialect: str) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = row.c.person_id == bindparam(_PERSON, type_=row.c.person_id.type)
    return mine


NOTIFICATION_LISTING = Listing(
    model=Notification,
    order=(descending(Notification.created_at),),
    filters={},
    orders={},
    scope=Scope(_mine, lambda actor: {_PERSON: actor.person_id}),
)
