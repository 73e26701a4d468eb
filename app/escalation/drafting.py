"""When an urging had its whole day and nothing came: conclusion, talk notice and circular as drafts (第七条(三)).

The machine drafts; people issue, or do not.
"""

from uuid import UUID

from sqlalchemy import select

from app.assignments.models import Assignment
from app.authz import Role
from app.cases.models import Case
from app.cases.service import reckoning_of
from app.circulars.models import Circular
from app.circulars.rules import CircularKind, CircularScope, CircularStatus
from app.circulars.service.waiting import wait_for_nothing
from app.content.service import put_blocks, put_text, text_of
from app.core.ids import new_id
from app.core.zone import local_date
from app.deadlines.dates import DueDate, working
from app.deadlines.rules import DateSource, Stage, SubjectKind
from app.deadlines.service import next_fire_at, set_deadline
from app.documents.rules import Block, BlockKind
from app.escalation.delivering import set_response_date
from app.escalation.facts import facts_of, moment, read_known
from app.escalation.findings import findings
from app.escalation.models import Urging
from app.escalation.queries import Claimed, Due
from app.escalation.recording import ACTION
from app.escalation.rules import Step, StepKind, decide
from app.inspections.models import InspectionConclusion
from app.inspections.rules import ConclusionStatus
from app.talks.models import FormalTalk
from app.talks.rules import TalkStatus
from app.talks.service.appointment import expect_no_talk
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work

_GROUND = "经催办仍未按要求报告，请有关负责人说明情况。"
_BODY = "经催办仍未按要求报告，现予通报。"


async def draft_talk(work: Work, urging_id: UUID) -> FormalTalk | None:
    """Draft what follows an unanswered urging. None where the facts have changed since the date fired."""
    seen = await work.session.get_one(Urging, urging_id)
    case, assignment = await work.reach(Case, seen.case_id), await work.reach(Assignment, seen.assignment_id)
    urging = await work.reach(Urging, urging_id)
    step = await _decide(work, case, urging)
    if step.kind is StepKind.REST:
        await set_response_date(work, case, urging)  # the sweep looks again when the reason to rest is gone
        await work.record("urging.resting", ("urging", urging.id), case=case, action=ACTION)
    if step.kind is not StepKind.DRAFT_TALK:
        return None
    await work.require(ACTION, case)
    blocks = await findings(work, case, assignment, urging)
    talk = await _add_talk(work, case, urging)
    conclusion = await _add_conclusion(work, case, urging, blocks)
    await _add_circular(work, case, assignment, talk, conclusion, blocks)
    case.next_fire_at = await next_fire_at(work.session, case.id)
    await work.record("talk.drafted", ("talk", talk.id), case=case, action=ACTION)
    return talk


async def drop_drafts(work: Work, case: Case, urging: Urging) -> None:
    """What was drafted because of an urging that counts no more. What people have issued is theirs to take back."""
    talk = await work.session.scalar(select(FormalTalk).where(FormalTalk.urging_id == urging.id))
    if talk is None or talk.status is not TalkStatus.DRAFT:
        return
    talk.status = TalkStatus.CANCELLED
    talk.version += 1
    await expect_no_talk(work, case, talk)
    conclusion = await work.session.scalar(
        select(InspectionConclusion).where(InspectionConclusion.urging_id == urging.id)
    )
    if conclusion is not None and conclusion.status is ConclusionStatus.DRAFT:
        conclusion.status = ConclusionStatus.WITHDRAWN
        conclusion.version += 1
        subject = ("conclusion", conclusion.id)
        await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)
    circular = await work.session.scalar(select(Circular).where(Circular.talk_id == talk.id))
    if circular is not None and circular.status is CircularStatus.DRAFT:
        circular.status = CircularStatus.WITHDRAWN
        circular.version += 1
        await wait_for_nothing(work, circular)


async def _decide(work: Work, case: Case, urging: Urging) -> Step:
    """The rules once more, on the facts of this moment."""
    assert urging.delivered_at is not None
    reckoning = await reckoning_of(work, case)
    claimed = Claimed(case.id, case.status, case.procedure, case.rule_set_id, 0, "", case.updated_at, None)
    day = local_date(urging.delivered_at)
    due = Due(urging.id, case.id, SubjectKind.URGE_RESPONSE, urging.id, Stage.TALK, 0, day, work.now)
    known = await read_known(work.session, [due])
    facts = facts_of(due, known.place_of(due), claimed, known, moment(reckoning, work.now))
    return decide(due.stage, due.subject_kind, facts)


async def _add_talk(work: Work, case: Case, urging: Urging) -> FormalTalk:
    talk = FormalTalk(
        id=new_id(),
        case_id=case.id,
        assignment_id=urging.assignment_id,
        unit_id=urging.unit_id,
        urging_id=urging.id,
        status=TalkStatus.DRAFT,
        ground_id=put_text(work.session, _GROUND, work.now),
        created_at=work.now,
    )
    await work.session.flush()
    work.session.add(talk)
    due = await _issue_by(work, case)
    await set_deadline(
        work.session,
        await reckoning_of(work, case),
        subject_kind=SubjectKind.TALK,
        subject_id=talk.id,
        case_id=case.id,
        stage=Stage.NOTICE,
        due=due,
        source=DateSource.OFFICE,
    )
    _wait_for(work, case, TodoAction.ISSUE_TALK_NOTICE, ("talk", talk.id), Role.SUPERVISION_HEAD, due)
    return talk


async def _add_conclusion(work: Work, case: Case, urging: Urging, blocks: list[Block]) -> InspectionConclusion:
    conclusion = InspectionConclusion(
        id=new_id(),
        case_id=case.id,
        assignment_id=urging.assignment_id,
        unit_id=urging.unit_id,
        urging_id=urging.id,
        status=ConclusionStatus.DRAFT,
        facts_id=put_blocks(work.session, [block.as_json() for block in blocks], work.now),
        created_at=work.now,
    )
    await work.session.flush()
    work.session.add(conclusion)
    due = await _issue_by(work, case)
    _wait_for(work, case, TodoAction.ISSUE_CONCLUSION, ("conclusion", conclusion.id), Role.DISTRICT_HEAD, due)
    return conclusion


async def _add_circular(
    work: Work,
    case: Case,
    assignment: Assignment,
    talk: FormalTalk,
    conclusion: InspectionConclusion,
    blocks: list[Block],
) -> None:
    """It waits for nobody yet: its approver is asked when the talk is over (第七条(三))."""
    title = f"关于{assignment.unit_name}办理{await text_of(work.session, case.title_id) or ''}情况的通报"
    body = [Block(BlockKind.PARAGRAPH, f"{assignment.unit_name}{_BODY}"), *blocks]
    circular = Circular(
        id=new_id(),
        kind=CircularKind.AFTER_TALK,
        scope=CircularScope.DISTRICT,
        status=CircularStatus.DRAFT,
        case_id=case.id,
        unit_id=talk.unit_id,
        talk_id=talk.id,
        conclusion_id=conclusion.id,
        title_id=put_text(work.session, title, work.now),
        body_id=put_blocks(work.session, [block.as_json() for block in body], work.now),
        classification=case.classification,
        restricted=case.restricted,
        created_at=work.now,
    )
    await work.session.flush()
    work.session.add(circular)
    await work.require("circular.draft", circular)


async def _issue_by(work: Work, case: Case) -> DueDate:
    """What is drafted shall not lie: as long as the office has for sending out a notice."""
    reckoning = await reckoning_of(work, case)
    return working(reckoning, work.today, reckoning.regulation.office.dispatch_workdays)


def _wait_for(work: Work, case: Case, action: TodoAction, subject: tuple[str, UUID], role: Role, due: DueDate) -> None:
    open_todo(
        work.session,
        action,
        subject,
        case_id=case.id,
        since=work.now,
        role=role.value,
        due_on=due.due_on,
        due_at=due.due_at,
    )
