"""Opening and closing what waits. Called by use cases inside their transaction."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.levels import Classification
from app.todos.models import Todo
from app.todos.rules import TodoAction


def open_todo(
    session: AsyncSession,
    action: TodoAction,
    subject: tuple[str, UUID],
    *,
    case_id: UUID | None,
    accountability_id: UUID | None = None,
    since: datetime,
    unit_id: UUID | None = None,
    person_id: UUID | None = None,
    role: str | None = None,
    in_place_of: UUID | None = None,
    due_on: date | None = None,
    due_at: datetime | None = None,
    classification: Classification = Classification.PUBLIC,
) -> Todo:
    """Say that somebody must act on `subject` = (kind, id). One open todo for each subject and action."""
    todo = Todo(
        action=action,
        subject_kind=subject[0],
        subject_id=subject[1],
        case_id=case_id,
        accountability_id=accountability_id,
        unit_id=unit_id,
        person_id=person_id,
        role=role,
        in_place_of=in_place_of,
        since=since,
        due_on=due_on,
        due_at=due_at,
        classification=classification,
    )
    session.add(todo)
    return todo


async def close_todos(
    session: AsyncSession,
    *,
    at: datetime,
    by: UUID | None,
    subject: tuple[str, UUID] | None = None,
    case_id: UUID | None = None,
    actions: frozenset[TodoAction] | None = None,
) -> list[Todo]:
    """Close the open todos of a subject or of a whole case, of the given actions (all when None). Returns them."""
    await session.flush()
    statement = select(Todo).where(Todo.closed_at.is_(None)).order_by(Todo.id)
    if subject is not None:
        statement = statement.where(Todo.subject_kind == subject[0], Todo.subject_id == subject[1])
    if case_id is not None:
        statement = statement.where(Todo.case_id == case_id)
    if actions is not None:
        statement = statement.where(Todo.action.in_(sorted(actions)))
    closed = list((await session.execute(statement)).scalars())
    for todo in closed:
        todo.closed_at, todo.closed_by = at, by
    return closed


async def move_todos(
    session: AsyncSession,
    subject: tuple[str, UUID],
    actions: frozenset[TodoAction],
    *,
    due_on: date,
    due_at: datetime,
) -> None:
    """What still waits on a subject, of the given actions, waits until another date."""
    await session.flush()
    statement = select(Todo).where(
        Todo.closed_at.is_(None),
        Todo.subject_kind == subject[0],
        Todo.subject_id == subject[1],
        Todo.action.in_(sorted(actions)),
    )
    for todo in (await session.execute(statement)).scalars():
        todo.due_on, todo.due_at = due_on, due_at


async def is_waiting(session: AsyncSession, subject: tuple[str, UUID], action: TodoAction, role: str) -> bool:
    """Whether a role still has to act on a subject."""
    await session.flush()
    statement = select(Todo.id).where(
        Todo.closed_at.is_(None),
        Todo.subject_kind == subject[0],
        Todo.subject_id == subject[1],
        Todo.action == action,
        Todo.role == role,
    )
    return (await session.scalars(statement)).first() is not None
