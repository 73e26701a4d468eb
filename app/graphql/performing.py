"""How every mutation runs: one unit of work, one use case; a repeated key; a record that waits for its check."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

import strawberry
from pydantic import TypeAdapter

from app.acts.recording import record_act
from app.audit.rules import digest_of
from app.core.ids import decode_id
from app.core.refusals import Problems, RefusalCode, invalid
from app.core.texts import clean
from app.graphql.context import Info
from app.graphql.recorded import RECORDABLE, as_entered, place_of, try_out
from app.work import Medium, Work
from app.work.repeating import claim

C = TypeVar("C")
_LONGEST_KEY = 100

RecordedMedium = strawberry.enum(Medium, name="Medium", description="How an act was done (载体).")


class HasId(Protocol):
    @property
    def id(self) -> Any: ...


class MutationInput(Protocol):
    """What every input has; those of acts that may be done outside the system also have `recorded`."""

    idempotency_key: str | None


@strawberry.input(description="An act done outside the system, entered on behalf of who did it (代录).")
class RecordedInput:
    decided_by: strawberry.ID = strawberry.field(description="The person whose act it was.")
    occurred_at: datetime = strawberry.field(description="When it was done: what timeliness counts.")
    medium: RecordedMedium = strawberry.field(description="On paper, by phone or by voice.")  # type: ignore[valid-type]  # made by strawberry.enum
    evidence: strawberry.ID = strawberry.field(description="The stored file that proves it (凭证).")


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a mutation: the row that the use case answered with, or the recorded act that waits for a check."""

    id: UUID | None
    recorded_act_id: UUID | None = None


def mutation(sentence: str, action: str, clause: str) -> Any:
    """A mutation whose description says what right it needs (the guard's own name) and which clause it carries out."""
    return strawberry.mutation(description=f"{sentence} Requires: {action}. Clause: {clause}.")


def key_of(tag: str, value: strawberry.ID | str, *path: str | int) -> UUID:
    """The key in a global id of one kind. Refuses BAD_ID with the path of the field, `input` left out."""
    decoded = decode_id(value)
    if decoded is None or decoded[0] != tag:
        raise invalid(RefusalCode.BAD_ID, "input", *path)
    return decoded[1]


def optional_key_of(tag: str, value: strawberry.ID | str | None, *path: str | int) -> UUID | None:
    return None if value is None else key_of(tag, value, *path)


def keys_of(tag: str, values: list[strawberry.ID] | None, *path: str | int) -> tuple[UUID, ...]:
    return tuple(key_of(tag, value, *path, index) for index, value in enumerate(values or ()))


async def perform(
    info: Info,
    name: str,
    use_case: Callable[[Work, C], Awaitable[HasId]],
    command: C,
    input: MutationInput,
) -> Done:
    """Run a use case in a transaction of its own; then forget what was read before it.

    The same key and input within 24 hours answer as the first time; another input is IDEMPOTENCY_CONFLICT. An input
    with `recorded` is entered, not done: it waits for a second officer (代录).
    """
    context = info.context
    idempotency_key, recorded = input.idempotency_key, getattr(input, "recorded", None)
    if idempotency_key is not None:
        problems = Problems()
        idempotency_key = clean(problems, idempotency_key, _LONGEST_KEY, "input", "idempotencyKey")
        problems.raise_if_any()
    async with context.workplace.open(context.actor, context.policy, correlation_id=context.correlation_id) as work:
        done = await _once(work, name, use_case, command, input, idempotency_key, recorded)
    context.loaders.forget()
    return done


async def _once(
    work: Work,
    name: str,
    use_case: Callable[[Work, C], Awaitable[HasId]],
    command: C,
    input: MutationInput,
    idempotency_key: str | None,
    recorded: RecordedInput | None,
) -> Done:
    if idempotency_key is None:
        return await _run(work, name, use_case, command, input, recorded)
    row, is_new = await claim(work, name, idempotency_key, _digest(command, recorded))
    if not is_new:
        return Done(row.result_id, row.recorded_act_id)
    done = await _run(work, name, use_case, command, input, recorded)
    row.result_id, row.recorded_act_id = done.id, done.recorded_act_id
    return done


async def _run(
    work: Work,
    name: str,
    use_case: Callable[[Work, C], Awaitable[HasId]],
    command: C,
    input: MutationInput,
    recorded: RecordedInput | None,
) -> Done:
    if recorded is None:
        return Done((await use_case(work, command)).id)
    act = await record_act(
        work,
        name,
        TypeAdapter(RECORDABLE[name].command).dump_json(command).decode(),
        entered=as_entered(input),
        place=await place_of(work, command),
        decided_by=key_of("person", recorded.decided_by, "recorded", "decidedBy"),
        medium=Medium(recorded.medium),
        occurred_at=recorded.occurred_at,
        evidence_file_id=key_of("file", recorded.evidence, "recorded", "evidence"),
    )
    done = Done(None, act.id)
    await try_out(work, act, command)
    return done


def _digest(command: Any, recorded: RecordedInput | None) -> str:
    fields = TypeAdapter(type(command)).dump_python(command, mode="json")
    acted = [recorded.decided_by, recorded.occurred_at, str(recorded.medium), recorded.evidence] if recorded else None
    return digest_of({"command": fields, "recorded": acted})
