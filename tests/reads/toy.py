"""A small district: units, cases, reports and labels, with every trap that reads know. Its rules stand in for a policy.

A case may be seen by who is cleared for it and either belongs to its unit or has reported on it; a report by who is
cleared for it and may see its case.
"""

import itertools
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Integer,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.authz.actor import Actor, ActorKind
from app.content.models import Content, ContentKind
from app.core.database import LevelType, UTCDateTime, choice
from app.core.levels import Classification


class Toy(DeclarativeBase):
    type_annotation_map = {datetime: UTCDateTime(), UUID: Uuid()}


class Status(StrEnum):
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    LOST = "LOST"


class Unit(Toy):
    __tablename__ = "toy_unit"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]


class Case(Toy):
    __tablename__ = "toy_case"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("toy_unit.id"))
    title_id: Mapped[UUID]
    words_id: Mapped[UUID | None]
    due_on: Mapped[date | None]
    opened_at: Mapped[datetime]
    weight: Mapped[int | None]
    status: Mapped[Status] = mapped_column(choice(Status))
    level: Mapped[Classification] = mapped_column(LevelType(Classification))
    bytes_stored: Mapped[int] = mapped_column(BigInteger)
    year: Mapped[int | None]  # year and nth: both or neither
    nth: Mapped[int | None]
    reopens_id: Mapped[UUID | None] = mapped_column(ForeignKey("toy_case.id"))


class Report(Toy):
    __tablename__ = "toy_report"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("toy_case.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("toy_unit.id"))
    submitted_at: Mapped[datetime | None]
    grade: Mapped[int | None]
    level: Mapped[Classification] = mapped_column(LevelType(Classification))


class Label(Toy):
    __tablename__ = "toy_label"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]


class CaseLabel(Toy):
    __tablename__ = "toy_case_label"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("toy_case.id"), primary_key=True)
    label_id: Mapped[UUID] = mapped_column(ForeignKey("toy_label.id"), primary_key=True)


CLEARANCE, UNIT = bindparam("actor_clearance", type_=Integer()), bindparam("actor_unit", type_=Uuid())


def case_rule(case: Any) -> ColumnElement[bool]:
    report = Report.__table__.alias()  # not the name of the level's own alias: both may stand in one statement
    reported = exists(select(report.c.id).where(report.c.case_id == case.c.id, report.c.unit_id == UNIT)).correlate(
        case
    )
    return and_(case.c.level <= CLEARANCE, or_(case.c.unit_id == UNIT, reported))


def report_rule(report: Any) -> ColumnElement[bool]:
    case = Case.__table__.alias()
    seen = exists(select(case.c.id).where(case.c.id == report.c.case_id, case_rule(case))).correlate(report)
    return and_(report.c.level <= CLEARANCE, seen)


RULES = {"case": case_rule, "report": report_rule}


@dataclass(frozen=True)
class ToyPlan:
    object_name: str
    reach: None = None  # no list of theirs is read from the caller's side

    def where(self, source: Any, _dialect: str, _below: Any = None, /) -> ColumnElement[bool]:
        return RULES[self.object_name](source)

    def verdict(self, source: Any, _dialect: str, /) -> ColumnElement[Any]:
        return case((RULES[self.object_name](source), ""))

    def parameters(
        self, actor: Actor, _now: datetime, _dialect: str, _known: Container[str] = frozenset(), /
    ) -> dict[str, Any]:
        return viewing(actor)


class ToyPolicy:
    def plan(self, _roles: frozenset[str], object_name: str, action: str, /) -> ToyPlan:
        assert action == "view"
        return ToyPlan(object_name)


def viewing(actor: Actor) -> dict[str, Any]:
    (unit_id,) = actor.unit_ids
    return {"actor_clearance": actor.clearance, "actor_unit": unit_id}


def actor_of(unit: Unit, clearance: Classification) -> Actor:
    return Actor(ActorKind.PERSON, UUID(int=1), UUID(int=2), "张三", clearance, frozenset({unit.id}), ())


@dataclass(frozen=True)
class World:
    """All rows, and who looks at them."""

    units: Sequence[Unit]
    cases: Sequence[Case]
    reports: Sequence[Report]
    labels: Sequence[Label]
    links: Sequence[CaseLabel]
    contents: Sequence[Content]
    actor: Actor

    @property
    def rows(self) -> list[DeclarativeBase]:
        return [*self.contents, *self.units, *self.cases, *self.reports, *self.labels, *self.links]

    def sees_case(self, case: Case) -> bool:
        (unit_id,) = self.actor.unit_ids
        reported = any(report.case_id == case.id and report.unit_id == unit_id for report in self.reports)
        return case.level <= self.actor.clearance and (case.unit_id == unit_id or reported)

    def sees_report(self, report: Report) -> bool:
        (case,) = [case for case in self.cases if case.id == report.case_id]
        return report.level <= self.actor.clearance and self.sees_case(case)

    def text(self, content_id: UUID | None) -> str | None:
        return next((content.text for content in self.contents if content.id == content_id), None)


# Few values, so that orders tie and rules differ.
DAYS = st.none() | st.sampled_from([date(2026, 11, 20), date(2026, 11, 23), date(2027, 1, 4)])
INSTANTS = st.sampled_from([datetime(2026, 11, day, 16, 0, 0, 17 * day, tzinfo=UTC) for day in (1, 2, 9)])
NUMBERS = st.none() | st.integers(-1, 2)
YEARS = st.just({"year": None, "nth": None}) | st.fixed_dictionaries(
    {"year": st.integers(2025, 2026), "nth": st.integers(1, 3)}
)
LOW = [Classification.PUBLIC, Classification.INTERNAL]
LEVELS = st.sampled_from([*LOW, Classification.WORK_SECRET])


def content(content_id: UUID, words: str | None) -> Content:
    return Content(
        id=content_id,
        kind=ContentKind.TEXT,
        text=words,
        data=None,
        salt=b"0" * 16,
        digest="0" * 64,
        size=len(words or ""),
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        expunged_at=None if words else datetime(2026, 2, 1, tzinfo=UTC),
    )


@st.composite
def worlds(draw: st.DrawFn, *, cases: int = 12, reports: int = 30) -> World:
    random = Random(draw(st.integers(0, 2**32)))  # drawing a hundred keys one by one is slow
    keys = (UUID(int=random.getrandbits(128)) for _ in itertools.count())
    units = [Unit(id=next(keys), name=f"单位{number}") for number in range(3)]
    contents = [content(next(keys), words) for words in ("整改", "限期上报", None)]
    words = st.sampled_from([one.id for one in contents])
    made: list[Case] = []
    for number in range(draw(st.sampled_from([0, 2, cases // 2, cases, cases, cases]))):
        made.append(_case(draw, next(keys), number, units, words, [case.id for case in made]))
    sent = [
        _report(draw, next(keys), units, made)
        for _ in range(draw(st.sampled_from([0, reports // 2, reports])) if made else 0)
    ]
    labels = [Label(id=next(keys), name=name) for name in "abc"]
    pairs = st.tuples(st.sampled_from(made), st.sampled_from(labels)) if made else st.nothing()
    linked = draw(st.lists(pairs, max_size=8, unique_by=lambda pair: (pair[0].id, pair[1].id))) if made else []
    links = [CaseLabel(case_id=case.id, label_id=label.id) for case, label in linked]
    actor = actor_of(
        draw(st.sampled_from([units[0], *units[:2]])), draw(st.sampled_from([*[Classification.WORK_SECRET] * 6, *LOW]))
    )
    return World(units, made, sent, labels, links, contents, actor)


def _case(
    draw: st.DrawFn,
    key: UUID,
    number: int,
    units: Sequence[Unit],
    words: st.SearchStrategy[UUID],
    earlier: Sequence[UUID],
) -> Case:
    return Case(
        id=key,
        number=f"督〔2026〕{number:03}",
        unit_id=draw(st.sampled_from([units[0].id] * 4 + [units[1].id, None])),
        title_id=draw(words),
        words_id=draw(st.none() | words),
        due_on=draw(DAYS),
        opened_at=draw(INSTANTS),
        weight=draw(NUMBERS),
        status=draw(st.sampled_from(Status)),
        level=draw(LEVELS),
        bytes_stored=2**40 + number,
        reopens_id=draw(st.none() | st.sampled_from(earlier)) if earlier else None,
        **draw(YEARS),
    )


def _report(draw: st.DrawFn, key: UUID, units: Sequence[Unit], cases: Sequence[Case]) -> Report:
    return Report(
        id=key,
        case_id=draw(st.sampled_from(cases)).id,
        unit_id=draw(st.sampled_from([unit.id for unit in units])),
        submitted_at=draw(st.none() | INSTANTS),
        grade=draw(NUMBERS),
        level=draw(LEVELS),
    )


def case_at(number: int, *, day: int | None = None, unit: Unit | None = None, key: int | None = None) -> Case:
    """A case for tests that need many, all visible to the unit."""
    return Case(
        id=UUID(int=key if key is not None else number + 1000),
        number=f"督〔2026〕{number:05}",
        unit_id=unit.id if unit else None,
        title_id=UUID(int=7),
        words_id=None,
        due_on=None if day is None else date(2026, 1, 1) + timedelta(days=day),
        opened_at=datetime(2026, 1, 1, tzinfo=UTC),
        weight=None,
        status=Status.OPEN,
        level=Classification.PUBLIC,
        bytes_stored=0,
        year=None,
        nth=None,
        reopens_id=None,
    )
