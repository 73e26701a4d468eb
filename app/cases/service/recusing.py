"""回避 (条例 第十七条, 第二十八条): who shall not touch a case. From the commit on it does not exist for him."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.cases.models import Case, Recusal
from app.cases.service.participants import add_participant
from app.cases.service.standing_in import hand_todos_on
from app.content.service import put_text
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean
from app.identity.models import Person
from app.work import Work


@dataclass(frozen=True, slots=True)
class DeclareRecusal:
    case_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class OrderRecusal:
    case_id: UUID
    person_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class LiftRecusal:
    case_id: UUID
    person_id: UUID
    reason: str


async def declare_recusal(work: Work, command: DeclareRecusal) -> Case:
    """Step back from a case oneself. Refuses INVALID_INPUT, NOT_ALLOWED, NOT_FOUND."""
    case = await work.load(Case, command.case_id)
    await work.require("case.declare_recusal", case)
    person_id = work.actor.person_id
    assert person_id is not None  # the roles that may are people's
    recusal = await _recuse(work, case, person_id, await _checked(work, person_id, command.reason))
    await work.record("recusal.declared", ("recusal", recusal.id), case=case, action="case.declare_recusal")
    return case


async def order_recusal(work: Work, command: OrderRecusal) -> Case:
    """Keep somebody away from a case. Refuses like `declare_recusal`, and ALREADY_DONE where he is away already."""
    case = await work.load(Case, command.case_id)
    await work.require("case.order_recusal", case)
    reason = await _checked(work, command.person_id, command.reason)
    if await _standing(work, case, command.person_id) is not None:
        raise Refusal(RefusalCode.ALREADY_DONE)
    recusal = await _recuse(work, case, command.person_id, reason)
    await work.record("recusal.ordered", ("recusal", recusal.id), case=case, action="case.order_recusal")
    return case


async def lift_recusal(work: Work, command: LiftRecusal) -> Case:
    """Let somebody back, whoever kept him away. Refuses like `order_recusal`; nobody lifts his own: he sees no case."""
    case = await work.load(Case, command.case_id)
    await work.require("case.lift_recusal", case)
    reason = await _checked(work, command.person_id, command.reason)
    recusal = await _standing(work, case, command.person_id)
    if recusal is None:
        raise Refusal(RefusalCode.ALREADY_DONE)
    reason_id = put_text(work.session, reason, work.now)
    await work.session.flush()
    recusal.lifted_by, recusal.lifted_at, recusal.lift_reason_id = work.actor.person_id, work.now, reason_id
    await add_participant(work, case, person_id=recusal.person_id, recused=False)
    await hand_todos_on(work, case.id)
    await work.record("recusal.lifted", ("recusal", recusal.id), case=case, action="case.lift_recusal")
    return case


async def _recuse(work: Work, case: Case, person_id: UUID, reason: str) -> Recusal:
    recusal = Recusal(
        id=new_id(),
        case_id=case.id,
        person_id=person_id,
        reason_id=put_text(work.session, reason, work.now),
        declared_by=work.actor.person_id,
        declared_at=work.now,
    )
    await work.session.flush()
    work.session.add(recusal)
    await add_participant(work, case, person_id=person_id, recused=True)
    await hand_todos_on(work, case.id)
    return recusal


async def _standing(work: Work, case: Case, person_id: UUID) -> Recusal | None:
    statement = select(Recusal).where(
        Recusal.case_id == case.id, Recusal.person_id == person_id, Recusal.lifted_at.is_(None)
    )
    return await work.session.scalar(statement)


async def _checked(work: Work, person_id: UUID, reason: str) -> str:
    problems = Problems()
    known = await work.session.get(Person, person_id) is not None
    problems.check(known, RefusalCode.BAD_ID, "input", "personId")
    reason = clean(problems, reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    return reason
