"""代录: an act done on paper, by phone or by voice is entered by one officer, and waits for another (`checking`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.acts.models import RecordedAct
from app.acts.queries import post_on
from app.acts.rules import RecordedActStatus
from app.authz import Role
from app.authz.objects import registered
from app.content.models import ContentKind
from app.content.service import put_text
from app.core.clock import local_date
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode, invalid
from app.deadlines.dates import Reckoning, working
from app.deadlines.rules import DateSource, Stage, SubjectKind
from app.deadlines.service import next_fire_at, set_deadline
from app.files.service import attach
from app.identity.models import Person
from app.todos.models import Todo
from app.todos.rules import TodoAction
from app.todos.service import open_todo
from app.work import Medium, Work

SPOKEN = frozenset({Medium.PHONE, Medium.ORAL})


@dataclass(frozen=True, slots=True)
class Place:
    """To what an act belongs: a unit's part, a case, a circular without one, or an accountability proposal."""

    case_id: UUID | None = None
    assignment_id: UUID | None = None
    circular_id: UUID | None = None
    accountability_id: UUID | None = None


async def record_act(
    work: Work,
    mutation: str,
    command_json: str,
    *,
    entered: Sequence[tuple[str, str]],
    place: Place,
    decided_by: UUID,
    medium: Medium,
    occurred_at: datetime,
    evidence_file_id: UUID,
) -> RecordedAct:
    """Enter what somebody did outside the system, with its evidence. Timeliness counts `occurred_at`.

    `entered` is the input for the eyes of the second officer: the name and the value of each field.

    Refuses INVALID_INPUT, NOT_ALLOWED, NOT_FOUND, SAME_PERSON.
    """
    case, assignment = await _case_of(work, place)
    if work.actor.person_id is None:
        raise Refusal(RefusalCode.NOT_ALLOWED, action="act.record")
    act = RecordedAct(
        id=new_id(),
        mutation=mutation,
        case_id=case and case.id,
        assignment_id=place.assignment_id,
        circular_id=None if case else place.circular_id,
        accountability_id=place.accountability_id,
        decided_by=decided_by,
        medium=medium,
        evidence_file_id=evidence_file_id,
        occurred_at=occurred_at,
        recorded_by=work.actor.person_id,
        recorded_at=work.now,
        status=RecordedActStatus.AWAITING_CHECK,
    )
    await work.require("act.record", act)
    await _check(work, act)
    owner = await owner_of(work, act)
    await _keep_evidence(work, act, owner, assignment)
    await _enter(work, act, owner, command_json, entered)
    if medium in SPOKEN:
        await _expect_writing(work, case, act, owner)
    await work.record("act.recorded", ("recorded_act", act.id), case=await chain_of(work, act), action="act.record")
    return act


def table_of(name: str) -> type[Any]:
    """Cases and assignments lie above: here, as in the conditions of a policy, they are known by name."""
    return next(kind.model for kind in registered() if kind.name == name)


async def owner_of(work: Work, act: RecordedAct) -> Any:
    """The case, the circular without one or the proposal whose level and scope the papers of an act take; locked."""
    if act.accountability_id is not None:
        return await work.reach(table_of("accountability"), act.accountability_id)
    if act.circular_id is not None:
        return await work.reach(table_of("circular"), act.circular_id)
    assert act.case_id is not None
    return await work.reach(table_of("case"), act.case_id)


async def chain_of(work: Work, act: RecordedAct) -> Any:
    """Where an act is recorded: with its case or its proposal; with the acts of administration what is of neither."""
    if act.accountability_id is not None:
        return await work.session.get_one(table_of("accountability"), act.accountability_id)
    return act.case_id and await work.session.get_one(table_of("case"), act.case_id)


async def _case_of(work: Work, place: Place) -> tuple[Any, Any]:
    case_id, assignment = place.case_id, None
    if place.assignment_id is not None:
        assignment = await work.load(table_of("assignment"), place.assignment_id, lock=False)
        case_id = case_id or assignment.case_id
    if case_id is None and place.circular_id is None and place.accountability_id is None:
        raise invalid(RefusalCode.NOT_APPLICABLE, "input", "recorded")
    if assignment is not None and assignment.case_id != case_id:
        raise invalid(RefusalCode.BAD_ID, "input", "assignment")
    return case_id and await work.load(table_of("case"), case_id), assignment


async def _check(work: Work, act: RecordedAct) -> None:
    if act.decided_by == act.recorded_by:
        raise Refusal(RefusalCode.SAME_PERSON, action="act.record")
    problems = Problems()
    decider = await work.session.get(Person, act.decided_by)
    problems.check(decider is not None, RefusalCode.BAD_ID, "input", "recorded", "decidedBy")
    problems.check(act.medium is not Medium.SYSTEM, RefusalCode.NOT_APPLICABLE, "input", "recorded", "medium")
    problems.check(act.occurred_at <= work.now, RefusalCode.BAD_DATE, "input", "recorded", "occurredAt")
    problems.raise_if_any()


async def _keep_evidence(work: Work, act: RecordedAct, owner: Any, assignment: Any) -> None:
    """The sheet of a unit is the unit's evidence; that of a leader is not for units to see."""
    day = local_date(act.occurred_at)
    of_unit = assignment and await post_on(work.session, act.decided_by, day, assignment.unit_id)
    await attach(
        work,
        [act.evidence_file_id],
        owner=owner,
        case_id=act.case_id,
        accountability_id=act.accountability_id,
        subject=("recorded_act", act.id),
        unit_id=assignment.unit_id if of_unit else None,
        path=("input", "recorded", "evidence"),
        many=False,
    )


async def _enter(
    work: Work, act: RecordedAct, owner: Any, command_json: str, entered: Sequence[tuple[str, str]]
) -> None:
    act.command_id = put_text(work.session, command_json, work.now, ContentKind.COMMAND)
    act.entered_id = put_text(work.session, orjson.dumps(entered).decode(), work.now, ContentKind.COMMAND)
    await work.session.flush()
    work.session.add(act)
    await work.session.flush()
    _wait_for(work, act, owner, TodoAction.CHECK_RECORDED_ACT)


async def _expect_writing(work: Work, case: Any, act: RecordedAct, owner: Any) -> None:
    """补签: what was only said has to be there in writing soon after."""
    rule_set_id = case.rule_set_id if case else (await work.rule_set()).id
    reckoning = Reckoning(await work.rules_of(rule_set_id), rule_set_id, await work.calendar())
    due = working(reckoning, local_date(act.occurred_at), reckoning.regulation.office.oral_confirmation_workdays)
    todo = _wait_for(work, act, owner, TodoAction.CONFIRM_IN_WRITING)
    todo.due_on, todo.due_at = due.due_on, due.due_at
    if case is None:  # the sweep claims cases
        return
    await set_deadline(
        work.session,
        reckoning,
        subject_kind=SubjectKind.ORAL_CONFIRMATION,
        subject_id=act.id,
        case_id=case.id,
        stage=Stage.NOTICE,
        due=due,
        source=DateSource.OFFICE,
    )
    case.next_fire_at = await next_fire_at(work.session, case.id)


def _wait_for(work: Work, act: RecordedAct, owner: Any, action: TodoAction) -> Todo:
    return open_todo(
        work.session,
        action,
        ("recorded_act", act.id),
        case_id=act.case_id,
        accountability_id=act.accountability_id,
        since=work.now,
        role=Role.SUPERVISION_OFFICER.value,
        classification=owner.classification,
    )
