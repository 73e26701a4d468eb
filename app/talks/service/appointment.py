"""When and where a talk is held: what a date must be, the notice that names it, the date in the ledger, the todo."""

from datetime import datetime, time

from app.cases.models import Case
from app.cases.service import reckoning_of, waits_for
from app.content.service import text_of
from app.core.clock import SHANGHAI, local_date
from app.core.refusals import Problems, RefusalCode
from app.deadlines.dates import given
from app.deadlines.rules import DateSource, Stage, SubjectKind
from app.deadlines.service import cancel, next_fire_at, set_deadline
from app.documents.models import Document
from app.documents.rules import Block, BlockKind, DocumentKind, printed_day
from app.documents.service import Issue, Recipient, issue
from app.identity.models import Person
from app.identity.queries import unit_names_on
from app.talks.models import FormalTalk
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work


async def check_appointment(
    work: Work, problems: Problems, scheduled_at: datetime, after: datetime | None = None
) -> None:
    """A talk is held on a working day that was still to come when it was decided, and later than the date before."""
    calendar = await work.calendar()
    earliest = work.act.occurred_at if after is None else max(after, work.act.occurred_at)
    fine = scheduled_at > earliest and calendar.is_workday(local_date(scheduled_at))
    problems.check(fine, RefusalCode.BAD_DATE, "input", "scheduledAt")


async def issue_notice(work: Work, case: Case, talk: FormalTalk, signer_name: str) -> Document:
    """约谈通知: numbered, to the unit, saying why, when, where and with whom."""
    names = work.regulation.numbering
    title = await text_of(work.session, case.title_id) or ""
    unit_name = (await unit_names_on(work.session, [talk.unit_id], work.today))[talk.unit_id]
    order = Issue(
        kind=DocumentKind.TALK_NOTICE,
        title=f"关于{title}的约谈通知",
        blocks=tuple(await _blocks(work, case, talk, unit_name)),
        issuer_name=names.government,
        signer_name=signer_name,
        code=names.talk_notice,
        issued_on=work.today,
        classification=case.classification,
        restricted=case.restricted,
        recipients=(Recipient(talk.unit_id, unit_name),),
        case_ids=(case.id,),
    )
    return await issue(work.session, order, work.now)


async def expect_talk(work: Work, case: Case, talk: FormalTalk) -> None:
    """The date of the talk in the ledger, and the todo of who holds it. A new date replaces the one before."""
    assert talk.scheduled_at is not None
    reckoning = await reckoning_of(work, case)
    deadline = await set_deadline(
        work.session,
        reckoning,
        subject_kind=SubjectKind.TALK,
        subject_id=talk.id,
        case_id=case.id,
        stage=Stage.NOTICE,
        due=given(reckoning, work.today, local_date(talk.scheduled_at), _local_time(talk.scheduled_at)),
        source=DateSource.NOTICE,
    )
    await _close_todos(work, talk)
    waiting = await waits_for(work, case.id, talk.holder_id, TodoAction.HOLD_TALK)
    open_todo(
        work.session,
        TodoAction.HOLD_TALK,
        ("talk", talk.id),
        case_id=case.id,
        since=work.now,
        due_on=deadline.due_on,
        due_at=deadline.due_at,
        **waiting,
    )
    case.next_fire_at = await next_fire_at(work.session, case.id)


async def expect_no_talk(work: Work, case: Case, talk: FormalTalk) -> None:
    """It was held, or will not be: nobody waits for it any more."""
    await cancel(work.session, SubjectKind.TALK, talk.id)
    await _close_todos(work, talk)
    case.next_fire_at = await next_fire_at(work.session, case.id)


async def _close_todos(work: Work, talk: FormalTalk) -> None:
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("talk", talk.id))
    await work.session.flush()


async def _blocks(work: Work, case: Case, talk: FormalTalk, unit_name: str) -> list[Block]:
    assert talk.scheduled_at is not None
    ground = await text_of(work.session, talk.ground_id)
    holder = await work.session.get_one(Person, talk.holder_id)
    day = printed_day(local_date(talk.scheduled_at))
    return [
        Block(BlockKind.FIELD, case.register_number or "", "督办编号"),
        Block(BlockKind.FIELD, unit_name, "被约谈单位"),
        *([Block(BlockKind.PARAGRAPH, ground)] if ground else []),
        Block(BlockKind.FIELD, f"{day}{_local_time(talk.scheduled_at):%H：%M}", "约谈时间"),
        Block(BlockKind.FIELD, talk.place or "", "约谈地点"),
        Block(BlockKind.FIELD, holder.name, "约谈人"),
        Block(BlockKind.PARAGRAPH, "请有关负责人按时到场，说明情况。"),
    ]


def _local_time(at: datetime) -> time:
    return at.astimezone(SHANGHAI).time()
