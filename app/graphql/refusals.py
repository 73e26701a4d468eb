"""Refusals as members of every mutation's result union, and the one handler that makes them."""

import re
from typing import Any

import strawberry

from app.core.refusals import Refusal as CoreRefusal
from app.core.refusals import RefusalCode, RefusalKind, message_of
from app.graphql.context import Context, Info
from app.graphql.declarations import from_graphql_core

_SUFFIX = re.compile(r"(?<=[a-z])Ids?$")


@strawberry.interface(description="An expected no (拒绝): nothing has changed and nothing was sent.")
class Refusal:
    code: RefusalCode = strawberry.field(description="The stable code.")
    message: str = strawberry.field(description="A sentence for people, in the language asked for.")


@from_graphql_core("made in memory")
@strawberry.type(description="One thing wrong with the input (输入问题).")
class InputProblem:
    code: RefusalCode = strawberry.field(description="The stable code.")
    path: list[str] = strawberry.field(description="The field as the client wrote it: names and list positions.")
    message: str = strawberry.field(description="A sentence for people.")


@from_graphql_core("made in memory")
@strawberry.type(description="The input is not valid (输入有误). All problems are listed at once.")
class InvalidInput(Refusal):
    problems: list[InputProblem] = strawberry.field(description="Everything that is wrong.")


@from_graphql_core("made in memory")
@strawberry.type(description="The caller may not do this (无权办理).")
class NotAllowed(Refusal):
    rule: str | None = strawberry.field(description="Id of the rule that denies it; null where no rule allows it.")
    clause: str | None = strawberry.field(description="The clause on which the rule rests (条款).")


@from_graphql_core("made in memory")
@strawberry.type(description="Not found (未找到): it does not exist, or the caller may not see it.")
class NotFound(Refusal):
    pass


@from_graphql_core("made in memory")
@strawberry.type(description="The state does not allow it, or somebody changed it meanwhile (状态冲突).")
class Conflict(Refusal):
    version: int | None = strawberry.field(description="The current version, where there is one.")
    state: str | None = strawberry.field(description="The current state, where there is one.")


class RefusalHandler(strawberry.ExceptionHandler[CoreRefusal, Any]):
    """Turns a refusal into a member of the result union. Fields without such a union let it pass as an error."""

    error_type = NotFound  # a result union has all four or none; Strawberry looks for one

    def handle(self, exception: CoreRefusal, *, field: Any, info: Info) -> Refusal:
        return refusal_of(exception, info.context)


def refusal_of(refusal: CoreRefusal, context: Context) -> Refusal:
    code: Any = refusal.code
    message = refusal.message(context.language)
    match refusal.kind:
        case RefusalKind.INVALID:
            return InvalidInput(code=code, message=message, problems=_problems(refusal, context))
        case RefusalKind.NOT_ALLOWED:
            clause = context.policy.clauses.get(refusal.rule_id or "")
            return NotAllowed(
                code=code, message=message, rule=refusal.rule_id, clause=clause.clause if clause else None
            )
        case RefusalKind.NOT_FOUND:
            return NotFound(code=code, message=message)
        case RefusalKind.CONFLICT:
            return Conflict(code=code, message=message, version=refusal.version, state=refusal.state)


def _problems(refusal: CoreRefusal, context: Context) -> list[InputProblem]:
    return [
        InputProblem(
            code=problem.code,
            path=[_as_written(part) for part in problem.path],
            message=message_of(problem.code, context.language, **dict(problem.params)),
        )
        for problem in refusal.problems
    ]


def _as_written(part: str | int) -> str:
    """Use cases name the field of their command (`leaderId`); clients wrote it without the suffix (`leader`)."""
    return _SUFFIX.sub(lambda found: "s" if found[0] == "Ids" else "", part) if isinstance(part, str) else str(part)
