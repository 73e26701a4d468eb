"""Declarations that mypy must refuse. Each refusal is expected by name, so `make lint` fails when one is missing."""

from datetime import date, datetime

import strawberry

from app.graphql.declarations import column, computed, global_id, text
from tests.reads.toy import Case


def days(due_on: date, now: datetime) -> int:
    return (due_on - now.date()).days


class Wrong:
    weight: str | None = column(Case.weight, description="Another type.")  # type: ignore[assignment]
    due_on: date = column(Case.due_on, description="Never null.")  # type: ignore[assignment]
    title: str = text(Case.title_id, description="Never null.")  # type: ignore[assignment]
    number: int = global_id("case")  # type: ignore[assignment]
    opened: str = computed(lambda at, now: at < now, Case.opened_at, description="A result.")  # type: ignore[assignment]
    left: int = computed(days, Case.due_on, description="An argument.")  # type: ignore[arg-type]
    left_of: int = computed(days, Case.opened_at, Case.id, description="Others.")  # type: ignore[arg-type]


class Right:
    id: strawberry.ID = global_id("case")
    weight: int | None = column(Case.weight, description="Its type.")
    title: str | None = text(Case.title_id, description="Its type.")
    opened: bool = computed(lambda at, now: at < now, Case.opened_at, description="Its type.")
