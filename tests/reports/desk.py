"""How the tests of reports act: as somebody, at the clock's instant, through a use case in a transaction of its own."""

import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select

from app.acts.checking import CheckRecordedAct, act_of, begin_check, command_of, finish_check
from app.acts.models import RecordedAct
from app.acts.recording import Place, record_act
from app.acts.rules import Outcome
from app.assignments.models import Assignment, ReportSlot
from app.assignments.rules import ReportContent
from app.assignments.service import DispatchCase, dispatch_case
from app.authz import Actor, Policy
from app.cases.models import Case, Instruction
from app.cases.rules import AssignmentRole, Disclosure, Handling, MatterType, SourceKind
from app.cases.service import (
    DecideHandling,
    InstructionInput,
    ProposedUnitChoice,
    ProposeHandling,
    RegisterCase,
    SourceInput,
    decide_handling,
    propose_handling,
    register_case,
)
from app.core.clock import SHANGHAI, FixedClock
from app.core.database import Base
from app.core.levels import Classification
from app.core.refusals import Refusal, RefusalCode
from app.deadlines.models import Deadline
from app.deadlines.rules import DeadlineState
from app.demo.district import District
from app.files.service import StoreFile, store_file
from app.identity.queries import actor_of_person
from app.regulation.rules import TimeLimitTier
from app.reports.models import Report
from app.reports.rules import SectionKind
from app.reports.service import (
    DraftReport,
    SectionInput,
    SignReport,
    SubmitReport,
    draft_report,
    sign_report,
    submit_report,
)
from app.todos.models import Todo
from app.work import Medium, Work
from app.work.opening import Workplace

MONDAY = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai; 19 to 21 June are 端午
CITY, BUILDING, ENVIRONMENT = "区城市管理局", "区住房和城乡建设局", "区生态环境局"
OFFICE = "临江区人民政府办公室督办科"
PDF = b"%PDF-1.7\nscan"
WORDS = (SectionInput(SectionKind.SITUATION, "占道经营已清理。"),)
ALL_SECTIONS = tuple(SectionInput(kind, f"{kind.value}如下。") for kind in SectionKind)

R = TypeVar("R")
C = TypeVar("C")
M = TypeVar("M", bound=Base)


def shanghai(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def problems(refusal: Refusal) -> list[tuple[RefusalCode, tuple[str | int, ...]]]:
    assert refusal.code is RefusalCode.INVALID_INPUT
    return [(problem.code, problem.path) for problem in refusal.problems]


@dataclass(slots=True)
class Desk:
    """`do` and `refused` run a use case; a refusal must leave every table as it was."""

    workplace: Workplace
    clock: FixedClock
    policy: Policy
    district: District
    ready: list[UUID] = field(default_factory=list)  # cases that went out as `dispatched` would do it by default

    def at(self, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        """Let the day come."""
        self.clock.move_to(shanghai(month, day, hour, minute))

    async def actor(self, login: str) -> Actor:
        async with self.workplace.database.read() as session:
            actor = await actor_of_person(session, self.district.people[login], self.clock.now())
        return replace(actor, account_id=self.district.accounts[login])

    async def do(self, login: str, use_case: Callable[[Work, C], Awaitable[R]], command: C) -> R:
        async with self.workplace.open(await self.actor(login), self.policy) as work:
            return await use_case(work, command)

    async def refused(self, login: str, use_case: Callable[[Work, C], Awaitable[Any]], command: C) -> Refusal:
        before = self.everything()
        try:
            await self.do(login, use_case, command)
        except Refusal as refusal:
            assert self.everything() == before
            return refusal
        raise AssertionError("not refused")

    def everything(self) -> dict[str, list[Any]]:
        """The rows of all tables but the log of denials. Read past the engine: seventy tables, many times."""
        tables = [table.name for table in Base.metadata.sorted_tables if table.name != "access_log"]
        with contextlib.closing(sqlite3.connect(self.workplace.database.url.partition(":///")[2])) as connection:
            return {table: connection.execute(f'SELECT * FROM "{table}" ORDER BY 1, 2').fetchall() for table in tables}

    async def row(self, model: type[M], key: UUID) -> M:
        async with self.workplace.database.read() as session:
            return await session.get_one(model, key)

    async def rows(self, model: type[M], **where: Any) -> list[M]:
        async with self.workplace.database.read() as session:
            statement = select(model).filter_by(**where)
            return list((await session.scalars(statement)).all())

    async def count(self, model: type[Base], **where: Any) -> int:
        async with self.workplace.database.read() as session:
            return await session.scalar(select(func.count()).select_from(model).filter_by(**where)) or 0

    async def waiting(self, case_id: UUID) -> set[str]:
        """待办: action and for whom, of all that is open."""
        names = {key: name for name, key in (self.district.units | self.district.people).items()}
        open_todos = await self.rows(Todo, case_id=case_id, closed_at=None)
        holders = [(todo.action, todo.unit_id or todo.person_id, todo.role) for todo in open_todos]
        return {f"{action} {names[key] if key else role}" for action, key, role in holders}

    async def running(self, case_id: UUID) -> dict[str, date]:
        """What still counts down, and until when."""
        pending = await self.rows(Deadline, case_id=case_id, state=DeadlineState.PENDING)
        return {f"{deadline.subject_kind} {deadline.stage}": deadline.due_on for deadline in pending}

    async def file(self, login: str, name: str = "盖章扫描件.pdf") -> UUID:
        stored = await self.do(login, store_file, StoreFile(name, "application/pdf", PDF, 1000))
        return stored.id

    async def dispatched(
        self,
        *units: str,
        handling: Handling = Handling.SOLE,
        matter_type: MatterType = MatterType.INSPECTION_TASK,
        major: bool = False,
        **proposal: Any,
    ) -> Case:
        """A case with its units today: the first leads, the others support it, or all are principals."""
        usual = not (units or proposal or major) and matter_type is MatterType.INSPECTION_TASK
        if usual and self.ready and self.clock.now() == MONDAY:
            return await self.row(Case, self.ready.pop())
        case = await self.do(
            "duban.wu", register_case, self._matter(matter_type, major, proposal.pop("superior_due_on", None))
        )
        roles = {
            Handling.SOLE: (AssignmentRole.LEAD,),
            Handling.JOINT: (AssignmentRole.LEAD, *[AssignmentRole.SUPPORTING] * (len(units) - 1)),
            Handling.SEPARATE: (AssignmentRole.PRINCIPAL,) * len(units),
        }[handling]
        given = {"tier": TimeLimitTier.GENERAL} | proposal
        if given["tier"] is TimeLimitTier.LEADER_SPECIFIED:
            given["instruction_id"] = await self._instruction(case)
        command = ProposeHandling(
            case_id=case.id,
            handling=handling,
            units=tuple(
                ProposedUnitChoice(role, unit_id=self.district.units[unit])
                for role, unit in zip(roles, units or (CITY,), strict=True)
            ),
            opinion="拟请办理。",
            leader_id=self.district.people["fuquzhang"],
            **given,
        )
        case = await self.do("duban.wu", propose_handling, command)
        case = await self.do("fuquzhang", decide_handling, DecideHandling(case.id, case.version, Outcome.APPROVED))
        return await self.do("duban.wu", dispatch_case, DispatchCase(case.id, case.version))

    def _matter(self, matter_type: MatterType, major: bool, superior_due_on: date | None) -> RegisterCase:
        words = InstructionInput(self.district.people["fuquzhang"], "请抓紧办理。", date(2026, 6, 12), Disclosure.FULL)
        kind = SourceKind.SUPERIOR_LIST if superior_due_on else SourceKind.INSTRUCTED_DOCUMENT
        return RegisterCase(
            matter_type=matter_type,
            title="通江街占道经营整治",
            requirement="限期整治。",
            classification=Classification.INTERNAL,
            major=major,
            sources=(SourceInput(kind, "来件", superior_due_on=superior_due_on),),
            instructions=(words,),
        )

    async def _instruction(self, case: Case) -> UUID:
        return (await self.rows(Instruction, case_id=case.id))[0].id

    async def part(self, case: Case, unit: str = CITY) -> Assignment:
        (part,) = await self.rows(Assignment, case_id=case.id, unit_id=self.district.units[unit])
        return part

    async def slots(self, case: Case, unit: str = CITY) -> list[ReportSlot]:
        slots = await self.rows(ReportSlot, assignment_id=(await self.part(case, unit)).id)
        return sorted(slots, key=lambda slot: slot.ordinal)

    async def drafted(self, case: Case, unit: str = CITY, login: str = "chengguan", **changes: Any) -> Report:
        """A report in due form, but for the signature."""
        given: dict[str, Any] = {
            "content": ReportContent.RESULT,
            "sections": WORDS,
            "contact_name": "杜鹃",
            "contact_phone": "0451-12345678",
            "seal_file_id": await self.file(f"{login}.handler"),
        } | changes
        command = DraftReport(assignment_id=(await self.part(case, unit)).id, **given)
        return await self.do(f"{login}.handler", draft_report, command)

    async def signed(self, case: Case, unit: str = CITY, login: str = "chengguan", **changes: Any) -> Report:
        """Drafted by the handler, signed by the head."""
        report = await self.drafted(case, unit, login, **changes)
        return await self.do(f"{login}.head", sign_report, SignReport(report.id, report.version))

    async def submitted(self, case: Case, unit: str = CITY, login: str = "chengguan", **changes: Any) -> Report:
        """Drafted by the handler, signed by the head, handed in by the handler."""
        report = await self.signed(case, unit, login, **changes)
        return await self.do(f"{login}.handler", submit_report, SubmitReport(report.id, report.version))

    async def entered(self, login: str, mutation: str, command_json: str, **given: Any) -> RecordedAct:
        """代录, with a sheet as its evidence."""
        evidence = {"evidence_file_id": await self.file(login)} if "evidence_file_id" not in given else {}
        belongs = ("case_id", "assignment_id", "accountability_id")
        place = Place(**{name: given.pop(name, None) for name in belongs})
        details = {"place": place, "entered": [], "medium": Medium.PAPER, **given, **evidence}

        async def enter(work: Work, _command: None) -> RecordedAct:
            return await record_act(work, mutation, command_json, **details)

        return await self.do(login, enter, None)

    async def checked(
        self,
        login: str,
        recorded: RecordedAct,
        use_case: Callable[[Work, C], Awaitable[Any]],
        read: Callable[[str], C],
    ) -> RecordedAct:
        """代录复核, as the GraphQL tier does it: the use case takes effect in the name of who decided."""

        async def check(work: Work, command: CheckRecordedAct) -> RecordedAct:
            act = await begin_check(work, command)
            decider = await actor_of_person(work.session, act.decided_by, act.occurred_at)
            row = await use_case(replace(work, actor=decider, act=act_of(act)), read(await command_of(work, act)))
            return await finish_check(work, act, row.id)

        return await self.do(login, check, CheckRecordedAct(recorded.id, recorded.version))
