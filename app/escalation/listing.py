"""The list of urgings (催办) with its filters."""

from sqlalchemy import Boolean, ColumnElement, FromClause

from app.core.database import UTCDateTime
from app.core.zone import end_of_day, start_of_day
from app.escalation.models import Urging
from app.reads.filters import Filter, Given, Listing, one_of_ids
from app.reads.keyset import descending


def _from(row: FromClause, given: Given) -> ColumnElement[bool]:
    found: ColumnElement[bool] = row.c.issued_at >= given.value(UTCDateTime())
    return found


def _until(row: FromClause, given: Given) -> ColumnElement[bool]:
    found: ColumnElement[bool] = row.c.issued_at < given.value(UTCDateTime())
    return found


def _withdrawn(row: FromClause, given: Given) -> ColumnElement[bool]:
    found: ColumnElement[bool] = row.c.withdrawn_at.is_not(None) == given.value(Boolean())
    return found


URGING_LISTING = Listing(
    model=Urging,
    order=(descending(Urging.issued_at),),
    filters={
        "units": one_of_ids(Urging.unit_id, "unit"),
        "issued_from": Filter(_from, start_of_day),
        "issued_until": Filter(_until, end_of_day),
        "withdrawn": Filter(_withdrawn),
    },
    orders={},
)
