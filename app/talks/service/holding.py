"""约谈 (第七条(三)): who came and in which post, what was stated and promised, the minutes; or that nobody came."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.acts.queries import post_on
from app.assignments.models import Assignment
from app.assignments.queries import open_slots
from app.assignments.rules import OPEN_ASSIGNMENTS, ReportContent, SlotKind
from app.assignments.service import open_slot, refresh_dates
from app.cases.models import Case
from app.cases.rules import AssignmentRole, CaseStatus
from app.cases.service import reckoning_of
from app.content.service import put_optional, put_text
from app.core.clock import local_date
from app.core.ids import new_id
from app.core.refusals import Problems, RefusalCode
from app.core.texts import BODY, PARAGRAPH, clean, clean_optional
from app.deadlines.dates import given
from app.deadlines.rules import DateSource
from app.identity.models import PostHolding
from app.talks.models import FormalTalk, TalkCommitment
from app.talks.queries import load_talk
from app.talks.rules import TalkStatus, step
from app.talks.service.appointment import expect_no_talk
from app.work import Work

_MOST_COMMITMENTS = 20


@dataclass(frozen=True, slots=True)
class CommitmentInput:
    text: str
    due_on: date


@dataclass(frozen=True, slots=True)
class HoldTalk:
    """`no_show` alone, with or without minutes; else who appeared, the statement and the minutes."""

    talk_id: UUID
    no_show: bool = False
    appeared_id: UUID | None = None
    statement: str | None = None
    minutes: str | None = None
    commitments: tuple[CommitmentInput, ...] = ()
    held_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Checked:
    held_at: datetime
    post: PostHolding | None
    statement: str | None
    minutes: str | None
    commitments: tuple[CommitmentInput, ...]


async def hold_talk(work: Work, command: HoldTalk) -> FormalTalk:
    """Write down how an issued talk went. Refuses INVALID_INPUT, NOT_ALLOWED, NOT_FOUND, STATUS_CONFLICT."""
    case, talk = await load_talk(work, command.talk_id)
    await work.require("talk.hold", talk)
    talk.status = step(talk.status, TalkStatus.NO_SHOW if command.no_show else TalkStatus.HELD)
    checked = await _check(work, talk, command)
    statement_id = put_optional(work.session, checked.statement, work.now)
    minutes_id = put_optional(work.session, checked.minutes, work.now)
    await work.session.flush()  # words first: nothing else tells the order of the two tables
    talk.held_at = None if command.no_show else checked.held_at
    talk.appeared_id = command.appeared_id
    talk.appeared_post = checked.post.post if checked.post else None
    talk.statement_id, talk.minutes_id = statement_id, minutes_id
    talk.version += 1
    await _promise(work, case, talk, checked.commitments)
    await expect_no_talk(work, case, talk)
    event_type = "talk.no_show" if command.no_show else "talk.held"
    await work.record(event_type, ("talk", talk.id), case=case, action="talk.hold", unit_id=talk.unit_id)
    return talk


async def _check(work: Work, talk: FormalTalk, command: HoldTalk) -> _Checked:
    problems = Problems()
    held_at = command.held_at or work.act.occurred_at
    post = None
    if command.no_show:
        _check_no_show(problems, talk, command, held_at)
    else:
        post = await _check_appearance(work, problems, talk, command, held_at)
    checked = _Checked(
        held_at,
        post,
        clean_optional(problems, command.statement, BODY, "input", "statement"),
        clean_optional(problems, command.minutes, BODY, "input", "minutes"),
        _commitments(problems, command, local_date(held_at)),
    )
    problems.raise_if_any()
    return checked


def _check_no_show(problems: Problems, talk: FormalTalk, command: HoldTalk, at: datetime) -> None:
    assert talk.scheduled_at is not None
    problems.check(at >= talk.scheduled_at, RefusalCode.BAD_DATE, "input", "noShow")
    for name, absent in (
        ("appeared", command.appeared_id is None),
        ("statement", command.statement is None),
        ("commitments", not command.commitments),
        ("heldAt", command.held_at is None),
    ):
        problems.check(absent, RefusalCode.NOT_APPLICABLE, "input", name)


async def _check_appearance(
    work: Work, problems: Problems, talk: FormalTalk, command: HoldTalk, held_at: datetime
) -> PostHolding | None:
    """负责人: somebody who held a post in the unit on the day of the talk."""
    assert talk.issued_at is not None
    problems.check(talk.issued_at <= held_at <= work.now, RefusalCode.BAD_DATE, "input", "heldAt")
    for name, words in (("statement", command.statement), ("minutes", command.minutes)):
        problems.check(bool(words and words.strip()), RefusalCode.REQUIRED, "input", name)
    if command.appeared_id is None:
        problems.add(RefusalCode.REQUIRED, "input", "appeared")
        return None
    post = await post_on(work.session, command.appeared_id, local_date(held_at), talk.unit_id)
    problems.check(post is not None, RefusalCode.BAD_ID, "input", "appeared")
    return post


def _commitments(problems: Problems, command: HoldTalk, held_on: date) -> tuple[CommitmentInput, ...]:
    given_ = command.commitments
    limit = _MOST_COMMITMENTS
    problems.check(len(given_) <= limit, RefusalCode.TOO_MANY, "input", "commitments", limit=limit)
    checked = []
    for index, commitment in enumerate(given_[:limit]):
        path = ("input", "commitments", index)
        problems.check(commitment.due_on >= held_on, RefusalCode.BAD_DATE, *path, "dueOn")
        checked.append(CommitmentInput(clean(problems, commitment.text, PARAGRAPH, *path, "text"), commitment.due_on))
    return tuple(checked)


async def _promise(work: Work, case: Case, talk: FormalTalk, commitments: tuple[CommitmentInput, ...]) -> None:
    """Commitments become dates: the unit owes a report on each day for which it gave its word."""
    for commitment in commitments:
        text_id = put_text(work.session, commitment.text, work.now)
        await work.session.flush()
        work.session.add(TalkCommitment(id=new_id(), talk_id=talk.id, text_id=text_id, due_on=commitment.due_on))
    await work.session.flush()
    assignment = await work.reach(Assignment, talk.assignment_id)
    taken = {slot.due_on for slot in await open_slots(work.session, case.id) if slot.assignment_id == assignment.id}
    reckoning = await reckoning_of(work, case)
    for day in sorted({commitment.due_on for commitment in commitments} - taken):
        if _may_owe(work, case, assignment, day):
            due = given(reckoning, work.today, day)
            await open_slot(
                work, case, assignment, SlotKind.ON_REQUEST, ReportContent.PROGRESS, due, DateSource.OFFICE
            )  # fmt: skip
    await refresh_dates(work, case)


def _may_owe(work: Work, case: Case, assignment: Assignment, day: date) -> bool:
    """A report is owed by an open principal, and never after a completion date that is still to come (第七条(二))."""
    runs = case.status is CaseStatus.DISPATCHED and assignment.status in OPEN_ASSIGNMENTS
    principal = assignment.role is not AssignmentRole.SUPPORTING
    completion = assignment.completion_due_on
    within = completion is None or completion < work.today or day <= completion
    return runs and principal and day >= work.today and within
