"""The comparison: one operation answered both ways, for one caller, over one state of the data, at one instant."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeAlias
from uuid import UUID

import orjson
import strawberry

from app.core.refusals import Language, Refusal
from app.graphql.admission import Documents, Operation
from app.graphql.engine import Call, Engine
from app.graphql.errors import ErrorCode, Rejected
from app.graphql.execution import GraphQLCore, core_schema
from app.graphql.limits import Limits
from app.graphql.reader import COMPILED, REFUSED, SURPRISE, CompiledReads
from tests.compiled.operations import Operations

# Generated operations are wild, but what they weigh is bounded, or graphql-core would take seconds for some of them.
_FREE = dict.fromkeys(("tokens", "depth", "nesting", "fields", "aliases", "directives", "page"), 10**6)
LIMITS = Limits(**_FREE, cost=5000, default_page=15, plain_list=3)
Answer: TypeAlias = tuple[bytes | None, frozenset[tuple[Any, ...]]]


class DifferenceError(AssertionError):
    """The two ways disagree, or the compiler failed where there was nothing wrong."""


@dataclass
class Tally:
    """How many operations were admitted or not, and how their answers came about."""

    operations: int = 0
    invalid: int = 0
    heavy: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    carrying: int = 0  # compiled answers that hold at least some values

    def check(self) -> None:
        """Nearly all were valid, and a fair share was compiled and found something."""
        answers = self.reasons.total()
        assert self.invalid < self.operations / 10, self
        assert self.reasons[COMPILED] > answers / 2, self
        assert self.carrying > answers / 4, self


class _Watched(CompiledReads):
    """Remembers why it did not answer."""

    failure: Exception | None = None

    async def _counted(self, operation: Operation, answering: Awaitable[bytes]) -> bytes | None:
        async def watched() -> bytes:
            self.failure = None
            try:
                return await answering
            except Exception as failure:
                self.failure = failure
                raise

        return await super()._counted(operation, watched())


class BothWays:
    """One schema with its compiler, and without. Plans are kept from one comparison to the next."""

    def __init__(self, schema: strawberry.Schema, core: GraphQLCore | None = None) -> None:
        core = core or GraphQLCore(schema)
        self.core_schema = core_schema(schema)
        self.documents = Documents(self.core_schema, LIMITS, introspection=True)
        self.tally = Tally()
        self._reasons: list[str] = []
        self._plain = Engine(schema, introspection=True, executor=core)
        self._reads = _Watched(schema, core, count=self._reasons.append)
        self._compiled = Engine(schema, introspection=True, executor=self._reads)

    def admit(self, text: str, name: str | None = None) -> Operation | None:
        """The operation of a document; None for an invalid or a heavy one."""
        self.tally.operations += 1
        try:
            return self.documents.admit(text).operation(name)
        except Rejected as rejected:
            heavy = rejected.faults[0].code is ErrorCode.LIMIT_EXCEEDED
            self.tally.heavy += heavy
            self.tally.invalid += not heavy
            return None

    def heavy(self, operation: Operation, variables: Mapping[str, Any]) -> bool:
        """Whether these values of its variables make it heavy."""
        try:
            self.documents.refuse_excess(operation, variables)
        except Rejected:
            return True
        return False

    async def compare(self, operation: Operation, variables: Mapping[str, Any], plain: Any, compiled: Any) -> str:
        """Why the answer came about as it did. The contexts are equal but not the same. Raises DifferenceError."""
        self._reasons.clear()
        found = await _answer(self._compiled, operation, variables, compiled)
        (reason,) = self._reasons or ("not asked",)
        wanted = await _answer(self._plain, operation, variables, plain)
        if found != wanted:
            raise DifferenceError(_told("the answers differ", operation, variables, reason, wanted, found))
        # a wrong argument or switch of a list's items is wrong only where there are items; a name needs no caller
        explained = isinstance(self._reads.failure, Refusal | Rejected) or None in variables.values()
        if not wanted[1] and (reason == SURPRISE or (reason == REFUSED and not explained)):
            told = _told("nothing was wrong", operation, variables, reason, wanted, found)
            raise DifferenceError(told) from self._reads.failure
        if any(ErrorCode.INTERNAL in error for error in wanted[1]):
            raise DifferenceError(_told("graphql-core failed", operation, variables, reason, wanted, found))
        self.tally.reasons[reason] += 1
        self.tally.carrying += reason == COMPILED and _leaves(orjson.loads(found[0] or b"null")) >= 3
        return reason


async def compare_many(
    both: BothWays, operations: Operations, contexts: Sequence[Callable[[], Any]], random: Random, count: int
) -> None:
    """So many operations, each for a few callers, instants and values of its variables."""
    for _ in range(count):
        drawn = operations.draw(random)
        operation = both.admit(drawn.text, drawn.name)
        if operation is None:
            continue
        one, other = random.choice(contexts), random.choice(contexts)
        for context in (one, one, one, other):  # the plan is kept from the second time on
            variables = drawn.variables(random)
            if not both.heavy(operation, variables):
                await both.compare(operation, variables, context(), context())


async def _answer(engine: Engine, operation: Operation, variables: Mapping[str, Any], context: Any) -> Answer:
    """The data as bytes, and the errors, each by its path, its code, and what it is about."""
    try:
        body = await engine.answer(operation, variables, Call(context, Language.ZH, UUID(int=0)))
    except Rejected as rejected:
        return None, frozenset((None, fault.code, str(fault.details)) for fault in rejected.faults)
    errors = frozenset(
        (tuple(error["path"]), error["extensions"]["code"], str(error["extensions"]))
        for error in body.get("errors", ())
    )
    return orjson.dumps(body["data"]), errors


def _leaves(data: Any) -> int:
    """How many values an answer holds."""
    if isinstance(data, dict):
        return sum(map(_leaves, data.values()))
    if isinstance(data, list):
        return sum(map(_leaves, data))
    return data is not None


def _told(
    what: str, operation: Operation, variables: Mapping[str, Any], reason: str, wanted: Answer, found: Answer
) -> str:
    source = operation.definition.loc
    text = source.source.body if source is not None else ""
    return f"{what} ({reason})\n{text}\n{variables!r}\ngraphql-core: {wanted}\ncompiled:     {found}"
