"""台账: what lists of cases can be filtered and ordered by. Lies here because the filter by role reads assignments."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, false, or_

from app.assignments.models import Assignment
from app.cases.models import Case
from app.cases.rules import CaseStatus
from app.content.models import Content
from app.deadlines.rules import Light
from app.reads.filters import (
    Filter,
    Given,
    Listing,
    Together,
    ValueFilter,
    at_least,
    at_most,
    equals,
    key_from_id,
    now,
    one_of,
)
from app.reads.keyset import ascending, descending
from app.search.conditions import contains, matches


def _has_unit(row: FromClause, given: Given) -> ColumnElement[bool]:
    part = Assignment.__table__.alias()
    return exists().where(part.c.case_id == row.c.id, given.holds(part.c.unit_id)).correlate(row)


def _has_role(row: FromClause, given: Given) -> ColumnElement[bool]:
    part = Assignment.__table__.alias()
    return exists().where(part.c.case_id == row.c.id, given.holds(part.c.role)).correlate(row)


def _has_unit_in_role(row: FromClause, units: Given, roles: Given) -> ColumnElement[bool]:
    part = Assignment.__table__.alias()
    fits = exists().where(part.c.case_id == row.c.id, units.holds(part.c.unit_id), roles.holds(part.c.role))
    return fits.correlate(row)


def _has_light(row: FromClause, lights: Any, _key: bytes) -> ColumnElement[bool]:
    """By comparison of instants, so that an index answers: the same arithmetic as `case_light`."""
    out = row.c.status == CaseStatus.DISPATCHED
    red = row.c.red_from <= now()
    yellow = and_(row.c.yellow_from <= now(), row.c.red_from > now())
    green = or_(row.c.red_from.is_(None), and_(row.c.red_from > now(), row.c.yellow_from > now()))
    demands = {
        Light.RED: and_(out, red),
        Light.YELLOW: and_(out, yellow),
        Light.GREEN: and_(out, green),
        Light.NONE: row.c.status != CaseStatus.DISPATCHED,
    }
    return or_(false(), *(demands[light] for light in Light if light in lights))


def _has_words(row: FromClause, query: Any, key: bytes) -> ColumnElement[bool]:
    words = Content.__table__.alias()
    of_case = [row.c.title_id, row.c.requirement_id, row.c.original_words_id]
    found = exists().where(words.c.id.in_(of_case), contains(words.c.text, query))
    narrowed = matches(row.c.id, query, key)
    exact = found.correlate(row)
    return exact if narrowed is None else and_(narrowed, exact)


CASE_LISTING = Listing(
    model=Case,
    order=(ascending(Case.due_at),),
    filters={
        "number": equals(Case.register_number),
        "text": ValueFilter(_has_words),
        "matter_types": one_of(Case.matter_type),
        "statuses": one_of(Case.status),
        "lights": ValueFilter(_has_light, closed=True),
        "tiers": one_of(Case.tier),
        "units": Filter(_has_unit, lambda ids: [key_from_id("unit", one) for one in ids]),
        "roles": Filter(_has_role),
        "due_from": at_least(Case.due_on),
        "due_until": at_most(Case.due_on),
        "registered_from": at_least(Case.registered_on),
        "registered_until": at_most(Case.registered_on),
        "updated_since": at_least(Case.updated_at),
    },
    orders={
        "DUE_ON_ASC": (ascending(Case.due_at),),
        "DUE_ON_DESC": (descending(Case.due_at),),
        "UPDATED_AT_DESC": (descending(Case.updated_at),),
        "CREATED_AT_DESC": (descending(Case.created_at),),
        "NUMBER_ASC": (ascending(Case.register_year), ascending(Case.register_seq, filled=True)),
        "NUMBER_DESC": (descending(Case.register_year), descending(Case.register_seq, filled=True)),
    },
    together=Together(("units", "roles"), _has_unit_in_role),
)
