"""代录复核: an entered act takes effect when a second officer has checked it.

What takes effect is the use case itself, in the transaction of the check and in the name of who decided:

    recorded = await begin_check(work, CheckRecordedAct(id, version))
    inner = replace(work, actor=decider, act=act_of(recorded))
    row = await use_case(inner, command)  # from `await command_of(work, recorded)`
    await finish_check(work, recorded, row.id)

Where the use case refuses, so does the check, and the act still waits: it may be rejected and entered anew.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.acts.models import RecordedAct
from app.acts.recording import SPOKEN, chain_of, owner_of, table_of
from app.acts.rules import RecordedActStatus
from app.content.service import put_text, text_of
from app.core.refusals import Problems, Refusal, RefusalCode, invalid, not_found
from app.core.texts import PARAGRAPH, clean
from app.deadlines.rules import SubjectKind
from app.deadlines.service import cancel, next_fire_at
from app.files.service import attach
from app.todos.rules import TodoAction
from app.todos.service import close_todos
from app.work import Act, Work


@dataclass(frozen=True, slots=True)
class CheckRecordedAct:
    recorded_act_id: UUID
    expected_version: int


@dataclass(frozen=True, slots=True)
class RejectRecordedAct:
    recorded_act_id: UUID
    expected_version: int
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmInWriting:
    recorded_act_id: UUID
    file_id: UUID


async def begin_check(work: Work, command: CheckRecordedAct) -> RecordedAct:
    """The act, locked with its case, that the actor may let take effect. Refuses as every decision does."""
    act = await _load(work, command.recorded_act_id)
    await work.require("act.check", act)
    work.expect_version(act, command.expected_version)
    if act.status is not RecordedActStatus.AWAITING_CHECK:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=act.status.value, version=act.version)
    if work.actor.person_id in (act.recorded_by, None):
        raise Refusal(RefusalCode.SAME_PERSON, action="act.check")
    return act


def act_of(recorded: RecordedAct) -> Act:
    """How the use case comes about that now takes effect."""
    return Act(recorded.occurred_at, recorded.medium, recorded.id, recorded.evidence_file_id)


async def command_of(work: Work, recorded: RecordedAct) -> str:
    """The input of the act, as it was entered. Refuses NOT_FOUND where it was expunged."""
    command = await text_of(work.session, recorded.command_id)
    if command is None:
        raise not_found()
    return command


async def finish_check(work: Work, recorded: RecordedAct, result_id: UUID) -> RecordedAct:
    """Note who checked the act that has taken effect, and what came of it."""
    recorded.status, recorded.result_id = RecordedActStatus.EFFECTIVE, result_id
    return await _end_check(work, recorded, "act.checked")


async def reject_recorded_act(work: Work, command: RejectRecordedAct) -> RecordedAct:
    """The second officer does not find it so: the act never takes effect. Refuses as `begin_check` does."""
    act = await begin_check(work, CheckRecordedAct(command.recorded_act_id, command.expected_version))
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    reason_id = put_text(work.session, reason, work.now)
    await work.session.flush()
    act.status, act.reason_id = RecordedActStatus.REJECTED, reason_id
    await _stop_expecting_writing(work, act)
    return await _end_check(work, act, "act.rejected")


async def confirm_in_writing(work: Work, command: ConfirmInWriting) -> RecordedAct:
    """补签: what was said is now there in writing. Refuses NOT_APPLICABLE for a paper, ALREADY_DONE the second time."""
    act = await _load(work, command.recorded_act_id)
    await work.require("act.record", act)
    if act.medium not in SPOKEN:
        raise invalid(RefusalCode.NOT_APPLICABLE, "input", "act")
    if act.confirmed_at is not None or act.status is RecordedActStatus.REJECTED:
        raise Refusal(RefusalCode.ALREADY_DONE, state=act.status.value, version=act.version)
    subject = ("recorded_act", act.id)
    await attach(
        work,
        [command.file_id],
        owner=await owner_of(work, act),
        case_id=act.case_id,
        accountability_id=act.accountability_id,
        subject=subject,
        unit_id=None,
        path=("input", "file"),
        many=False,
    )
    act.confirmation_file_id, act.confirmed_at = command.file_id, work.now
    act.version += 1
    await _stop_expecting_writing(work, act)
    await work.record("act.confirmed", subject, case=await chain_of(work, act), action="act.record")
    return act


async def _load(work: Work, recorded_act_id: UUID) -> RecordedAct:
    seen = await work.load(RecordedAct, recorded_act_id, lock=False)
    await owner_of(work, seen)
    return await work.reach(RecordedAct, recorded_act_id)


async def _case(work: Work, act: RecordedAct) -> Any:
    return act.case_id and await work.session.get_one(table_of("case"), act.case_id)


async def _end_check(work: Work, act: RecordedAct, event_type: str) -> RecordedAct:
    act.checked_by, act.checked_at = work.actor.person_id, work.now
    act.version += 1
    await _close(work, act, TodoAction.CHECK_RECORDED_ACT)
    await work.record(event_type, ("recorded_act", act.id), case=await chain_of(work, act), action="act.check")
    return act


async def _stop_expecting_writing(work: Work, act: RecordedAct) -> None:
    await cancel(work.session, SubjectKind.ORAL_CONFIRMATION, act.id)
    case = await _case(work, act)
    if case is not None:
        case.next_fire_at = await next_fire_at(work.session, case.id)
    await _close(work, act, TodoAction.CONFIRM_IN_WRITING)


async def _close(work: Work, act: RecordedAct, action: TodoAction) -> None:
    await close_todos(
        work.session,
        at=work.now,
        by=work.actor.person_id,
        subject=("recorded_act", act.id),
        actions=frozenset({action}),
    )
