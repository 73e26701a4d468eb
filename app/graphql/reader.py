"""Compiled reads: an executor that answers by plans, and hands what it cannot do to graphql-core.

The decision is made for the whole operation, never for half of one. Whatever goes wrong on the way (an argument that is
refused, a value that no type admits, a mistake of ours) makes graphql-core answer in its place: the two ways give the
same data, and errors are told by one of them only.

The resolver of a mutation is graphql-core's to run, once. What came of it, a payload or a refusal, is an object in
memory; that, and the rows whose keys it tells, a plan writes when the transaction is over.

A subscription is a list that is followed (`following.py`): a plan reads some of its rows and writes an answer for each.
"""

import asyncio
from collections import OrderedDict
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Hashable,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import orjson
import strawberry
import structlog
from graphql import ExecutionResult, GraphQLError, GraphQLObjectType, OperationType, VariableNode
from graphql.execution.values import VariableValues, get_variable_values

from app.core.refusals import Refusal
from app.graphql.admission import Operation
from app.graphql.compiler.arguments import Root, roots_of
from app.graphql.compiler.draft import Asking, Compiled
from app.graphql.compiler.roots import compile_following, compile_operation, compile_payload
from app.graphql.compiler.selection import TYPENAME, Selected, Uncompilable, bare, said_once, switches
from app.graphql.context import Context
from app.graphql.errors import Rejected
from app.graphql.execution import GraphQLCore, Once, Take, core_schema
from app.graphql.following import Followers, Place, follow, next_news, place_of
from app.graphql.loaders import ReadContext
from app.reads.kinds import Followed, Need
from app.reads.running import Request, Update, run, run_each
from app.reads.seen import Seen

MAX_PLANS = 64  # of one operation: role shapes, orders, kinds of nodes
COMPILED, REFUSED, SURPRISE = "compiled", "refused", "surprise"
_ANY_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
_OF_THE_CALLER = (Need.LANGUAGE, Need.CALLER)

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
        self._followers = Followers()

    async def execute(self, operation: Operation, variables: Mapping[str, Any], context: Any) -> ExecutionResult:
        once = Once() if operation.kind is OperationType.MUTATION else None
        if once is None:
            answering = self._answered(operation, variables, context)
        else:
            answering = self._carried_out(operation, variables, context, once)
        data = await self._counted(operation, answering)
        if data is None:
            return await self._core.execute(operation, variables, context, once)
        return _result(data)

    async def subscribe(
        self, operation: Operation, variables: Mapping[str, Any], context: Any, take: Take | None = None
    ) -> AsyncIterator[ExecutionResult] | ExecutionResult:
        try:
            question = self._question(operation, variables)
            context.followed_to = await question.start(context)
        except Exception as error:  # noqa: BLE001  # told by graphql-core, or seen by it to be none
            self._count(_why(error, operation))
            return await self._core.subscribe(operation, variables, context)
        self._count(COMPILED)
        return self._followed(operation, variables, context, question, take)

    async def _followed(
        self,
        operation: Operation,
        raw: Mapping[str, Any],
        context: Context,
        question: "_Question",
        take: Take | None,
    ) -> AsyncGenerator[ExecutionResult, None]:
        """The answers, by plans until one fails; graphql-core goes on from there."""

        async def read(place: Place) -> list[Update]:
            try:
                return await question.read(context, place, context.loaders.seen)
            except TimeoutError:
                raise  # once more would take as long
            except Exception as error:
                self._count(_why(error, operation))
                raise _NotByPlan from error

        async def wait(news: asyncio.Event) -> None:
            if take is None:
                await next_news(news)
            else:
                await self._followers.accompany(
                    context, await question.grounds(context), partial(question.read, context), take, news
                )

        try:
            async with aclosing(follow(context, read, wait)) as updates:
                async for data in updates:
                    yield _result(data)
        except _NotByPlan:
            stream = await self._core.subscribe(operation, raw, context)
            assert not isinstance(stream, ExecutionResult), "it could begin"
            async for result in stream:
                yield result

    def _question(self, operation: Operation, raw: Mapping[str, Any]) -> "_Question":
        form, variables = self._form(operation, raw)
        if len(form.roots) != 1:
            raise Uncompilable("no field")
        names = [one.variable.name.value for one in operation.definition.variable_definitions or ()]
        said = {name: raw[name] for name in names if name in raw and name != form.start}
        text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()
        return _Question(self._schema, form, variables, text)

    async def _counted(self, operation: Operation, answering: Awaitable[bytes]) -> bytes | None:
        """The data as JSON; None where graphql-core is to answer. Which of both it was is counted."""
        try:
            data = await answering
        except TimeoutError:
            raise  # once more would take as long
        except Exception as error:  # noqa: BLE001  # told by graphql-core, or seen by it to be none
            self._count(_why(error, operation))
            return None
        self._count(COMPILED)
        return data

    async def _answered(self, operation: Operation, raw: Mapping[str, Any], context: ReadContext) -> bytes:
        """The data of a query as JSON."""
        form, variables = self._form(operation, raw)
        arguments = [root.arguments(variables) for root in form.roots]
        choices = tuple(root.choice(given) for root, given in zip(form.roots, arguments, strict=True))
        compiled = form.plan(
            (context.policy, context.actor.roles, choices),
            lambda: compile_operation(self._schema, form.selected, form.roots, choices, context),
        )
        return await _answer(
            compiled, Asking(context, variables, await _needed(compiled.needs, context), roots=arguments)
        )

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
        return await _answer(
            compiled, Asking(context, variables, await _needed(compiled.needs, context), outcome=outcome)
        )

    def _form(self, operation: Operation, raw: Mapping[str, Any]) -> tuple["_Form", VariableValues]:
        forms = self._forms.get(operation)
        if forms is None:
            forms = self._forms[operation] = _Forms(switches(operation))
        core = core_schema(self._schema)
        variables = get_variable_values(core, operation.definition.variable_definitions or (), dict(raw))
        if isinstance(variables, list):
            raise variables[0]
        return forms.under(self._schema, operation, variables), variables


@dataclass(frozen=True, slots=True)
class _Question:
    """What somebody follows: a list, and what of its rows. `said`: the variables, but the one from where he follows."""

    schema: strawberry.Schema
    form: "_Form"
    variables: VariableValues
    said: str

    async def start(self, context: Context) -> Place:
        """From where he asked to follow. Raises what is wrong with that, and Uncompilable."""
        self._plan(context)
        (root,) = self.form.roots
        assert isinstance(root.kind, Followed)
        return await place_of(context, root.kind.listing, root.kind.target, self._arguments.get("after"))

    async def read(self, context: Context, place: Place, seen: Seen) -> list[Update]:
        """The next updates beyond a place."""
        compiled = self._plan(context)
        needed = await _needed(compiled.needs, context)
        asking = Asking(context, self.variables, needed, roots=[self._arguments], place=place)
        request = _request(compiled, asking, context.now)
        return await context.database.direct.run(run_each(compiled.plan, compiled.write, request, seen))

    async def grounds(self, context: Context) -> Hashable:
        """All that decides on what `read` finds, besides place and instant. Who has the same is told the same.

        The plan is that of the policy and the role shape. What its statements and functions are given besides is
        compared value by value: of two people it is the same only where no rule and no filter tells them apart.
        """
        compiled = self._plan(context)
        needed = await _needed([need for need in compiled.needs if need in _OF_THE_CALLER], context)
        asking = Asking(context, self.variables, needed, roots=[self._arguments])
        request = _request(compiled, asking, _ANY_INSTANT)
        assert not request.given
        asked = tuple((number, _fixed(one.keys), _fixed(one.values)) for number, one in sorted(request.asked.items()))
        who = context.policy, context.actor.roles, _fixed(request.values), tuple(needed.values())
        return self.form, self.said, asked, who

    @property
    def _arguments(self) -> Mapping[str, Any]:
        (root,) = self.form.roots
        found: Mapping[str, Any] = root.arguments(self.variables)
        return found

    def _plan(self, context: Context) -> Compiled:
        (root,) = self.form.roots
        return self.form.plan(
            (context.policy, context.actor.roles),
            lambda: compile_following(self.schema, self.form.selected, root, context),
        )


class _NotByPlan(Exception):  # noqa: N818  # graphql-core is to do it
    pass


def _fixed(values: Any) -> Hashable:
    """The same as something that never changes."""
    if isinstance(values, Mapping):
        return tuple((name, _fixed(value)) for name, value in sorted(values.items()))
    return tuple(values) if isinstance(values, list) else values


def _why(error: Exception, operation: Operation) -> str:
    """Why graphql-core is to answer."""
    if isinstance(error, Uncompilable):
        return str(error)
    if isinstance(error, GraphQLError | Refusal | Rejected):
        return REFUSED
    _log.warning("read_surprise", operation=operation.name, error=type(error).__name__)
    return SURPRISE


def _result(data: bytes) -> ExecutionResult:
    return ExecutionResult(orjson.Fragment(data), None)  # type: ignore[arg-type]  # data already written


async def _needed(needs: Iterable[Need], context: ReadContext) -> Mapping[Need, Any]:
    return {need: await context.given(need) for need in needs}


async def _answer(compiled: Compiled, asking: Asking) -> bytes:
    context = asking.context
    request = _request(compiled, asking, context.now)
    return await context.database.direct.run(run(compiled.plan, compiled.write, request, context.loaders.seen))


def _request(compiled: Compiled, asking: Asking, now: datetime) -> Request:
    """What a request adds to the plan."""
    context = asking.context
    values: dict[str, Any] = {}
    for rule in compiled.rules:
        values |= rule.parameters(context.actor, now, context.database.dialect.name, values)
    asked = {number: ask(asking) for number, ask in compiled.asks.items()}
    return Request(asked, values, now, [give(asking) for give in compiled.gives], asking.needed)


@dataclass(slots=True, eq=False)
class _Form:
    """An operation under one set of switches, and its plans. `start`: the variable that says from where it follows."""

    selected: Selected
    roots: tuple[Root, ...]
    start: str | None = None
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
            roots = roots_of(schema, selected)
            found = self.by_values[values] = _Form(selected, roots, _start(operation, roots))
        return found


def _start(operation: Operation, roots: Sequence[Root]) -> str | None:
    """The variable that says from where a list is followed, and nothing else."""
    if operation.kind is not OperationType.SUBSCRIPTION or len(roots) != 1:
        return None
    given = {one.name.value: one.value for one in roots[0].fields[0].node.arguments or ()}
    after = given.get("after")
    if not isinstance(after, VariableNode) or not said_once(operation, after.name.value):
        return None
    return after.name.value


def _only(variables: VariableValues, names: Collection[str]) -> VariableValues:
    """What a plan may keep of a request: nothing that people wrote."""
    return VariableValues(
        {name: source for name, source in variables.sources.items() if name in names},
        {name: value for name, value in variables.coerced.items() if name in names},
    )
