"""台账: what lists of cases can be filtered, ordered and counted apart by. Lies above what its filters rest on."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, ColumnElement, FromClause, and_, exists, false, or_

from app.assignments.models import Assignment
from app.cases.models import Case, CaseParticipant, CaseSource, Closure, Source
from app.cases.rules import CaseStatus
from app.content.models import Content
from app.core.database import UTCDateTime
from app.core.zone import end_of_day, start_of_day
from app.deadlines.rules import Light
from app.escalation.models import Urging
from app.reads.days import day_of
from app.reads.filters import (
    Apart,
    Division,
    Filter,
    Given,
    Listing,
    Rests,
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
from app.reads.reaching import Copies
from app.reports.models import Report
from app.reports.rules import ReportStatus
from app.search.conditions import contains, matches

_PARTS = (Rests("assignment", Assignment.case_id),)
_SOURCES = (Rests("source"),)
_CLOSURES = (Rests("closure", Closure.case_id),)
_REPORTS = (Rests("report", Report.case_id),)
_URGINGS = (Rests("urging", Urging.case_id),)
_PARTICIPANTS = Copies(
    CaseParticipant.case_id,
    (CaseParticipant.unit_id, CaseParticipant.person_id),
    {
        "id": CaseParticipant.case_id,
        "due_at": CaseParticipant.due_at,
        "status": CaseParticipant.status,
        "classification": CaseParticipant.classification,
        "restricted": CaseParticipant.restricted,
    },
)
_FIRST = 1  # the first closing stays what it was, whatever came later


def _has_unit(row: FromClause, given: Given) -> ColumnElement[bool]:
    part = Assignment.__table__.alias()
    return _has_part(row, part, given, given.holds(part.c.unit_id))


def _has_role(row: FromClause, given: Given) -> ColumnElement[bool]:
    part = Assignment.__table__.alias()
    return _has_part(row, part, given, given.holds(part.c.role))


def _has_unit_in_role(row: FromClause, units: Given, roles: Given) -> ColumnElement[bool]:
    part = Assignment.__table__.alias()
    return _has_part(row, part, units, units.holds(part.c.unit_id), roles.holds(part.c.role))


def _has_part(row: FromClause, part: FromClause, given: Given, *demands: ColumnElement[bool]) -> ColumnElement[bool]:
    fits = exists().where(part.c.case_id == row.c.id, *demands, given.seen("assignment", part))
    return fits.correlate(row)


def _has_source(row: FromClause, given: Given) -> ColumnElement[bool]:
    link, source = CaseSource.__table__.alias(), Source.__table__.alias()
    rests = exists().where(link.c.case_id == row.c.id, source.c.id == link.c.source_id, given.holds(source.c.kind))
    return rests.where(given.seen("source", source)).correlate(row)


def _was_on_time(row: FromClause, given: Given) -> ColumnElement[bool]:
    closure = Closure.__table__.alias()
    judged = exists().where(
        closure.c.case_id == row.c.id, closure.c.nth == _FIRST, closure.c.on_time == given.value(Boolean())
    )
    return judged.where(given.seen("closure", closure)).correlate(row)


def _was_accepted_at_once(row: FromClause, given: Given) -> ColumnElement[bool]:
    """Of those whose reports were judged: whether none was returned (第十条). Contributions go to the lead alone."""

    def judged(status: ReportStatus) -> ColumnElement[bool]:
        report = Report.__table__.alias()
        own = exists().where(report.c.case_id == row.c.id, ~report.c.contribution, report.c.status == status)
        return own.where(given.seen("report", report)).correlate(row)

    accepted, returned, wanted = judged(ReportStatus.ACCEPTED), judged(ReportStatus.RETURNED), given.value(Boolean())
    return or_(and_(wanted, accepted, ~returned), and_(~wanted, returned))


def _was_urged(row: FromClause, given: Given) -> ColumnElement[bool]:
    """By one that the unit got and that was not taken back."""
    urging = Urging.__table__.alias()
    standing = exists().where(
        urging.c.case_id == row.c.id, urging.c.delivered_at.is_not(None), urging.c.withdrawn_at.is_(None)
    )
    urged = standing.where(given.seen("urging", urging)).correlate(row)
    wanted = given.value(Boolean())
    return or_(and_(wanted, urged), and_(~wanted, ~urged))


def _demands(row: FromClause) -> Mapping[Light, ColumnElement[bool]]:
    """By comparison of instants, so that an index answers: the same arithmetic as `case_light`."""
    out = row.c.status == CaseStatus.DISPATCHED
    red = row.c.red_from <= now()
    yellow = and_(row.c.yellow_from <= now(), row.c.red_from > now())
    green = or_(row.c.red_from.is_(None), and_(row.c.red_from > now(), row.c.yellow_from > now()))
    return {
        Light.RED: and_(out, red),
        Light.YELLOW: and_(out, yellow),
        Light.GREEN: and_(out, green),
        Light.NONE: row.c.status != CaseStatus.DISPATCHED,
    }


def _has_light(row: FromClause, lights: Any, _key: bytes) -> ColumnElement[bool]:
    demands = _demands(row)
    return or_(false(), *(demands[light] for light in Light if light in lights))


def _turns_red(row: FromClause, given: Given) -> ColumnElement[bool]:
    """Not red yet, and red before that day is over: an instant at its end belongs to the next one."""
    until = row.c.red_from < given.value(UTCDateTime())
    return and_(row.c.status == CaseStatus.DISPATCHED, row.c.red_from > now(), until)


def _has_words(row: FromClause, query: Any, key: bytes) -> ColumnElement[bool]:
    words = Content.__table__.alias()
    of_case = [row.c.title_id, row.c.requirement_id, row.c.original_words_id]
    found = exists().where(words.c.id.in_(of_case), contains(words.c.text, query))
    narrowed = matches(row.c.id, query, key)
    exact = found.correlate(row)
    return exact if narrowed is None else and_(narrowed, exact)


def _closed_from(row: FromClause, given: Given) -> ColumnElement[bool]:
    found: ColumnElement[bool] = row.c.closed_at >= given.value(UTCDateTime())
    return found


def _closed_until(row: FromClause, given: Given) -> ColumnElement[bool]:
    found: ColumnElement[bool] = row.c.closed_at < given.value(UTCDateTime())
    return found


def _by_unit(row: FromClause, given: Given) -> Apart:
    part = Assignment.__table__.alias()
    return Apart(part.c.unit_id, part, and_(part.c.case_id == row.c.id, given.seen("assignment", part)))


def _by_unit_in_role(row: FromClause, roles: Given) -> Apart:
    part = Assignment.__table__.alias()
    belongs = and_(part.c.case_id == row.c.id, roles.holds(part.c.role), roles.seen("assignment", part))
    return Apart(part.c.unit_id, part, belongs)


def _by_source_kind(row: FromClause, given: Given) -> Apart:
    link, source = CaseSource.__table__.alias(), Source.__table__.alias()
    linked = link.join(source, source.c.id == link.c.source_id)
    return Apart(source.c.kind, linked, and_(link.c.case_id == row.c.id, given.seen("source", source)))


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
        "units": Filter(_has_unit, lambda ids: [key_from_id("unit", one) for one in ids], _PARTS),
        "roles": Filter(_has_role, rests=_PARTS),
        "source_kinds": Filter(_has_source, rests=_SOURCES),
        "due_from": at_least(Case.due_on),
        "due_until": at_most(Case.due_on),
        "turns_red_until": Filter(_turns_red, end_of_day),
        "registered_from": at_least(Case.registered_on),
        "registered_until": at_most(Case.registered_on),
        "closed_from": Filter(_closed_from, start_of_day),
        "closed_until": Filter(_closed_until, end_of_day),
        "on_time": Filter(_was_on_time, rests=_CLOSURES),
        "accepted_at_once": Filter(_was_accepted_at_once, rests=_REPORTS),
        "urged": Filter(_was_urged, rests=_URGINGS),
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
    copies=_PARTICIPANTS,
    divisions={
        "status": Division(lambda row, _given: Apart(row.c.status)),
        "matter_type": Division(lambda row, _given: Apart(row.c.matter_type)),
        "light": Division(lambda row, _given: _demands(row)),
        "registered_on": Division(lambda row, _given: Apart(row.c.registered_on)),
        "dispatched_on": Division(lambda row, given: Apart(day_of(row.c.dispatched_at, given.dialect))),
        "closed_on": Division(lambda row, given: Apart(day_of(row.c.closed_at, given.dialect))),
        "unit": Division(_by_unit, _PARTS),
        "unit_in_role": Division(_by_unit_in_role, _PARTS, field="roles"),
        "source_kind": Division(_by_source_kind, _SOURCES),
    },
)
