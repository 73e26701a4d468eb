"""待办, for whom a case waits, and the inbox as the schema shows them."""

from datetime import date, datetime

import strawberry

from app.graphql.cases import Case
from app.graphql.declarations import column, computed, global_id, reads, to_one
from app.graphql.node import Node
from app.graphql.units import Person, Unit
from app.notifications import models as notifications
from app.todos import models
from app.todos.rules import TodoAction, answered_by


@strawberry.type(description="Something that waits for somebody (待办).")
@reads(models.Todo, object="todo")
class Todo(Node):
    id: strawberry.ID = global_id("todo")
    action: TodoAction = column(models.Todo.action, description="What is waited for.")
    mutation: str = computed(answered_by, models.Todo.action, description="The mutation that answers it.")
    role: str | None = column(models.Todo.role, description="The role that must act, where it is no unit or person.")
    since: datetime = column(models.Todo.since, description="Since when.")
    due_on: date | None = column(models.Todo.due_on, description="Until when.")
    due_at: datetime | None = column(models.Todo.due_at, description="The instant at which that date ends.")
    closed_at: datetime | None = column(models.Todo.closed_at, description="When it was done; null while it waits.")
    case: Case | None = to_one(models.Todo.case_id, description="The case.")
    unit: Unit | None = to_one(models.Todo.unit_id, description="The unit that must act.")
    person: Person | None = to_one(models.Todo.person_id, description="The person who must act.")


@strawberry.type(description="Somebody for whom a case waits (等待谁办理), as who follows the case may know.")
@reads(models.Todo, object="todo.watch")
class Waiting(Node):
    id: strawberry.ID = global_id("waiting")
    action: TodoAction = column(models.Todo.action, description="What is waited for.")
    mutation: str = computed(answered_by, models.Todo.action, description="The mutation that answers it.")
    role: str | None = column(models.Todo.role, description="The role that must act, where it is no unit or person.")
    since: datetime = column(models.Todo.since, description="Since when.")
    due_on: date | None = column(models.Todo.due_on, description="Until when.")
    unit: Unit | None = to_one(models.Todo.unit_id, description="The unit that must act.")
    person: Person | None = to_one(models.Todo.person_id, description="The person who must act.")


@strawberry.type(description="A message in the inbox (收件箱).")
@reads(notifications.Notification, object="notification")
class Notification(Node):
    id: strawberry.ID = global_id("notification")
    topic: str = column(notifications.Notification.topic, description="What it is about, e.g. `urging.delivered`.")
    created_at: datetime = column(notifications.Notification.created_at, description="When it came.")
    read_at: datetime | None = column(notifications.Notification.read_at, description="When it was read.")
    case: Case | None = to_one(notifications.Notification.case_id, description="The case.")
    unit: Unit | None = to_one(notifications.Notification.unit_id, description="The unit for which it came.")
