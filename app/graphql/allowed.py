"""`allowedActions`: what the caller may do now to an object, and why not, so that clients carry no rules."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import strawberry

from app.authz import Clause
from app.core.refusals import Language, RefusalCode, message_of
from app.graphql.declarations import from_graphql_core
from app.graphql.made import made
from app.reads.kinds import Judged, Meets, Need
from app.reads.tables import Attribute
from app.reads.verdicts import ALLOWED, Verdict


class Possible(NamedTuple):
    """An act on an object: the right that it needs, the mutation that does it, the states in which it is possible.

    `obstacle` says what else stands against it: of the columns and circumstances `by`, and then of the moment. In any
    other state the mutation refuses with `otherwise`.
    """

    action: str
    mutation: str
    states: frozenset[StrEnum]
    obstacle: Callable[..., RefusalCode | None] = lambda _now: None
    by: tuple[Attribute[Any] | Meets, ...] = ()
    otherwise: RefusalCode = RefusalCode.STATUS_CONFLICT


@from_graphql_core("made in memory")
@strawberry.type(description="Why an action is not allowed now (原因).")
class ActionReason:
    code: RefusalCode = strawberry.field(description="The code with which the mutation would refuse.")
    message: str = strawberry.field(description="A sentence for people.")
    clause: str | None = strawberry.field(description="The clause on which a denying rule rests (条款).")


@from_graphql_core("made in memory")
@strawberry.type(description="An act and whether the caller may do it now (可办事项).")
class AllowedAction:
    action: str = strawberry.field(description="The right that it needs, e.g. `case.decide`.")
    mutation: str = strawberry.field(description="The mutation that does it.")
    allowed: bool = strawberry.field(description="Whether the caller may do it now.")
    reason: ActionReason | None = strawberry.field(description="Why not; null where it is allowed.")


def allowed(possible: Sequence[Possible], status: Attribute[Any]) -> Any:
    """By rights first, then by the object's state, then by what else stands against it."""
    columns = tuple(dict.fromkeys([status, *(column for act in possible for column in act.by)]))

    def answer(*values: Any) -> list[AllowedAction]:
        *told, now, language, clauses = values
        verdicts, row = told[: len(possible)], dict(zip(columns, told[len(possible) :], strict=True))
        return [
            _answer(act, verdict, row[status], [*(row[column] for column in act.by), now], language, clauses)
            for act, verdict in zip(possible, verdicts, strict=True)
        ]

    return made(
        answer,
        *(Judged(act.action) for act in possible),
        *columns,
        needs=(Need.NOW, Need.LANGUAGE, Need.CLAUSES),
        description="What the caller may do to it now, and why not (可办事项).",
    )


def _answer(
    act: Possible,
    verdict: Verdict,
    status: StrEnum,
    told: Sequence[Any],
    language: Language,
    clauses: Mapping[str, Clause],
) -> AllowedAction:
    reason: ActionReason | None
    if verdict != ALLOWED:
        clause = clauses.get(verdict or "")
        reason = _reason(RefusalCode.NOT_ALLOWED, language, clause.clause if clause else None)
    elif status not in act.states:
        reason = _reason(act.otherwise, language)
    else:
        obstacle = act.obstacle(*told)
        reason = None if obstacle is None else _reason(obstacle, language)
    return AllowedAction(action=act.action, mutation=act.mutation, allowed=reason is None, reason=reason)


def _reason(code: RefusalCode, language: Language, clause: str | None = None) -> ActionReason:
    return ActionReason(code=code, message=message_of(code, language), clause=clause)
