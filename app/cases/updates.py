"""Updates of cases: the facts of the feed that belong to one, in the order of their places."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause

from app.authz import Actor
from app.core.refusals import Refusal, RefusalCode
from app.events.models import Event
from app.reads.filters import Filter, Listing, Scope, one_of_ids
from app.reads.keyset import Order

_TYPE = re.compile(r"[a-z_]{1,30}\.[a-z_]{1,30}")


def _types(values: Sequence[str]) -> Sequence[str]:
    if not all(_TYPE.fullmatch(value) for value in values):
        raise Refusal(RefusalCode.BAD_TEXT)
    return values


def _in_the_feed(row: FromClause, _dialect: str) -> ColumnElement[bool]:
    return row.c.position.is_not(None) & row.c.case_id.is_not(None)


def _nothing(_actor: Actor) -> dict[str, Any]:
    return {}


UPDATE_LISTING = Listing(
    model=Event,
    # a place would tell how many facts lie before it, those among them that the caller may not see
    order=(Order(Event.position, filled=True, unsaid=True),),
    filters={
        "cases": one_of_ids(Event.case_id, "case"),
        "types": Filter(lambda row, given: given.holds(row.c.type), _types),
    },
    orders={},
    scope=Scope(_in_the_feed, _nothing),
)
