"""What is wrong with a schema's declarations is said when it is built, all of it, by name."""

from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
import strawberry

from app.graphql import checks
from app.graphql.checks import WrongDeclarations, check
from app.graphql.declarations import (
    column,
    computed,
    from_graphql_core,
    global_id,
    reads,
    text,
    to_many,
    to_one,
    to_page,
)
from app.graphql.made import told_through
from app.graphql.node import Connection, Node
from app.graphql.roots import node_by_id, object_by, page_of
from app.reads.execution import Row
from app.reads.filters import Listing, equals
from app.reads.keyset import ascending
from tests.reads import toy, toy_schema


def problems_of(*fields: tuple[str, Any, Any], **kinds: Any) -> list[str]:
    """The problems of a schema with one type `Thing`, which stands for cases and has these fields."""
    body = {"__annotations__": {name: kind for name, kind, _ in fields}, **{name: made for name, _, made in fields}}
    body["__annotations__"]["row"] = strawberry.Private[Row]
    body["__module__"] = __name__
    cls = type("Thing", (), body)
    declared: type[Any] = strawberry.type(reads(kinds.get("model", toy.Case), object="case")(cls))

    async def thing() -> None:
        return None

    thing.__annotations__["return"] = declared | None
    query = type("Query", (), {"thing": strawberry.field(resolver=from_graphql_core("test")(thing))})
    schema = strawberry.Schema(query=strawberry.type(query))
    return sorted(checks.problems_of(schema))


def test_the_toy_schema_has_no_problem() -> None:
    check(toy_schema.schema)


D = "Described."


def through(via: type[Any], attribute: Any) -> Any:
    return told_through(lambda told: told, via, attribute, description=D)


FIELDS: list[tuple[str, list[tuple[str, Any, Callable[[], Any]]], list[str]]] = [
    (
        "by way of another table",
        [("a", toy_schema.Unit | None, lambda: through(toy_schema.Report, toy.Case.unit_id))],
        ["Thing.a: Case.unit_id is no column of Report"],
    ),
    (
        "by way of a column that refers to another type",
        [("a", toy_schema.Unit | None, lambda: through(toy_schema.Report, toy.Report.case_id))],
        ["Thing.a: Report.case_id does not refer to Unit"],
    ),
    (
        "by way of what may be hidden",
        [("a", toy_schema.Unit, lambda: through(toy_schema.Report, toy.Report.unit_id))],
        ["Thing.a: is not nullable, but an object that is told may be null"],
    ),
    (
        "nothing said",
        [("a", str, lambda: strawberry.field(default="x"))],
        ["Thing.a: is neither declared nor marked with from_graphql_core"],
    ),
    (
        "resolver without a mark",
        [("a", str, lambda: strawberry.field(resolver=lambda: "x"))],
        ["Thing.a: is neither declared nor marked with from_graphql_core"],
    ),
    (
        "nullable column",
        [("a", int, lambda: column(toy.Case.weight, description=D))],
        ["Thing.a: is not nullable, but the column may be null"],
    ),
    (
        "column never null",
        [("a", str | None, lambda: column(toy.Case.number, description=D))],
        ["Thing.a: is nullable, but the column never is null"],
    ),
    (
        "another table",
        [("a", str, lambda: column(toy.Unit.name, description=D))],
        ["Thing.a: Unit.name is no column of the table that its type stands for"],
    ),
    (
        "wide integer",
        [("a", int, lambda: column(toy.Case.bytes_stored, description=D))],
        ["Thing.a: is an Int over a column that may hold more"],
    ),
    (
        "text that is never null",
        [("a", str, lambda: text(toy.Case.title_id, description=D))],
        ["Thing.a: is not nullable, but a text, which may be expunged, may be null"],
    ),
    (
        "computed from another table",
        [("a", str, lambda: computed(lambda name, now: f"{name}{now}", toy.Unit.name, description=D))],
        ["Thing.a: Unit.name is no column of the table that its type stands for"],
    ),
    (
        "extensions",
        [("a", str, lambda: _with_extension(column(toy.Case.number, description=D)))],
        ["Thing.a: has extensions or permissions; what is declared is read without them"],
    ),
    (
        "to-one to the wrong table",
        [("a", toy_schema.Report | None, lambda: to_one(toy.Case.unit_id, description=D))],
        ["Thing.a: Case.unit_id does not refer to Report"],
    ),
    (
        "to-one that may be missing",
        [("a", toy_schema.Unit, lambda: to_one(toy.Case.unit_id, description=D))],
        ["Thing.a: is not nullable, but the reference, or its object, may be null"],
    ),
    (
        "to-one to no table",
        [("a", str | None, lambda: to_one(toy.Case.unit_id, description=D))],
        ["Thing.a: relates to a type without @reads"],
    ),
    (
        "to-many of the wrong table",
        [("a", list[toy_schema.Unit], lambda: to_many(toy.Report.case_id, order=[], description=D))],
        ["Thing.a: Report.case_id is no column of Unit"],
    ),
    (
        "to-many by the wrong column",
        [("a", list[toy_schema.Report], lambda: to_many(toy.Report.unit_id, order=[], description=D))],
        ["Thing.a: Report.unit_id does not refer to Case"],
    ),
    (
        "to-many with null items",
        [("a", list[toy_schema.Report | None], lambda: to_many(toy.Report.case_id, order=[], description=D))],
        ["Thing.a: is not a list of items that are never null"],
    ),
    (
        "to-many in the order of another table",
        [
            (
                "a",
                list[toy_schema.Report],
                lambda: to_many(toy.Report.case_id, order=[ascending(toy.Case.number)], description=D),
            )
        ],
        ["Thing.a: is ordered by Case.number, which is no column of Report"],
    ),
    (
        "through another link table",
        [
            (
                "a",
                list[toy_schema.Label],
                lambda: to_many(toy.Report.case_id, through=toy.CaseLabel.label_id, order=[], description=D),
            )
        ],
        ["Thing.a: Report.case_id and CaseLabel.label_id are not of one link table"],
    ),
    (
        "page that is a list",
        [("a", list[toy_schema.Report], lambda: to_page(toy.Report.case_id, order=[], description=D))],
        ["Thing.a: is not a Connection"],
    ),
    (
        "all at once",
        [
            ("a", int, lambda: column(toy.Case.weight, description=D)),
            ("b", str | None, lambda: column(toy.Case.number, description=D)),
        ],
        ["Thing.a: is not nullable, but the column may be null", "Thing.b: is nullable, but the column never is null"],
    ),
]


def _with_extension(field: Any) -> Any:
    class Quiet(strawberry.extensions.FieldExtension):
        def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
            return next_(source, info, **kwargs)

    field.extensions.append(Quiet())
    return field


@pytest.mark.parametrize(("fields", "problems"), [row[1:] for row in FIELDS], ids=[row[0] for row in FIELDS])
def test_a_wrong_field_is_named(fields: list[tuple[str, Any, Callable[[], Any]]], problems: list[str]) -> None:
    assert problems_of(*((name, kind, make()) for name, kind, make in fields)) == problems


class Way(Enum):
    UP = "UP"
    DOWN = "DOWN"


def test_wrong_roots_are_named() -> None:
    @strawberry.input
    class Wanted:
        number: str | None = None
        colour: str | None = None

    listing = Listing(
        toy.Case,
        order=(ascending(toy.Unit.name),),
        filters={"number": equals(toy.Case.number), "shape": equals(toy.Case.number)},
        orders={"UP": (ascending(toy.Case.number),), "SIDEWAYS": (ascending(toy.Case.id),)},
    )

    @strawberry.type
    class Query:
        node: Node | None = node_by_id(toy_schema.Label, description=D)
        label: toy_schema.Label | None = object_by(description=D)
        case: toy_schema.Case | None = object_by(description=D, words=toy.Case.words_id)
        sure: toy_schema.Case = object_by(description=D)
        cases: Connection[toy_schema.Case] = page_of(listing, filter=Wanted, order=strawberry.enum(Way), description=D)
        units: Connection[toy_schema.Unit] = page_of(Listing(toy.Case, order=(), filters={}, orders={}), description=D)

    with pytest.raises(WrongDeclarations) as wrong:
        check(strawberry.Schema(query=Query, types=[toy_schema.Report]))
    assert wrong.value.problems == [
        "Query.case: words is no unique column of Case",
        "Query.cases: is ordered by Unit.name, which is no column of Case",
        "Query.cases: the filter colour is not in both the input type and the listing",
        "Query.cases: the filter shape is not in both the input type and the listing",
        "Query.cases: the order DOWN is not in both the enum and the listing",
        "Query.cases: the order SIDEWAYS is not in both the enum and the listing",
        "Query.label: answers with a type without a global_id",
        "Query.node: Label has no global_id",
        "Query.sure: is not nullable, but an object, which may be hidden, may be null",
        "Query.units: answers with a type that does not stand for Case",
    ]


def test_nodes_need_tables_and_tags_of_their_own() -> None:
    @strawberry.type
    @from_graphql_core("in memory")
    class Rootless(Node):
        id: strawberry.ID

    @strawberry.type
    @reads(toy.Unit)
    class Twin(Node):
        id: strawberry.ID = global_id("case")

    @strawberry.type
    @from_graphql_core("test")
    class Query:
        case: toy_schema.Case | None = None
        rootless: Rootless | None = None
        twin: Twin | None = None

    assert sorted(checks.problems_of(strawberry.Schema(query=Query))) == [
        "Rootless: is a Node without a table and a global_id",
        "the tag case is used by 2 types",
    ]


def test_mutations_are_not_asked_and_types_in_memory_are_marked() -> None:
    @strawberry.type
    @from_graphql_core("a result")
    class Payload:
        done: bool

    @strawberry.type
    class Mutation:
        @strawberry.mutation
        async def act(self) -> Payload:
            return Payload(done=True)

    @strawberry.type
    @from_graphql_core("test")
    class Query:
        payload: Payload | None = None

    assert list(checks.problems_of(strawberry.Schema(query=Query, mutation=Mutation))) == []
