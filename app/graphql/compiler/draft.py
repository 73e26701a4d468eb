"""The plan under construction: its branches, the row rules that they need, and what each request asks of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import strawberry
from graphql.execution.values import VariableValues

from app.graphql.compiler.selection import Selected, Uncompilable
from app.graphql.loaders import ReadContext
from app.reads.branch import Asked, Branch, Cell, mark_of
from app.reads.filters import Condition
from app.reads.kinds import Need, Reads
from app.reads.plan import Given, Marked, Plan, Shape
from app.reads.seen import marks_of
from app.reads.sets import POSTGRESQL
from app.reads.statement import Level
from app.reads.tables import Attribute
from app.reads.visibility import Plan as RowRule
from app.reads.visibility import plan_of
from app.reads.writer import Write, writer

MAX_BRANCHES = 20


@dataclass(frozen=True, slots=True)
class Asking:
    """One request: its context, its variables, the arguments of its root fields, and what functions need of it.

    Of a mutation it is what came of it, and there are no arguments any more. A list that is followed is read beyond
    `place`.
    """

    context: ReadContext
    variables: VariableValues
    needed: Mapping[Need, Any]
    roots: Sequence[Mapping[str, Any]] = ()
    outcome: Any = None
    place: tuple[Any, ...] | None = None


Ask: TypeAlias = Callable[[Asking], Asked]
Give: TypeAlias = Callable[[Asking], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A plan, its writer, what each request asks of which branch and gives in memory, and the rules that it needs."""

    plan: Plan
    write: Write
    asks: Mapping[int, Ask]
    gives: tuple[Give, ...]
    rules: tuple[RowRule, ...]
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """An object in the rows of a branch: the level's own row, or (`of`) one that was joined to it.

    `object` is that of the policy under whose rule it is seen.
    """

    number: int
    branch: Branch
    object: str | None
    of: int | None = None


@dataclass(slots=True)
class Draft:
    """What of an operation is a plan already."""

    schema: strawberry.Schema
    selected: Selected
    context: ReadContext
    asks: dict[int, Ask] = field(default_factory=dict)
    _gives: list[Give] = field(default_factory=list)
    _branches: list[Branch] = field(default_factory=list)
    _rules: dict[str, RowRule] = field(default_factory=dict)
    _needs: dict[Need, None] = field(default_factory=dict)
    _marked: dict[tuple[int, int | None], Marked] = field(default_factory=dict)

    def finished(self, shape: Shape) -> Compiled:
        plan = Plan(tuple(self._branches), shape, tuple(self._marked.values()))
        return Compiled(
            plan, writer(shape), self.asks, tuple(self._gives), tuple(self._rules.values()), tuple(self._needs)
        )

    def branch(
        self,
        level: Level,
        reads: Reads,
        parent: Place | None = None,
        key: int | None = None,
        *,
        looked_up: bool = False,
        alone: bool = False,
    ) -> Place:
        """A new branch. Below a parent its rows refer to the value at the place `key` of a row of that.

        Without a parent its rows are those with keys that are `looked_up`; `alone` is one that has no more than one.
        """
        if len(self._branches) >= MAX_BRANCHES:
            raise Uncompilable("many branches")
        number, dialect = len(self._branches), self.context.database.dialect
        of_one = alone if parent is None else parent.branch.of_one
        outer = parent.branch if parent is not None and of_one and dialect.name == POSTGRESQL else None
        branch = Branch(
            level if outer is None else replace(level, mark=mark_of(number)),
            dialect,
            number,
            None if parent is None else parent.number,
            key,
            outer,
            of_one=of_one,
            looked_up=looked_up,
        )
        self._branches.append(branch)
        place = Place(number, branch, reads.object)
        self.mark(place, reads)
        return place

    def rule(self, reads: Reads, by: Attribute[Any] | None = None, parent: Place | None = None) -> Condition | None:
        """Who may see the rows of a type. Of the caller only the role shape is used here.

        Of rows that refer `by` a column to a parent, which is seen, the rule does not ask once more whether it is.
        """
        if reads.object is None:
            return None
        rule, dialect = self._row_rule(reads.object), self.context.loaders.dialect
        if by is None or parent is None or parent.object is None:
            return lambda row: rule.where(row, dialect)
        above = self._row_rule(parent.object)
        return lambda row: rule.where(row, dialect, (by, above))

    def verdict(self, action: str) -> Condition:
        """The policy's verdict on an action, as a column."""
        rule, dialect = self._row_rule(action), self.context.loaders.dialect
        return lambda row: rule.verdict(row, dialect)

    def mark(self, place: Place, reads: Reads) -> None:
        """Have it noted who is shown such rows, where few may know of them. Below a case it is the case that tells."""
        marks, branch = marks_of(reads), place.branch
        below = place.of is not None or branch.parent is not None
        if marks is None or (below and marks.restricted is None):
            return

        def cell(name: str) -> Cell:
            return branch.value(place.of, getattr(reads.model, name))

        restricted, classification = (
            None if name is None else branch.place(place.of, name) for name in (marks.restricted, marks.classification)
        )
        case_id = None if marks.case_id is None else cell(marks.case_id)
        self._marked[place.number, place.of] = Marked(
            place.number, marks, cell(marks.key), restricted, classification, case_id
        )

    def give(self, give: Give) -> Given:
        """What each request is to give to the writer."""
        self._gives.append(give)
        return Given(len(self._gives) - 1)

    def need(self, needs: Sequence[Need]) -> None:
        self._needs |= dict.fromkeys(needs)

    def _row_rule(self, name: str) -> RowRule:
        if name not in self._rules:
            self._rules[name] = plan_of(self.context.policy, self.context.actor.roles, name)
        return self._rules[name]
