"""A crowd: thousands of principals with dates, written table by table as dispatching would have left them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, insert, text

from app.assignments.models import Assignment, ReportSlot
from app.assignments.rules import AssignmentStatus, ReportContent, SlotKind, SlotState
from app.authz import Policy
from app.authz.versions import ensure_baseline
from app.cases.models import Case, CaseParticipant
from app.cases.rules import AssignmentRole, CaseStatus, Handling, InspectionKind, MatterType, Procedure
from app.content.models import Content, ContentKind
from app.core.clock import local_instant
from app.core.crypto import new_salt, salted_digest
from app.core.database import Base, Database
from app.core.ids import new_id
from app.core.levels import Classification
from app.deadlines.dates import DueDate, Reckoning, given
from app.deadlines.hours import fire_at
from app.deadlines.models import Deadline
from app.deadlines.rules import DateSource, DayCount, DeadlineState, Stage, SubjectKind
from app.demo.district import UNITS, build_district
from app.documents.models import Document
from app.documents.rules import DocumentKind, DocumentStatus
from app.regulation import current_rule_set
from app.regulation.rules import Regulation, TimeLimitTier
from app.workdays import current_calendar

_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many cases, each with so many principals, whose date is `due_on`."""

    cases: int
    units: int
    dispatched_on: date
    due_on: date


async def settle(database: Database, regulation: Regulation, policy: Policy, at: datetime) -> dict[str, UUID]:
    """The tables, the people of the demo's district, the rules. Answers the units by name."""
    async with database.writer.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    district = build_district("no password")
    async with database.write() as session:
        await current_rule_set(session, regulation, at)
        await ensure_baseline(session, policy, at)
        for row in district.rows:
            session.add(row)
            await session.flush()
    return district.units


async def gather(database: Database, regulation: Regulation, units: dict[str, UUID], crowds: Sequence[Crowd]) -> int:
    """Write the crowds. Answers how many principals there are."""
    at = local_instant(crowds[0].dispatched_on, regulation.ladder.window_from)
    async with database.write() as session:
        rule_set = await current_rule_set(session, regulation, at)
        reckoning = Reckoning(regulation, rule_set.id, await current_calendar(session))
        words, document = _content("通江街占道经营整治", at), _document(at)
        await session.execute(insert(Content), [words, *document.pop("words")])
        await session.execute(insert(Document), [document])
    names = [(seed.name, units[seed.name]) for seed in UNITS if seed.subordination.value == "DISTRICT"]
    writer = _Writer(reckoning, words["id"], document["id"], names)
    rows = (row for crowd in crowds for number in range(crowd.cases) for row in writer.case(crowd, number))
    principals = 0
    buffer: dict[type[Base], list[dict[str, Any]]] = {}
    for model, values in rows:
        buffer.setdefault(model, []).append(values)
        principals += model is Assignment
        if len(buffer.get(Deadline, ())) >= _CHUNK and model is CaseParticipant:
            await _write(database, buffer)
    await _write(database, buffer)
    async with database.write() as session:
        await session.execute(text("ANALYZE"))  # as the database itself does after a while
    return principals


_ORDER: tuple[type[Base], ...] = (Case, Assignment, ReportSlot, Deadline, CaseParticipant)


async def _write(database: Database, buffer: dict[type[Base], list[dict[str, Any]]]) -> None:
    async with database.write() as session:
        for model in _ORDER:
            if buffer.get(model):
                await session.execute(insert(cast("Table", model.__table__)), buffer.pop(model))


@dataclass(slots=True)
class _Writer:
    reckoning: Reckoning
    title_id: UUID
    document_id: UUID
    units: list[tuple[str, UUID]]
    written: int = 0

    def case(self, crowd: Crowd, number: int) -> Iterator[tuple[type[Base], dict[str, Any]]]:
        at = local_instant(crowd.dispatched_on, self.reckoning.regulation.ladder.window_from)
        due = given(self.reckoning, crowd.dispatched_on, crowd.due_on)
        self.written += 1
        case_id = new_id()
        yield Case, self._case(case_id, crowd, due, at)
        for place in range(crowd.units):
            name, unit_id = self.units[(number + place) % len(self.units)]
            assignment_id, slot_id = new_id(), new_id()
            yield Assignment, self._assignment(assignment_id, case_id, unit_id, name, due, at)
            yield ReportSlot, self._slot(slot_id, case_id, assignment_id, due, at)
            yield Deadline, self._deadline(SubjectKind.SLOT, slot_id, case_id, due)
            yield Deadline, self._deadline(SubjectKind.COMPLETION, assignment_id, case_id, due)
            yield CaseParticipant, _participant(case_id, unit_id, due)

    def _case(self, key: UUID, crowd: Crowd, due: DueDate, at: datetime) -> dict[str, Any]:
        return {
            "id": key,
            "register_number": f"道督〔{at.year}〕{self.written}号",
            "register_year": at.year,
            "register_seq": self.written,
            "status": CaseStatus.DISPATCHED,
            "matter_type": MatterType.INSPECTION_TASK,
            "procedure": Procedure.A,
            "inspection_kind": InspectionKind.DAILY_SUPERVISION,
            "title_id": self.title_id,
            "classification": Classification.INTERNAL,
            "restricted": False,
            "handling": Handling.SEPARATE if crowd.units > 1 else Handling.SOLE,
            "tier": TimeLimitTier.GENERAL,
            "dispatched_at": at,
            "due_on": due.due_on,
            "due_at": due.due_at,
            "yellow_from": due.yellow_from,
            "red_from": due.red_from,
            "next_fire_at": fire_at(self.reckoning, Stage.URGE, due),
            "rule_set_id": self.reckoning.rule_set_id,
            "record_seq": 0,
            "record_hash": "",
            "version": 1,
            "created_at": at,
            "updated_at": at,
        }

    def _assignment(
        self, key: UUID, case_id: UUID, unit_id: UUID, unit_name: str, due: DueDate, at: datetime
    ) -> dict[str, Any]:
        return {
            "id": key,
            "case_id": case_id,
            "unit_id": unit_id,
            "round": 1,
            "role": AssignmentRole.PRINCIPAL,
            "unit_name": unit_name,
            "status": AssignmentStatus.ACKNOWLEDGED,
            "document_id": self.document_id,
            "issued_at": at,
            "delivered_at": at,
            "acknowledged_at": at,
            "due_on": due.due_on,
            "due_at": due.due_at,
            "yellow_from": due.yellow_from,
            "red_from": due.red_from,
            "completion_due_on": due.due_on,
            "completion_due_at": due.due_at,
            "completion_yellow_from": due.yellow_from,
            "original_completion_due_on": due.due_on,
            "in_review": False,
            "returned_count": 0,
            "version": 1,
            "created_at": at,
            "updated_at": at,
        }

    def _slot(self, key: UUID, case_id: UUID, assignment_id: UUID, due: DueDate, at: datetime) -> dict[str, Any]:
        return {
            "id": key,
            "case_id": case_id,
            "assignment_id": assignment_id,
            "ordinal": 1,
            "slot": SlotKind.ON_NOTICE,
            "content": ReportContent.PROGRESS,
            "state": SlotState.OPEN,
            "due_on": due.due_on,
            "due_at": due.due_at,
            "original_due_on": due.due_on,
            "yellow_from": due.yellow_from,
            "red_from": due.red_from,
            "version": 1,
            "created_at": at,
        }

    def _deadline(self, kind: SubjectKind, subject_id: UUID, case_id: UUID, due: DueDate) -> dict[str, Any]:
        return {
            "id": new_id(),
            "subject_kind": kind,
            "subject_id": subject_id,
            "case_id": case_id,
            "stage": Stage.URGE,
            "generation": 1,
            "start_on": due.start_on,
            "day_count": DayCount.WORKING,
            "due_on": due.due_on,
            "due_at": due.due_at,
            "fire_at": fire_at(self.reckoning, Stage.URGE, due),
            "source": DateSource.NOTICE,
            "rule_set_id": self.reckoning.rule_set_id,
            "calendar_version": self.reckoning.calendar.version,
            "provisional": False,
            "state": DeadlineState.PENDING,
        }


def _participant(case_id: UUID, unit_id: UUID, due: DueDate) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": case_id,
        "unit_id": unit_id,
        "principal": True,
        "supporting": False,
        "leader": False,
        "proposer": False,
        "in_scope": False,
        "recused": False,
        "status": CaseStatus.DISPATCHED,
        "due_at": due.due_at,
        "red_from": due.red_from,
        "classification": Classification.INTERNAL,
        "restricted": False,
    }


def _content(text: str, at: datetime) -> dict[str, Any]:
    salt = new_salt()
    return {
        "id": new_id(),
        "kind": ContentKind.TEXT,
        "text": text,
        "salt": salt,
        "digest": salted_digest(salt, text.encode()),
        "size": len(text.encode()),
        "created_at": at,
    }


def _document(at: datetime) -> dict[str, Any]:
    title, body = _content("督办通知", at), _content("[]", at)
    return {
        "words": [title, body],
        "id": new_id(),
        "kind": DocumentKind.SUPERVISION_NOTICE,
        "status": DocumentStatus.ISSUED,
        "number": "道政督〔2026〕1号",
        "title_id": title["id"],
        "body_id": body["id"],
        "issuer_name": "临江区人民政府",
        "issued_on": at.date(),
        "classification": Classification.INTERNAL,
        "restricted": False,
        "version": 1,
        "created_at": at,
    }
