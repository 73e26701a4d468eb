"""Compiled reads: an executor that answers by plans, and hands what it cannot do to graphql-core.

The decision is made for the whole operation, never for half of one. Whatever goes wrong on the way (an argument that is
refused, a value that no type admits, a mistake of ours) makes graphql-core answer in its place: the two ways give the
same data, and errors are told by one of them only.

The resolver of a mutation is graphql-core's to run, once. What came of it, a payload or a refusal, is an object in
memory; that, and the rows whose keys it tells, a plan writes when the transaction is over.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import orjson
import strawberry
import structlog
from graphql import ExecutionResult, GraphQLError, GraphQLObjectType, OperationType
from graphql.execution.values import VariableValues, get_variable_values

from app.core.refusals import Refusal
from app.graphql.admission import Operation
from app.graphql.compiler.arguments import Root, roots_of
from app.graphql.compiler.draft import Asking, Compiled
from app.graphql.compiler.roots import compile_operation, compile_payload
from app.graphql.compiler.selection import TYPENAME, Selected, Uncompilable, bare, switches
from app.graphql.errors import Rejected
from app.graphql.execution import GraphQLCore, Once, core_schema
from app.graphql.loaders import ReadContext
from app.reads.kinds import Need
from app.reads.running import Request, run

MAX_PLANS = 64  # of one operation: role shapes, orders, kinds of nodes
COMPILED, REFUSED, SURPRISE, SUBSCRIPTION = "compiled", "refused", "surprise", "subscription"

_log = structlog.get_logger(__name__)


class CompiledReads:
    """Answers what it can; `core` answers the rest. `count` is told of each answer: "compiled", or why it was not."""

    def __init__(
        self, schema: strawberry.Schema, core: GraphQLCore, *, count: Callable[[str], None] = lambda _reason: None
    ) -> None:
        self._schema = schema
        self._core = core
        self._count = count
        self._forms: WeakKeyDictionary[Operation, _Forms] = WeakKeyDictionary()

    async def execute(self, operation: Operation, variables: Mapping[str, Any], context: Any) -> ExecutionResult:
        once = Once() if operation.kind is OperationType.MUTATION else None
        if once is None:
            answering = self._answered(operation, variables, context)
        else:
            answering = self._carried_out(operation, variables, context, once)
        data = await self._counted(operation, answering)
        if data is None:
            return await self._core.execute(operation, variables, context, once)
        return ExecutionResult(orjson.Fragment(data), None)  # type: ignore[arg-type]  # data already written

    async def subscribe(
        self, operation: Operation, variables: Mapping[str, Any], context: Any
    ) -> AsyncIterator[ExecutionResult] | ExecutionResult:
        self._count(SUBSCRIPTION)
        return await self._core.subscribe(operation, variables, context)

    async def _counted(self, operation: Operation, answering: Awaitable[bytes]) -> bytes | None:
        """The data as JSON; None where graphql-core is to answer. Which of both it was is counted."""
        try:
            data = await answering
        except Uncompilable as why:
            self._count(str(why))
        except (GraphQLError, Refusal, Rejected):
            self._count(REFUSED)
        except TimeoutError:
            raise  # once more would take as long
        except Exception as error:  # noqa: BLE001  # told by graphql-core, or seen by it to be none
            self._count(SURPRISE)
            _log.warning("read_surprise", operation=operation.name, error=type(error).__name__)
        else:
            self._count(COMPILED)
            return data
        return None

    async def _answered(self, operation: Operation, raw: Mapping[str, Any], context: ReadContext) -> bytes:
        """The data of a query as JSON."""
        form, variables = self._form(operation, raw)
        arguments = [root.arguments(variables) for root in form.roots]
        choices = tuple(root.choice(given) for root, given in zip(form.roots, arguments, strict=True))
        compiled = form.plan(
            (context.policy, context.actor.roles, choices),
            lambda: compile_operation(self._schema, form.selected, form.roots, choices, context),
        )
        return await _answer(compiled, Asking(context, variables, await _needed(compiled, context), roots=arguments))

    async def _carried_out(
        self, operation: Operation, raw: Mapping[str, Any], context: ReadContext, once: Once
    ) -> bytes:
        """The data of a mutation as JSON: graphql-core is asked for the type of what comes of it, a plan for the rest.

        Whoever executes it afterwards, its resolver does not run again.
        """
        form, variables = self._form(operation, raw)
        if len(form.roots) != 1:
            raise Uncompilable("several mutations")  # each is to be told before the next one runs (§6.2.2)
        (root,) = form.roots
        if root.declared is None:
            raise Uncompilable("introspection")
        result = await self._core.execute(bare(operation, root.fields), raw, context, once)
        for error in result.errors or ():
            raise error
        assert result.data is not None
        return await self._told(form, variables, context, result.data[root.name][TYPENAME], once.outcome(root.name))

    async def _told(
        self, form: "_Form", variables: VariableValues, context: ReadContext, type_name: str, outcome: Any
    ) -> bytes:
        """What came of a mutation."""
        (root,) = form.roots
        kind = core_schema(self._schema).type_map[type_name]
        assert isinstance(kind, GraphQLObjectType)
        compiled = form.plan(
            (context.policy, context.actor.roles, kind),
            lambda: compile_payload(self._schema, form.selected, root, kind, context),
        )
        return await _answer(compiled, Asking(context, variables, await _needed(compiled, context), outcome=outcome))

    def _form(self, operation: Operation, raw: Mapping[str, Any]) -> tuple["_Form", VariableValues]:
        forms = self._forms.get(operation)
        if forms is None:
            forms = self._forms[operation] = _Forms(switches(operation))
        core = core_schema(self._schema)
        variables = get_variable_values(core, operation.definition.variable_definitions or (), dict(raw))
        if isinstance(variables, list):
            raise variables[0]
        return forms.under(self._schema, operation, variables), variables


async def _needed(compiled: Compiled, context: ReadContext) -> Mapping[Need, Any]:
    return {need: await context.given(need) for need in compiled.needs}


async def _answer(compiled: Compiled, asking: Asking) -> bytes:
    context = asking.context
    database = context.database
    asked = {number: ask(asking) for number, ask in compiled.asks.items()}
    given = [give(asking) for give in compiled.gives]
    values: dict[str, Any] = {}
    for rule in compiled.rules:
        values |= rule.parameters(context.actor, context.now, database.dialect.name, values)
    request = Request(asked, values, context.now, given, asking.needed)
    return await database.direct.run(run(compiled.plan, compiled.write, request, context.loaders.seen))


@dataclass(slots=True)
class _Form:
    """An operation under one set of switches, and its plans."""

    selected: Selected
    roots: tuple[Root, ...]
    uses: int = 0
    plans: OrderedDict[Hashable, Compiled] = field(default_factory=OrderedDict)

    def plan(self, key: Hashable, make: Callable[[], Compiled]) -> Compiled:
        """The plan of that name. What is asked for once is not kept: such documents may be endless."""
        kept = self.plans.get(key)
        if kept is not None:
            self.plans.move_to_end(key)
            return kept
        made = make()
        self.uses += 1
        if self.uses > 1:
            self.plans[key] = made
            if len(self.plans) > MAX_PLANS:
                self.plans.popitem(last=False)
        return made


@dataclass(slots=True)
class _Forms:
    """An operation under each set of switches that was asked for; with four of them there are sixteen at most."""

    switches: tuple[str, ...]
    by_values: dict[Hashable, _Form] = field(default_factory=dict)

    def under(self, schema: strawberry.Schema, operation: Operation, variables: VariableValues) -> _Form:
        values = tuple(variables.coerced.get(name) for name in self.switches)
        found = self.by_values.get(values)
        if found is None:
            selected = Selected.of(core_schema(schema), operation, _only(variables, self.switches))
            found = self.by_values[values] = _Form(selected, roots_of(schema, selected))
        return found


def _only(variables: VariableValues, names: Collection[str]) -> VariableValues:
    """What a plan may keep of a request: nothing that people wrote."""
    return VariableValues(
        {name: source for name, source in variables.sources.items() if name in names},
        {name: value for name, value in variables.coerced.items() if name in names},
    )
