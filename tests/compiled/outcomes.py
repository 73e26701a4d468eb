"""What may come of mutations, laid before both ways without a mutation being run: payloads and refusals."""

import dataclasses
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any
from uuid import UUID

from graphql import ExecutionResult, FieldNode, GraphQLSchema, GraphQLUnionType, OperationType, get_named_type
from strawberry.types.base import get_object_definition

from app.core.refusals import Refusal, RefusalCode, invalid
from app.exchange.importing import ImportedItem, ImportReport
from app.exchange.tasks_tails import Question
from app.graphql.acts import RecordedAct
from app.graphql.admission import Operation
from app.graphql.cases import Case
from app.graphql.context import Context
from app.graphql.declarations import kind_of, object_type_of
from app.graphql.execution import GraphQLCore, Once
from app.graphql.loaders import reads_of
from app.graphql.mutations.importing import TaskImport
from app.graphql.mutations.payloads import Payload
from app.graphql.performing import Done
from app.graphql.refusals import refusal_of
from app.reads.kinds import ToldOne, ToldThrough
from app.reads.tables import Model
from tests.compiled.values import Values

_REFUSALS = (
    Refusal(RefusalCode.NOT_FOUND),
    Refusal(RefusalCode.NOT_ALLOWED, rule_id="SOD-1", action="case.view"),
    Refusal(RefusalCode.VERSION_CONFLICT, version=3, state="CLOSED"),
    invalid(RefusalCode.REQUIRED, "input", "leaderId"),
)


class Happened(GraphQLCore):
    """Whatever mutation is executed, this has come of it."""

    outcome: Any = None

    async def execute(
        self, operation: Operation, variables: Mapping[str, Any], context: Any, once: Once | None = None
    ) -> ExecutionResult:
        if operation.kind is OperationType.MUTATION:
            once = once or Once()
            (root,) = operation.definition.selection_set.selections
            assert isinstance(root, FieldNode)
            once._kept[(root.alias or root.name).value] = self.outcome, None
        return await super().execute(operation, variables, context, once)


def payload_of(schema: GraphQLSchema, mutation: str) -> type[Payload]:
    """What a mutation answers when it is done."""
    assert schema.mutation_type is not None
    union = get_named_type(schema.mutation_type.fields[mutation].type)
    assert isinstance(union, GraphQLUnionType)
    classes = (one.extensions["strawberry-definition"].origin for one in union.types)
    found: type[Payload] = next(one for one in classes if issubclass(one, Payload))
    return found


def drawn(random: Random, payload: type[Payload], values: Values, context: Context) -> Any:
    """A payload that tells of some row, or a refusal."""
    if random.random() < 0.25:
        return refusal_of(random.choice(_REFUSALS), context)
    keys = [row["id"] for model in _models(payload) for row in values.rows[model]]
    acts = [row["id"] for row in values.rows[reads_of(RecordedAct).model]]
    unknown = UUID(int=random.getrandbits(128))
    key = random.choice(keys or [unknown]) if random.random() < 0.9 else random.choice([unknown, None])
    done = Done(key, random.choice([*acts, unknown, None, None]))
    names = [one.name for one in dataclasses.fields(payload) if one.init and one.name != "done"]
    imported = TaskImport(item=_imported([row["id"] for row in values.rows[reads_of(Case).model]]))
    told = {name: random.choice([imported if name == "report" else "told once", None]) for name in names}
    make: Any = payload
    return make(done=done, **told)


def _imported(cases: list[UUID]) -> ImportReport:
    items = (
        ImportedItem(case_id, str(number), f"任务{number}", number % 2 == 0, tuple(Question)[:number], ("某局",))
        for number, case_id in enumerate(cases)
    )
    return ImportReport(cases[0], "重点任务分工", None, tuple(items), ("其他。",))


def _models(payload: type[Payload]) -> Iterator[Model]:
    """Whose rows the payload tells of by their keys."""
    for field in get_object_definition(payload, strict=True).fields:
        kind, target = kind_of(field), object_type_of(field.type)
        if isinstance(kind, ToldThrough):
            yield reads_of(kind.via).model
        elif isinstance(kind, ToldOne) and target is not None and target is not RecordedAct:
            yield reads_of(target).model
