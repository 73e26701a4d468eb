"""Who acts where a leader is recused (条例 第十七条): what waits for a leader waits for whoever decides in his place.

That is the district head, who may decide on every case; where he is recused himself, and for talks, it is the head of
the office, who finds somebody else.
"""

from typing import TypedDict
from uuid import UUID

from sqlalchemy import or_, select

from app.authz import Role
from app.cases.models import Case, CaseParticipant
from app.identity.queries import holders_of_role
from app.todos.models import Todo
from app.todos.rules import TodoAction
from app.todos.service import open_todo
from app.work import Work


class WaitsFor(TypedDict):
    """For whom a todo is opened."""

    person_id: UUID | None
    role: str | None
    in_place_of: UUID | None


async def waits_for(work: Work, case_id: UUID, person_id: UUID | None, action: TodoAction) -> WaitsFor:
    """For the leader himself, unless he is recused from the case."""
    recused = await recused_from(work, case_id)
    if person_id not in recused:
        return {"person_id": person_id, "role": None, "in_place_of": None}
    heads = set(await holders_of_role(work.session, Role.DISTRICT_HEAD, work.now)) - recused
    decides = heads and action is not TodoAction.HOLD_TALK
    role = Role.DISTRICT_HEAD if decides else Role.SUPERVISION_HEAD
    return {"person_id": None, "role": role.value, "in_place_of": person_id}


async def waits_for_leader(work: Work, case: Case, action: TodoAction) -> WaitsFor:
    """For who leads the case; without anybody yet, for any leader."""
    if case.leader_id is None:
        return {"person_id": None, "role": Role.DISTRICT_LEADER.value, "in_place_of": None}
    return await waits_for(work, case.id, case.leader_id, action)


async def recused_from(work: Work, case_id: UUID) -> set[UUID]:
    """The people who are recused from a case now."""
    await work.session.flush()
    statement = select(CaseParticipant.person_id).where(
        CaseParticipant.case_id == case_id, CaseParticipant.recused, CaseParticipant.person_id.is_not(None)
    )
    return {person_id for person_id in await work.session.scalars(statement) if person_id is not None}


async def hand_todos_on(work: Work, case_id: UUID) -> None:
    """After a recusal, and after it was lifted: what now waits for another is opened for him, until the same day."""
    of_a_leader = or_(Todo.person_id.is_not(None), Todo.in_place_of.is_not(None))
    statement = select(Todo).where(Todo.case_id == case_id, of_a_leader, Todo.closed_at.is_(None)).order_by(Todo.id)
    for todo in (await work.session.scalars(statement)).all():
        waiting = await waits_for(work, case_id, todo.in_place_of or todo.person_id, todo.action)
        if waiting == WaitsFor(person_id=todo.person_id, role=todo.role, in_place_of=todo.in_place_of):
            continue
        todo.closed_at, todo.closed_by = work.now, work.actor.person_id
        await work.session.flush()
        open_todo(
            work.session,
            todo.action,
            (todo.subject_kind, todo.subject_id),
            case_id=case_id,
            since=work.now,
            due_on=todo.due_on,
            due_at=todo.due_at,
            **waiting,
        )
    await work.session.flush()
