"""Driving a matter along its journey: each step is the real use case, done by who may, at its own time."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from app.acts.rules import Outcome
from app.assignments.models import Assignment
from app.assignments.queries import assignments_of
from app.assignments.rules import ReportContent
from app.assignments.service import AcknowledgeAssignment, DispatchCase, acknowledge_assignment, dispatch_case
from app.authz import Actor, Policy
from app.cases.models import Case, Reading
from app.cases.rules import Disclosure, MatterType, SourceKind, is_principal
from app.cases.service import (
    DecideHandling,
    InstructionInput,
    ProposedUnitChoice,
    ProposeHandling,
    RegisterCase,
    SetAccessScope,
    SourceInput,
    decide_handling,
    propose_handling,
    register_case,
    set_access_scope,
)
from app.core.clock import FixedClock, local_date, local_instant
from app.core.levels import Classification
from app.demo.district import District, key_of
from app.demo.journeys import Journey, Reached
from app.files.rules import MediaType
from app.files.service import StoreFile, store_file
from app.identity.queries import actor_of_person
from app.reports.models import Report
from app.reports.rules import Remedy, ReturnGround, SectionKind
from app.reports.service import (
    AcceptReport,
    ConfirmClosing,
    DraftReport,
    ProposeClosing,
    RecordReading,
    ReturnReport,
    SectionInput,
    SignReport,
    SubmitContribution,
    SubmitForReading,
    SubmitReport,
    accept_report,
    confirm_closing,
    draft_report,
    propose_closing,
    record_reading,
    return_report,
    sign_report,
    submit_contribution,
    submit_for_reading,
    submit_report,
)
from app.work import Work
from app.work.opening import Workplace
from app.workdays import Calendar

_Row = TypeVar("_Row")
_MORNING = time(9, 0)
_STEP = timedelta(minutes=20)
_SEAL = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32  # a stand-in for a scanned seal


@dataclass(slots=True)
class Matter:
    """A matter on its journey: its case as the last step left it, and from dispatch on the parts of its units."""

    journey: Journey
    case: Case
    parts: Sequence[Assignment] = ()

    def parts_of(self, *, principal: bool) -> list[Assignment]:
        return [part for part in self.parts if is_principal(part.role) is principal]


@dataclass(slots=True)
class Traveller:
    """Takes matters along. `clock` is moved to the day of each step and never beyond `now`."""

    workplace: Workplace
    policy: Policy
    district: District
    calendar: Calendar
    clock: FixedClock
    now: datetime
    _actors: dict[str, Actor] = field(default_factory=dict)

    async def travel(self, journey: Journey) -> UUID:
        """Register the matter on its day and take it as far as it has come; the id of its case."""
        self._begin(journey.workdays_ago)
        case = await self._act("duban.wu", register_case, _registration(journey, self.district, self.clock.now()))
        matter = Matter(journey, case)
        if journey.restricted:
            await self._restrict(matter)
        for step in _STEPS:
            if step.from_reached <= journey.reached and (step.until is None or journey.reached <= step.until):
                self._pass_time(step.after)
                await step.take(self, matter)
        return case.id

    def _begin(self, workdays_ago: int) -> None:
        day = self.calendar.add_workdays(local_date(self.now), -workdays_ago)
        self.clock.move_to(min(local_instant(day, _MORNING), self.now - timedelta(hours=1)))

    def _pass_time(self, after: timedelta) -> None:
        self.clock.move_to(min(self.clock.now() + after, self.now))

    async def _restrict(self, matter: Matter) -> None:
        command = SetAccessScope(
            matter.case.id,
            matter.case.version,
            restricted=True,
            person_ids=(self.district.people["duban.wu"], self.district.people["duban.zhu"]),
            unit_ids=tuple(self.district.units[unit] for _, unit in matter.journey.units),
        )
        matter.case = await self._act("duban.wu", set_access_scope, command)

    async def _act(self, login: str, use_case: Callable[[Work, Any], Awaitable[_Row]], command: Any) -> _Row:
        async with self.workplace.open(await self._actor(login), self.policy) as work:
            return await use_case(work, command)

    async def _actor(self, login: str) -> Actor:
        if login not in self._actors:  # nobody's posts and grants change on the way
            async with self.workplace.database.read() as session:
                actor = await actor_of_person(session, self.district.people[login], self.clock.now())
            self._actors[login] = replace(actor, account_id=self.district.accounts[login])
        return self._actors[login]

    # ── the steps ──

    async def propose(self, matter: Matter) -> None:
        journey = matter.journey
        command = ProposeHandling(
            case_id=matter.case.id,
            handling=journey.handling,
            tier=journey.tier,
            units=tuple(ProposedUnitChoice(role, unit_id=self.district.units[unit]) for role, unit in journey.units),
            opinion=f"拟由{journey.units[0][1]}等单位办理，按时限上报。",
            leader_id=self.district.people["fuquzhang"],
        )
        matter.case = await self._act("duban.wu", propose_handling, command)

    async def decide(self, matter: Matter) -> None:
        declined = matter.journey.reached is Reached.DECLINED
        command = DecideHandling(
            matter.case.id,
            matter.case.version,
            Outcome.DECLINED if declined else Outcome.APPROVED,
            comment="已有专项工作，不再单独立项。" if declined else "同意。",
        )
        matter.case = await self._act("fuquzhang", decide_handling, command)

    async def dispatch(self, matter: Matter) -> None:
        case = await self._act("duban.wu", dispatch_case, DispatchCase(matter.case.id, matter.case.version))
        matter.case = case
        async with self.workplace.database.read() as session:
            matter.parts = await assignments_of(session, case.id)

    async def acknowledge(self, matter: Matter) -> None:
        for principal in (True, False):
            for part in matter.parts_of(principal=principal):
                login = f"{key_of(part.unit_name)}.handler"
                command = AcknowledgeAssignment(part.id, self.district.people[login])
                await self._act(login, acknowledge_assignment, command)

    async def report_progress(self, matter: Matter) -> None:
        for report in await self._submit(matter, ReportContent.PROGRESS):
            await self._act("duban.zheng", accept_report, AcceptReport(report.id, report.version))

    async def report_result(self, matter: Matter) -> None:
        await self._submit(matter, ReportContent.RESULT)

    async def return_result(self, matter: Matter) -> None:
        for report in await self._submit(matter, ReportContent.RESULT):
            command = ReturnReport(
                report.id,
                report.version,
                grounds=(ReturnGround.NO_CONCLUSION,),
                remedy=Remedy.SUPPLEMENT,
                comment="整改结论不明确，请补充完成数量和长效措施。",
            )
            await self._act("duban.zheng", return_report, command)

    async def accept_result(self, matter: Matter) -> None:
        for report in await self._submit(matter, ReportContent.RESULT):
            await self._act("duban.zheng", accept_report, AcceptReport(report.id, report.version))
        if matter.journey.matter_type is MatterType.LEADER_INSTRUCTION:
            reading: Reading = await self._act("duban.wu", submit_for_reading, SubmitForReading(matter.case.id))
            await self._act("fuquzhang", record_reading, RecordReading(reading.id))

    async def propose_closing(self, matter: Matter) -> None:
        await self._act("duban.wu", propose_closing, ProposeClosing(matter.case.id, "各项要求已落实，建议办结。"))

    async def confirm_closing(self, matter: Matter) -> None:
        async with self.workplace.database.read() as session:
            case = await session.get_one(Case, matter.case.id)  # reviews have moved its version on
        command = ConfirmClosing(case.id, case.version, Outcome.APPROVED)
        await self._act("duban.zhu", confirm_closing, command)

    async def _submit(self, matter: Matter, content: ReportContent) -> list[Report]:
        """Contributions first, then the report of each principal: written, signed, submitted."""
        await self._contribute(matter)
        return [await self._report(part, content) for part in matter.parts_of(principal=True)]

    async def _contribute(self, matter: Matter) -> None:
        for part in matter.parts_of(principal=False):
            sections = (SectionInput(SectionKind.PROGRESS, "已按分工完成本单位任务。"),)
            command = SubmitContribution(part.id, sections)
            await self._act(f"{key_of(part.unit_name)}.handler", submit_contribution, command)

    async def _report(self, part: Assignment, content: ReportContent) -> Report:
        key = key_of(part.unit_name)
        head, handler = f"{key}.head", f"{key}.handler"
        seal = await self._act(handler, store_file, StoreFile("公章.png", MediaType.PNG, _SEAL, max_bytes=len(_SEAL)))
        command = DraftReport(
            assignment_id=part.id,
            content=content,
            sections=(
                SectionInput(SectionKind.SITUATION, "接到督办通知后，主要领导当日部署，明确专人负责。"),
                SectionInput(SectionKind.MEASURES, "逐项排查，建立台账，分类处置。"),
                SectionInput(SectionKind.PROGRESS, "排查点位38处，已整改35处，其余3处本周内完成。"),
            ),
            contact_name=self.district.names[handler],
            contact_phone="0451-80001000",
            seal_file_id=seal.id,
        )
        report = await self._act(handler, draft_report, command)
        report = await self._act(head, sign_report, SignReport(report.id, report.version))
        return await self._act(handler, submit_report, SubmitReport(report.id, report.version))


@dataclass(frozen=True, slots=True)
class _Step:
    """Taken by every matter that has reached `from_reached` (and not gone beyond `until`), some time after the last."""

    from_reached: Reached
    after: timedelta
    take: Callable[[Traveller, Matter], Awaitable[None]]
    until: Reached | None = None


_DAY = timedelta(days=1)
_STEPS: tuple[_Step, ...] = (
    _Step(Reached.PROPOSED, _STEP, Traveller.propose),
    _Step(Reached.DECLINED, _STEP, Traveller.decide),
    _Step(Reached.DISPATCHED, _STEP, Traveller.dispatch),
    _Step(Reached.ACKNOWLEDGED, _STEP, Traveller.acknowledge),
    _Step(Reached.PROGRESS, _DAY, Traveller.report_progress, until=Reached.PROGRESS),
    _Step(Reached.SUBMITTED, _DAY, Traveller.report_result, until=Reached.SUBMITTED),
    _Step(Reached.RETURNED, _DAY, Traveller.return_result, until=Reached.RETURNED),
    _Step(Reached.COMPLETED, _DAY, Traveller.accept_result),
    _Step(Reached.CLOSING, 12 * _DAY, Traveller.propose_closing),
    _Step(Reached.CLOSED, _STEP, Traveller.confirm_closing),
)


def _registration(journey: Journey, district: District, now: datetime) -> RegisterCase:
    instructions: tuple[InstructionInput, ...] = ()
    if journey.matter_type is MatterType.LEADER_INSTRUCTION:
        words = f"请认真研究{journey.title}一事，限期办理并报结果。"
        instructions = (InstructionInput(district.people["fuquzhang"], words, local_date(now), Disclosure.FULL),)
    source = SourceInput(
        kind=SourceKind.INSTRUCTED_DOCUMENT if instructions else SourceKind.DOCUMENT,
        title=f"关于{journey.title}的情况报告",
        issuing_body="区人民政府办公室",
        dated_on=local_date(now),
    )
    return RegisterCase(
        matter_type=journey.matter_type,
        title=journey.title,
        requirement=f"请按职责分工抓好{journey.title}工作，按时限上报办理结果。",
        classification=Classification.INTERNAL,
        sources=(source,),
        instructions=instructions,
        restricted=journey.restricted,
    )
