"""The hand that writes a world: use cases done by name, ids and random bytes from a source that is named, too."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from app.acts.rules import Outcome
from app.assignments.models import Assignment
from app.assignments.rules import ReportContent
from app.assignments.service import AcknowledgeAssignment, DispatchCase, acknowledge_assignment, dispatch_case
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
from app.core import ids
from app.core.clock import local_date
from app.core.levels import Classification
from app.escalation.machine import machine_now
from app.evaluations.models import Evaluation
from app.evaluations.rules import EvaluationStatus
from app.evaluations.sweep import evaluate
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
from app.statistics.periods import Period
from app.statistics.sweep import draw_up, put
from app.work import Work
from tests.reports.desk import Desk

HIDDEN = "玄鸟"  # stands in every hidden text and in no other: the canary


@contextmanager
def ids_of(name: str) -> Iterator[None]:
    """Inside, all that is random follows from the name: the same steps make the same ids in every world."""
    numbers = count()

    def drawn() -> bytes:
        return hashlib.sha256(f"{name}:{next(numbers)}".encode()).digest()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.core.crypto.secrets.token_bytes", lambda size: drawn()[:size])
        patch.setattr("app.graphql.mutations.access.one_time_password", lambda: drawn().hex())
        ids.set_id_source(lambda: UUID(bytes=drawn()[:16], version=4))
        try:
            yield
        finally:
            ids.set_id_source(None)


@dataclass(frozen=True, slots=True)
class Matter:
    """A case to be: how it is registered and proposed. `mark` stands in each of its texts."""

    mark: str
    units: tuple[str, ...]
    handling: Handling = Handling.SOLE
    matter_type: MatterType = MatterType.LEADER_INSTRUCTION
    tier: TimeLimitTier = TimeLimitTier.GENERAL
    words: tuple[tuple[str, Disclosure], ...] = (("请抓紧办理。", Disclosure.FULL),)
    classification: Classification = Classification.INTERNAL
    restricted: bool = False
    registrar: str = "duban.wu"
    leader: str = "fuquzhang"


class Hand(Desk):
    """Does what a story needs, one use case after the other."""

    async def register(self, matter: Matter) -> Case:
        leader = self.district.people[matter.leader]
        words = tuple(
            InstructionInput(
                leader, text, self.today, disclosure, f"{matter.mark}摘要" if disclosure is Disclosure.EXCERPT else None
            )
            for text, disclosure in matter.words
        )
        sources = tuple(
            SourceInput(kind, f"关于{matter.mark}的{kind.value}", number=f"{matter.mark}字1号")
            for kind in (SourceKind.INSTRUCTED_DOCUMENT, SourceKind.DOCUMENT)
        )
        command = RegisterCase(
            matter_type=matter.matter_type,
            title=f"{matter.mark}整治",
            requirement=f"{matter.mark}限期整治。",
            classification=matter.classification,
            sources=sources,
            instructions=words,
            restricted=matter.restricted,
        )
        return await self.do(matter.registrar, register_case, command)

    async def out(self, matter: Matter) -> Case:
        """Registered, proposed, approved and dispatched."""
        case = await self.register(matter)
        roles = {
            Handling.SOLE: (AssignmentRole.LEAD,),
            Handling.JOINT: (AssignmentRole.LEAD, *[AssignmentRole.SUPPORTING] * (len(matter.units) - 1)),
            Handling.SEPARATE: (AssignmentRole.PRINCIPAL,) * len(matter.units),
        }[matter.handling]
        command = ProposeHandling(
            case_id=case.id,
            handling=matter.handling,
            tier=matter.tier,
            units=tuple(
                ProposedUnitChoice(role, unit_id=self.district.units[unit])
                for role, unit in zip(roles, matter.units, strict=True)
            ),
            opinion=f"{matter.mark}拟请办理。",
            leader_id=self.district.people[matter.leader],
        )
        case = await self.do(matter.registrar, propose_handling, command)
        decision = DecideHandling(case.id, case.version, Outcome.APPROVED, f"{matter.mark}同意。")
        case = await self.do(matter.leader, decide_handling, decision)
        return await self.do(matter.registrar, dispatch_case, DispatchCase(case.id, case.version))

    async def acknowledge(self, case: Case, unit: str, login: str) -> Assignment:
        part = await self.part(case, unit)
        return await self.do(login, acknowledge_assignment, AcknowledgeAssignment(part.id, self.district.people[login]))

    async def reported(self, case: Case, unit: str, login: str, text: str) -> Report:
        """A report in due form, but for the signature; its file is named like its text."""
        part = await self.part(case, unit)
        command = DraftReport(
            assignment_id=part.id,
            content=ReportContent.RESULT,
            sections=(SectionInput(SectionKind.SITUATION, text),),
            contact_name="某人",
            contact_phone="0451-87654321",
            seal_file_id=await self.file(login, f"{text}.pdf"),
        )
        return await self.do(login, draft_report, command)

    async def handed_in(self, case: Case, unit: str, login: str, text: str) -> Report:
        """Drafted, signed and submitted by one who may do all three."""
        report = await self.reported(case, unit, login, text)
        report = await self.do(login, sign_report, SignReport(report.id, report.version))
        return await self.do(login, submit_report, SubmitReport(report.id, report.version))

    async def by_machine(self, use_case: Any, argument: Any) -> Any:
        machine = await machine_now(self.workplace.database)
        async with self.workplace.open(machine, self.policy) as work:
            return await use_case(work, argument)

    async def evaluated(self, year: int) -> None:
        """The machine counts what has come so far of June and July, under the name of some half-year."""
        await self.by_machine(_open, year)
        await evaluate(self.workplace, self.policy)

    async def circulated(self) -> None:
        """The machine drafts a circular of what has come so far of June and July."""
        async with self.workplace.database.read() as session:
            drawn = await draw_up(session, Period(date(2026, 6, 1), date(2026, 7, 31)))
        await put(self.workplace, self.policy, drawn)

    async def instructions(self, case: Case) -> list[Instruction]:
        return sorted(await self.rows(Instruction, case_id=case.id), key=lambda row: str(row.id))

    @property
    def today(self) -> date:
        return local_date(self.clock.now())


async def _open(work: Work, year: int) -> None:
    evaluation = Evaluation(
        id=ids.new_id(),
        year=year,
        half=1,
        status=EvaluationStatus.COMPUTING,
        first_on=date(2026, 6, 1),
        last_on=date(2026, 7, 31),
        cut_off=work.now,
        rule_set_id=(await work.rule_set()).id,
        created_at=work.now,
    )
    work.session.add(evaluation)
    await work.record("evaluation.opened", ("evaluation", evaluation.id), case=None)
