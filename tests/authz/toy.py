"""A small world with every kind of column and relation, hostile on purpose: NULLs, empty sets, boundary instants."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.authz import Actor, ActorKind, Grant, ObjectType, principal
from app.authz.conditions import (
    NEVER,
    Condition,
    any_of,
    eq,
    gt,
    in_,
    inherits,
    known,
    le,
    lt,
    names_subject_role,
    parent,
)
from app.core.database import Base as AppBase
from app.core.database import LevelType, choice
from app.core.levels import Classification


class Base(DeclarativeBase):
    type_annotation_map = AppBase.type_annotation_map


class Status(StrEnum):
    OPEN = "OPEN"
    SENT = "SENT"
    DONE = "DONE"


class Matter(Base):
    __tablename__ = "toy_matter"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    level: Mapped[Classification] = mapped_column(LevelType(Classification))
    soft_level: Mapped[Classification | None] = mapped_column(LevelType(Classification))
    restricted: Mapped[bool]
    status: Mapped[Status | None] = mapped_column(choice(Status))
    owner_id: Mapped[UUID | None]
    unit_id: Mapped[UUID]
    role: Mapped[str | None]
    due_at: Mapped[datetime | None]


class Member(Base):
    __tablename__ = "toy_member"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    matter_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    lead: Mapped[bool]
    until: Mapped[datetime | None]


class Paper(Base):
    __tablename__ = "toy_paper"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    matter_id: Mapped[UUID | None]
    author_id: Mapped[UUID | None]
    unit_id: Mapped[UUID]
    draft: Mapped[bool]


NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
UNITS = [UUID(int=0xA0 + n) for n in range(3)]
PERSONS = [UUID(int=0xB0 + n) for n in range(3)]
MATTERS = [UUID(int=0xC0 + n) for n in range(6)]
INSTANTS = [NOW - TICK, NOW, NOW + TICK]

ME, UNITS_OF_ROLE, ALL_UNITS = principal("person_id"), principal("units"), principal("all_units")

MATTER_CONDITIONS: dict[str, Condition] = {
    "above_clearance": gt(Matter.level, principal("clearance")),
    "within_soft_level": le(Matter.soft_level, principal("clearance")),
    "outside_need_to_know": eq(Matter.restricted, True)
    & ~any_of(Member.matter_id, Matter.id, eq(Member.person_id, ME) | in_(Member.unit_id, ALL_UNITS)),
    "mine": eq(Matter.owner_id, ME),
    "not_mine": ~eq(Matter.owner_id, ME),
    "led": eq(Matter.owner_id, principal("stands_for")),
    "of_my_unit": in_(Matter.unit_id, ALL_UNITS),
    "own_unit_leads": any_of(Member.matter_id, Matter.id, eq(Member.lead, True) & in_(Member.unit_id, UNITS_OF_ROLE)),
    "has_member": any_of(Member.matter_id, Matter.id),
    "membership_valid": any_of(
        Member.matter_id, Matter.id, eq(Member.person_id, ME) & ~le(Member.until, principal("now"))
    ),
    "overdue": lt(Matter.due_at, principal("now")),
    "due_by_now": le(Matter.due_at, principal("now")),
    "due_after_now": gt(Matter.due_at, principal("now")),
    "sent_or_done": in_(Matter.status, {Status.SENT, Status.DONE}),
    "open": eq(Matter.status, Status.OPEN),
    "dated": known(Matter.due_at),
    "undated": ~known(Matter.due_at),
    "for_my_role": names_subject_role(Matter.role),
    "tangled": ~(
        (eq(Matter.status, Status.OPEN) | ~in_(Matter.unit_id, ALL_UNITS))
        & ~(eq(Matter.owner_id, ME) & gt(Matter.due_at, principal("now")))
    ),
}
PAPER_CONDITIONS: dict[str, Condition] = {
    "written_by_me": eq(Paper.author_id, ME),
    "draft": eq(Paper.draft, True),
    "final": ~eq(Paper.draft, True),
    "of_role_unit": in_(Paper.unit_id, UNITS_OF_ROLE),
    "matter_is_restricted": parent(Paper.matter_id, Matter.id, eq(Matter.restricted, True)),
    "matter_has_me": parent(Paper.matter_id, Matter.id, any_of(Member.matter_id, Matter.id, eq(Member.person_id, ME))),
    "matter_hidden": ~inherits(Paper.matter_id, "matter"),
}

MATTER = ObjectType(
    "matter",
    Matter,
    frozenset({"view", "decide", "amend"}),
    MATTER_CONDITIONS,
    within_case=in_(Matter.id, principal("cases")),
    mandatory=(("*", "above_clearance"), ("*", "outside_need_to_know"), ("decide", "mine")),
)
PAPER = ObjectType(
    "paper",
    Paper,
    frozenset({"view", "sign"}),
    PAPER_CONDITIONS,
    within_case=in_(Paper.matter_id, principal("cases")),
    mandatory=(("*", "matter_hidden"),),
)
NOTE = ObjectType("note", Paper, frozenset({"view"}), {"draft": eq(Paper.draft, True)}, within_case=NEVER)
OBJECTS = (MATTER, PAPER)


@dataclass
class World:
    matters: list[Matter]
    members: list[Member]
    papers: list[Paper]
    actors: list[Actor] = field(default_factory=list)

    @property
    def rows(self) -> list[Matter | Member | Paper]:
        return [*self.matters, *self.members, *self.papers]


def maybe(values: list[UUID] | list[datetime]) -> st.SearchStrategy[UUID | datetime | None]:
    return st.one_of(st.none(), st.sampled_from(values))


def matter(id_: UUID) -> st.SearchStrategy[Matter]:
    levels = [Classification.PUBLIC, Classification.INTERNAL, Classification.WORK_SECRET]
    return st.builds(
        Matter,
        id=st.just(id_),
        level=st.sampled_from(levels),
        soft_level=st.one_of(st.none(), st.sampled_from(levels)),
        restricted=st.booleans(),
        status=st.one_of(st.none(), st.sampled_from(list(Status))),
        owner_id=maybe(PERSONS),
        unit_id=st.sampled_from(UNITS),
        role=st.sampled_from([None, "unit_head", "unit_handler", "office_leader"]),
        due_at=maybe(INSTANTS),
    )


def member(number: int) -> st.SearchStrategy[Member]:
    return st.builds(
        Member,
        id=st.just(UUID(int=0xD0 + number)),
        matter_id=st.sampled_from([None, *MATTERS[:4]]),
        unit_id=st.sampled_from([None, *UNITS, *UNITS]),
        person_id=st.sampled_from([None, *PERSONS, *PERSONS[:2]]),
        lead=st.booleans(),
        until=maybe(INSTANTS),
    )


def paper(number: int) -> st.SearchStrategy[Paper]:
    return st.builds(
        Paper,
        id=st.just(UUID(int=0xE0 + number)),
        matter_id=st.sampled_from([None, *MATTERS[:4]]),
        author_id=maybe(PERSONS),
        unit_id=st.sampled_from(UNITS),
        draft=st.booleans(),
    )


grants = st.builds(
    Grant,
    role=st.sampled_from(
        ["unit_head", "unit_head", "unit_handler", "unit_handler", "supervision_head", "office_leader", "retired_role"]
    ),
    unit_id=st.sampled_from([None, *UNITS, *UNITS]),
    case_id=st.sampled_from([None, None, None, *MATTERS[:3]]),
    lender_id=st.sampled_from([None, *PERSONS]),
    actions=st.frozensets(st.sampled_from(["matter.decide", "matter.amend", "paper.sign"]), min_size=1),
)

actors = st.builds(
    Actor,
    kind=st.sampled_from([ActorKind.PERSON, ActorKind.PERSON, ActorKind.SERVICE]),
    account_id=st.just(UUID(int=1)),
    person_id=st.sampled_from([None, *PERSONS[:2], *PERSONS[:2]]),
    name=st.just("somebody"),
    clearance=st.sampled_from([Classification.PUBLIC, Classification.INTERNAL]),
    unit_ids=st.frozensets(st.sampled_from(UNITS), max_size=2),
    grants=st.lists(grants, min_size=1, max_size=5).map(tuple),
)


@st.composite
def worlds(draw: st.DrawFn, most_actors: int = 4) -> World:
    return World(
        matters=[draw(matter(id_)) for id_ in MATTERS[: draw(st.integers(3, 6))]],
        members=[draw(member(number)) for number in range(draw(st.sampled_from([0, 4, 8, 8])))],
        papers=[draw(paper(number)) for number in range(draw(st.integers(2, 5)))],
        actors=draw(st.lists(actors, min_size=1, max_size=most_actors)),
    )
