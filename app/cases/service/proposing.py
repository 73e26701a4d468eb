"""拟办意见 (第七条(一)): who shall handle it, in which manner, and until when."""

from dataclasses import dataclass, replace
from datetime import date, time
from uuid import UUID

from sqlalchemy import func, select

from app.cases.models import Case, CaseSource, HandlingProposal, Instruction, ProposedUnit, Source
from app.cases.rules import CaseStatus, Handling, check_roles, step
from app.cases.service.handling_units import ProposedUnitChoice, handling_units
from app.cases.service.participants import add_participant, publish
from app.cases.service.standing_in import waits_for
from app.content.service import put_text
from app.core.ids import new_id
from app.core.refusals import Problems, RefusalCode
from app.core.texts import BODY, clean
from app.deadlines.dates import Reckoning, check_due_on, latest_before_superior, proposed, working
from app.identity.models import Person, Unit, UnitGroup
from app.identity.rules import LeaderSystem
from app.regulation.rules import TimeLimitTier
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work

_MOST_UNITS = 100


@dataclass(frozen=True, slots=True)
class ProposeHandling:
    """Without `report_due_on` the tier counts from the day of issue; without `completion_due_on` it is the report's.

    Without `units` they are those that the imported document names.
    """

    case_id: UUID
    handling: Handling
    tier: TimeLimitTier
    units: tuple[ProposedUnitChoice, ...]
    opinion: str
    leader_id: UUID
    report_due_on: date | None = None
    report_due_time: time | None = None
    completion_due_on: date | None = None
    instruction_id: UUID | None = None


async def propose_handling(work: Work, command: ProposeHandling) -> Case:
    """Lay a proposal before the leader who decides. Refuses INVALID_INPUT, NOT_ALLOWED, NOT_FOUND, STATUS_CONFLICT."""
    case = await work.load(Case, command.case_id)
    await work.require("case.propose", case)
    case.status = step(case.status, CaseStatus.PENDING_DECISION)
    if not command.units:
        command = replace(command, units=await _units_of_document(work, case))
    command = await _checked(work, case, command)
    proposal = await add_proposal(work, case, command)
    case.version += 1
    await _hand_to_leader(work, case, proposal)
    await publish(work, case)
    await work.record("case.proposed", ("handling_proposal", proposal.id), case=case, action="case.propose")
    return case


async def _units_of_document(work: Work, case: Case) -> tuple[ProposedUnitChoice, ...]:
    """Refuses what the document left open: a name that means no unit (BAD_ID), a unit without a role (REQUIRED)."""
    statement = select(ProposedUnit).where(ProposedUnit.case_id == case.id, ProposedUnit.proposal_id.is_(None))
    named = (await work.session.scalars(statement.order_by(ProposedUnit.position))).all()
    problems, choices = Problems(), []
    for index, unit in enumerate(named):
        path = ("input", "units", index)
        known = unit.unit_id is not None or unit.group_id is not None
        problems.check(known, RefusalCode.BAD_ID, *path, "unitId")
        problems.check(unit.role is not None, RefusalCode.REQUIRED, *path, "role")
        if unit.role is not None:
            choices.append(ProposedUnitChoice(unit.role, unit.unit_id, unit.group_id))
    problems.raise_if_any()
    return tuple(choices)


async def add_proposal(work: Work, case: Case, command: ProposeHandling) -> HandlingProposal:
    """The next round of proposals, with its units and groups in the order given."""
    last = await work.session.scalar(
        select(func.max(HandlingProposal.round)).where(HandlingProposal.case_id == case.id)
    )
    proposal = HandlingProposal(
        id=new_id(),
        case_id=case.id,
        round=(last or 0) + 1,
        handling=command.handling,
        tier=command.tier,
        report_due_on=command.report_due_on,
        report_due_time=command.report_due_time,
        completion_due_on=command.completion_due_on,
        instruction_id=command.instruction_id,
        opinion_id=put_text(work.session, command.opinion, work.now),
        leader_id=command.leader_id,
        proposed_by=work.actor.person_id,
        proposed_at=work.now,
    )
    await work.session.flush()
    work.session.add(proposal)
    await work.session.flush()
    for position, choice in enumerate(command.units):
        work.session.add(
            ProposedUnit(
                id=new_id(),
                case_id=case.id,
                proposal_id=proposal.id,
                role=choice.role,
                unit_id=choice.unit_id,
                group_id=choice.group_id,
                printed_name=await _printed_name(work, choice),
                position=position,
            )
        )
    return proposal


async def reckoning_of(work: Work, case: Case) -> Reckoning:
    """What the dates of this case are counted with: the parameters it runs under, today's calendar."""
    return Reckoning(await work.rules_of(case.rule_set_id), case.rule_set_id, await work.calendar())


async def check_dates(work: Work, case: Case, command: ProposeHandling, problems: Problems) -> None:
    """The rules of 第七条(二) on dates, as far as they are given."""
    reckoning = await reckoning_of(work, case)
    if command.tier is TimeLimitTier.LEADER_SPECIFIED:
        problems.check(command.report_due_on is not None, RefusalCode.REQUIRED, "input", "reportDueOn")
        problems.check(command.instruction_id is not None, RefusalCode.REQUIRED, "input", "instructionId")
    if command.instruction_id is not None:
        words = await work.session.get(Instruction, command.instruction_id)
        fine = words is not None and words.case_id == case.id
        problems.check(fine, RefusalCode.BAD_ID, "input", "instructionId")
    if command.report_due_on is not None:
        check_due_on(problems, reckoning, command.tier, work.today, command.report_due_on, "input", "reportDueOn")
    problems.check(
        command.report_due_time is None or command.report_due_on is not None,
        RefusalCode.NOT_APPLICABLE,
        "input",
        "reportDueTime",
    )
    if command.completion_due_on is not None:
        earliest = command.report_due_on or work.today
        problems.check(command.completion_due_on >= earliest, RefusalCode.BAD_DATE, "input", "completionDueOn")
    latest = await latest_inner_date(work, case, reckoning)
    if latest is not None:
        counted = proposed(reckoning, command.tier, work.today)
        report_due_on = command.report_due_on or (counted.due_on if counted else latest)
        problems.check(report_due_on <= latest, RefusalCode.BAD_DATE, "input", "reportDueOn")
        completion_due_on = command.completion_due_on or latest
        problems.check(completion_due_on <= latest, RefusalCode.BAD_DATE, "input", "completionDueOn")


async def latest_inner_date(work: Work, case: Case, reckoning: Reckoning) -> date | None:
    """第六条(一): inner dates lie before the superior's. None where no superior set one."""
    statement = (
        select(func.min(Source.superior_due_on))
        .join(CaseSource, CaseSource.source_id == Source.id)
        .where(CaseSource.case_id == case.id)
    )
    superior_due_on = await work.session.scalar(statement)
    return None if superior_due_on is None else latest_before_superior(reckoning, superior_due_on)


async def _checked(work: Work, case: Case, command: ProposeHandling) -> ProposeHandling:
    problems = Problems()
    opinion = clean(problems, command.opinion, BODY, "input", "opinion")
    await check_units(work, command, problems)
    leader = await work.session.get(Person, command.leader_id)
    fine = leader is not None and leader.system is LeaderSystem.GOVERNMENT
    problems.check(fine, RefusalCode.BAD_ID, "input", "leaderId")
    await check_dates(work, case, command, problems)
    problems.raise_if_any()
    return replace(command, opinion=opinion)


async def check_units(work: Work, command: ProposeHandling, problems: Problems) -> None:
    """Known units, valid today, each named once, in the roles that the manner of handling allows."""
    problems.check(bool(command.units), RefusalCode.REQUIRED, "input", "units")
    problems.check(len(command.units) <= _MOST_UNITS, RefusalCode.TOO_MANY, "input", "units", limit=_MOST_UNITS)
    if command.units:  # a group has the role once for each of its members
        roles = [unit.role for unit in await handling_units(work, command.units)]
        check_roles(problems, command.handling, roles)
    seen: set[UUID] = set()
    for index, choice in enumerate(command.units):
        path = ("input", "units", index)
        problems.check((choice.unit_id is None) != (choice.group_id is None), RefusalCode.REQUIRED, *path, "unitId")
        if choice.unit_id is not None:
            unit = await work.session.get(Unit, choice.unit_id)
            valid = unit is not None and (unit.valid_until is None or unit.valid_until >= work.today)
            problems.check(valid, RefusalCode.BAD_ID, *path, "unitId")
            problems.check(choice.unit_id not in seen, RefusalCode.DUPLICATE, *path, "unitId")
            seen.add(choice.unit_id)
        elif choice.group_id is not None:
            group = await work.session.get(UnitGroup, choice.group_id)
            problems.check(group is not None, RefusalCode.BAD_ID, *path, "groupId")


async def _printed_name(work: Work, choice: ProposedUnitChoice) -> str:
    if choice.unit_id is not None:
        return (await work.session.get_one(Unit, choice.unit_id)).name
    return (await work.session.get_one(UnitGroup, choice.group_id)).name


async def _hand_to_leader(work: Work, case: Case, proposal: HandlingProposal) -> None:
    case.leader_id = proposal.leader_id
    await add_participant(work, case, person_id=proposal.leader_id, leader=True)
    if work.actor.person_id:
        await add_participant(work, case, person_id=work.actor.person_id, proposer=True)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("case", case.id))
    reckoning = await reckoning_of(work, case)
    due = working(reckoning, work.today, reckoning.regulation.office.decision_workdays)
    open_todo(
        work.session,
        TodoAction.DECIDE,
        ("case", case.id),
        case_id=case.id,
        since=work.now,
        due_on=due.due_on,
        due_at=due.due_at,
        **await waits_for(work, case.id, proposal.leader_id, TodoAction.DECIDE),
    )
