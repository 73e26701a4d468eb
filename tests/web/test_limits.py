"""What one operation may ask for. The property: however fragments fan out, weighing them costs milliseconds."""

from dataclasses import replace
from time import process_time
from typing import Any

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, build_schema, get_introspection_query, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from app.graphql.admission import Documents
from app.graphql.engine import Request
from app.graphql.errors import ErrorCode, Rejected
from app.graphql.limits import Limits, Load, Meter, refuse_large_variables
from tests.web.toy import toy_engine

# Seconds of CPU: not a speed, but far from what an exponential rule takes (hours) and from what a linear one does.
BLOWN_UP = 5.0

SCHEMA = build_schema("""
    type Query { unit: Unit  units(ids: [ID!]!): [Unit!]!  page(first: Int, last: Int): UnitConnection!
                 figures(units: [ID!]!): [Figure!]! }
    type Figure { count: CappedCount! }  type CappedCount { value: Int! }
    type Mutation { save(title: String): Unit }
    type Unit { name: String  parent: Unit  children: [Unit!]!  page(first: Int, last: Int): UnitConnection! }
    type UnitConnection { edges: [UnitEdge!]!  total: Int }
    type UnitEdge { node: Unit! }
""")
LIMITS = Limits()


def load(query: str, variables: dict[str, Any] | None = None) -> Load:
    document = parse(query)
    [operation] = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    return Meter(SCHEMA, fragments, LIMITS, variables).weigh(operation)


WEIGHTS: dict[str, tuple[str, dict[str, Any] | None, dict[str, int]]] = {
    "fields": ("{ unit { name parent { name } } }", None, {"fields": 4, "depth": 3, "cost": 4, "width": 1}),
    "fragments count as often as they are spread": (
        "{ unit { ...F parent { ...F } } } fragment F on Unit { name parent { name } }",
        None,
        {"fields": 8, "depth": 4},
    ),
    "inline fragments add no depth": ("{ unit { ... { ... on Unit { name } } } }", None, {"fields": 2, "depth": 2}),
    "aliases and directives": (
        "query Q @a { b: unit @skip { c: n ... @include { x } ...F @d } } fragment F on Unit @e { f: n }",
        None,
        {"aliases": 3, "directives": 5},
    ),
    "a page": ("{ page(first: 20) { edges { node { name } } total } }", None, {"cost": 1 + 20 * 4}),
    "a page from the end": ("{ page(last: 7) { total } }", None, {"cost": 8}),
    "the larger of two sizes": ("{ page(first: 3, last: 5) { total } }", None, {"cost": 6}),
    "a page of the default size": ("{ page { total } }", None, {"cost": 51}),
    "null is the default size": ("{ page(first: null) { total } }", None, {"cost": 51}),
    "a negative size": ("{ page(first: -5) { total } }", None, {"cost": 1}),
    "pages multiply": (
        "{ page(first: 10) { edges { node { page(first: 5) { total } } } } }",
        None,
        {"cost": 1 + 10 * (1 + 1 + 1 + 5)},
    ),
    "a size by variable is the largest before it is known": (
        "query ($n: Int) { page(first: $n) { total } }",
        None,
        {"cost": 101},
    ),
    "and itself afterwards": ("query ($n: Int) { page(first: $n) { total } }", {"n": 3}, {"cost": 4}),
    "a list without arguments": ("{ unit { children { name } } }", None, {"cost": 1 + 1 + 10}),
    "a list by ids": ('{ units(ids: ["a", "b"]) { name } }', None, {"cost": 3}),
    "ids by variable": ("query ($ids: [ID!]!) { units(ids: $ids) { name } }", {"ids": ["a"] * 4}, {"cost": 5}),
    "figures of units, a statement each": (
        "query ($units: [ID!]!) { figures(units: $units) { count { value } } }",
        {"units": ["a"] * 4},
        {"cost": 1 + 4 * (1 + 20)},
    ),
    "unknown fields count as fields": ("{ nothing { at { all } } }", None, {"fields": 3, "depth": 3}),
    "unknown and circular fragments count nothing": (
        "{ unit { ...A ...Gone } } fragment A on Unit { name ...B } fragment B on Unit { ...A name }",
        None,
        {"fields": 3},
    ),
}


@pytest.mark.parametrize(("query", "variables", "expected"), WEIGHTS.values(), ids=WEIGHTS)
def test_weights(query: str, variables: dict[str, Any] | None, expected: dict[str, int]) -> None:
    measured = load(query, variables)._asdict()
    assert {name: measured[name] for name in expected} == expected


def fan(levels: int, width: int = 2, selection: str = "name") -> str:
    """F0 spreads F1 `width` times, which spreads F2 `width` times, ..."""
    fragments = [
        f"fragment F{level} on Unit {{ {f'parent {{ ...F{level + 1} }} ' * width} }}" for level in range(levels)
    ]
    return "{ unit { ...F0 } } " + " ".join(fragments) + f" fragment F{levels} on Unit {{ {selection} }}"


def flat_fan(levels: int, width: int = 2) -> str:
    fragments = [f"fragment F{level} on Unit {{ {f'...F{level + 1} ' * width} }}" for level in range(levels)]
    return "{ unit { ...F0 } } " + " ".join(fragments) + f" fragment F{levels} on Unit {{ a: name }}"


@given(st.integers(0, 30), st.integers(1, 4), st.booleans())
@settings(deadline=None, max_examples=40)
def test_a_fan_out_of_fragments_costs_milliseconds(levels: int, width: int, nested: bool) -> None:
    query = fan(levels, width) if nested else flat_fan(levels, width)
    documents = Documents(SCHEMA, LIMITS, introspection=False)
    began = process_time()
    assert set(_decided(documents, query)) <= {ErrorCode.LIMIT_EXCEEDED}
    # mostly parsing; a rule that forgets needs hours for thirty levels
    assert process_time() - began < BLOWN_UP


def _decided(documents: Documents, query: str) -> list[ErrorCode]:
    """The codes of a refusal; none for a document that is admitted."""
    try:
        documents.admit(query)
    except Rejected as rejected:
        return [fault.code for fault in rejected.faults]
    return []


def test_thirty_levels_weigh_exactly_what_they_spread() -> None:
    assert load(flat_fan(30)).fields == 1 + 2**30
    assert load(flat_fan(30)).aliases == 2**30
    began = process_time()
    load(flat_fan(30))
    assert process_time() - began < BLOWN_UP


def many(field: str, count: int) -> str:
    return " ".join(field.format(index) for index in range(count))


EXCESSIVE: dict[str, tuple[str, str]] = {
    "depth": ("{ unit" + "{ parent" * 20 + "{ name }" + "}" * 20 + "}", "depth"),
    "depth by fragments": (fan(20, 1), "depth"),
    "56 levels": ("{ unit" + "{ parent" * 55 + "{ name }" + "}" * 55 + "}", "depth"),
    "100 inline fragments": ("{" + "... {" * 100 + "unit { name }" + "}" * 101, "nesting"),
    "a chain of 100 fragments": (flat_fan(100, 1), "nesting"),
    "aliases": ("{ unit {" + many("a{}: name", 31) + "} }", "aliases"),
    "950 aliases": ("{" + many("a{}: unit", 950) + "}", "aliases"),
    "aliases by fragments": (flat_fan(5), "aliases"),
    "fields": ("{ unit {" + "name " * 1001 + "} }", "fields"),
    "fields by fragments": (fan(10, 3), "fields"),
    "directives": ("{ unit {" + many("name @skip(if: false)", 31) + "} }", "directives"),
    "the same directive": ("{ unit { name" + " @skip(if: false)" * 31 + "} }", "directives"),
    "directives of variables": ("query (" + many("$v{}: Int @a", 31) + ") { unit { name } }", "directives"),
    "a large page": ("{ page(first: 101) { total } }", "page"),
    "a page beyond all integers": ("{ page(last: 999999999999999999999999) { total } }", "page"),
    "101 ids": ("{ units(ids: [" + '"a" ' * 101 + "]) { name } }", "page"),
    "pages within pages": (
        "{ page(first: 100) { edges { node { page(first: 100) { edges { node { name } } } } } } }",
        "cost",
    ),
    "lists within lists": ("{ unit" + "{ children" * 5 + "{ name }" + "}" * 5 + "}", "cost"),
    "mutations": ("mutation {" + "save { name } " * 11 + "}", "mutations"),
    "mutations by fragments": (
        "mutation { ...A } fragment A on Mutation { ...B ...B } fragment B on Mutation { " + "save { name } " * 6 + "}",
        "mutations",
    ),
    "introspection twice too often": (
        "{ ...A } fragment A on Query { " + "__schema { queryType { name } } " * 3 + "}",
        "introspections",
    ),
    "introspection multiplied": ("{ __schema { a: types { name } b: types { name } } }", "introspectionAliases"),
    "tokens": ("{" + "unit { name } " * 1000 + "}", "tokens"),
    "comments": ("{ unit { name } }" + "#\n" * 300, "tokens"),
    "in one of two operations": ("query A { unit { name } } query B { page(first: 500) { total } }", "page"),
}


@pytest.mark.parametrize(("query", "limit"), EXCESSIVE.values(), ids=EXCESSIVE)
def test_excess_is_refused_before_validation(query: str, limit: str) -> None:
    documents = Documents(SCHEMA, LIMITS, introspection=True)
    began = process_time()
    with pytest.raises(Rejected) as raised:
        documents.admit(query)
    assert process_time() - began < BLOWN_UP
    [fault] = raised.value.faults
    assert (fault.code, fault.details["limit"]) == (ErrorCode.LIMIT_EXCEEDED, limit)
    assert len(documents) == 0


def test_a_size_by_variable_counts_with_its_value() -> None:
    nested = (
        "query ($n: Int = 100, $m: Int) "
        "{ page(first: $n) { edges { node { page(first: $m) { edges { node { name } } } } } } }"
    )
    documents = Documents(SCHEMA, LIMITS, introspection=False)
    operation = documents.admit(nested).operation(None)
    assert operation.weighed_by_request
    documents.refuse_excess(operation, {"n": 10, "m": 100})
    documents.refuse_excess(operation, {"n": 100, "m": 10})
    documents.refuse_excess(operation, {"n": None, "m": None})
    documents.refuse_excess(operation, {"n": "many", "m": {}})  # coercion says what is wrong
    for variables, limit in (
        ({"n": 100, "m": 100}, "cost"),
        ({"m": 100}, "cost"),  # the default value counts
        ({"n": 101, "m": 1}, "page"),
        ({"n": 1, "m": 10**30}, "page"),
        ({"n": 1, "m": 1e300}, "page"),
    ):
        with pytest.raises(Rejected) as raised:
            documents.refuse_excess(operation, variables)
        assert raised.value.faults[0].details["limit"] == limit


def test_most_operations_are_weighed_once() -> None:
    documents = Documents(SCHEMA, LIMITS, introspection=False)
    operation = documents.admit("query ($n: Int) { page(first: $n) { edges { node { name } } } }").operation(None)
    assert not operation.weighed_by_request
    with pytest.raises(Rejected):
        documents.refuse_excess(operation, {"n": 101})


def test_the_queries_of_tools_pass() -> None:
    tools = get_introspection_query(
        descriptions=True, input_value_deprecation=True, specified_by_url=True, directive_is_repeatable=True
    )
    Documents(SCHEMA, LIMITS, introspection=True).admit(tools)


LARGE: dict[str, tuple[Any, str | None]] = {
    "nothing": ({}, None),
    "5,000 values": ({"a": [0] * 4999}, None),
    "5,001 values": ({"a": [0] * 5000}, "variableValues"),
    "100,000 list elements": ({"a": [0] * 100_000}, "variableValues"),
    "200,000 variables": ({str(index): 0 for index in range(200_000)}, "variableValues"),
    "values in objects": ({"a": [{"b": 1, "c": 2}] * 2000}, "variableValues"),
    "16 levels": ({"a": [[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}, None),
    "17 levels": ({"a": [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}, "variableDepth"),
}


@pytest.mark.parametrize(("variables", "limit"), LARGE.values(), ids=LARGE)
def test_variables_are_counted_before_anything_walks_them(variables: Any, limit: str | None) -> None:
    began = process_time()
    if limit is None:
        refuse_large_variables(variables, LIMITS)
    else:
        with pytest.raises(Rejected) as raised:
            refuse_large_variables(variables, LIMITS)
        assert raised.value.faults[0].details["limit"] == limit
    assert process_time() - began < BLOWN_UP


def test_a_thousand_levels_of_variables_are_refused() -> None:
    variables: Any = {}
    for _ in range(1000):
        variables = {"a": variables}
    with pytest.raises(Rejected):
        toy_engine().admit(Request("{ hello }", None, variables))


WRONG = {
    "a field": "{ helo }",
    "a field of a type": "{ unit { nam } }",
    "an argument": '{ hello(nam: "x") }',
    "a type": "query ($a: Strin) { hello(name: $a) }",
    "a type condition": "{ unit { ... on Uni { name } } }",
    "an enum value": "{ isRed(colour: REDD) }",
    "an enum value as text": '{ isRed(colour: "RED") }',
    "an input field": 'mutation { save(input: {titl: "x", title: "y"}) }',
    "a directive": "{ hello @skp(if: true) }",
    "a directive's argument": "{ hello @skip(iff: true) }",
    "a fragment": "{ ...F }",
    "a scalar selected into": "{ hello { length } }",
    "an object not selected into": "{ unit }",
}


@pytest.mark.parametrize("query", WRONG.values(), ids=WRONG)
def test_no_suggestions(query: str) -> None:
    with pytest.raises(Rejected) as raised:
        toy_engine(introspection=True).admit(Request(query, None, {}))
    words = str([(fault.chinese, fault.english, fault.details) for fault in raised.value.faults])
    for hint in ("Did you mean", "did you mean", "'hello'", "GREEN", "'title'", "'skip'", "children"):
        assert hint not in words or hint.strip("'") in query


def test_at_most_five_errors() -> None:
    with pytest.raises(Rejected) as raised:
        toy_engine().admit(Request("{" + many("f{}", 25) + "}", None, {}))
    assert [fault.code for fault in raised.value.faults] == [ErrorCode.VALIDATION_FAILED] * 5


def test_names_are_not_echoed_at_length() -> None:
    with pytest.raises(Rejected) as raised:
        toy_engine().admit(Request("{ " + "x" * 100_000 + " }", None, {}))
    assert len(raised.value.faults[0].english) <= 300


SLOW_IN_LIBRARIES = {
    "a long comment": "{ hello } #" + "x" * 120_000,
    "a long block string": '{ hello(name: """' + "\\n " * 40_000 + '""") }',
    "60,000 tokens": "{" + "a " * 60_000 + "}",
    "60,000 brackets": "{a(b:" + "[" * 60_000,
    "commas": "{ hello" + "," * 120_000 + "}",
    "the same field": "{" + "hello " * 999 + "}",
    "the same field in fragments": f"{{ ...A ...B }} fragment A on Query {{ {'unit { name } ' * 150} }} "
    f"fragment B on Query {{ {'unit { name } ' * 150} }}",
    "fields that must merge": "{" + "unit { parent { parent { name } } } " * 100 + "}",
    "a ring of 40 fragments": "{ unit { ...F0 } } "
    + " ".join(f"fragment F{one} on Unit {{ ...F{(one + 1) % 40} }}" for one in range(40)),
    "a fragment that spreads itself": "{ unit { ...F } } fragment F on Unit { name ...F parent { ...F } }",
    "unused variables": "query (" + many("$v{}: Int", 600) + ") { hello }",
    "a deep list literal": "{ hello(name: " + "[" * 150 + "]" * 150 + ") }",
    "a deep object literal": "mutation { save(input: " + "{title: " * 150 + "1" + "}" * 150 + ") }",
}


@pytest.mark.parametrize("query", SLOW_IN_LIBRARIES.values(), ids=SLOW_IN_LIBRARIES)
def test_awkward_documents_are_decided_quickly(query: str) -> None:
    engine = toy_engine()
    began = process_time()
    assert len(_decided(engine.documents, query)) <= 5
    assert process_time() - began < BLOWN_UP


def test_documents_are_remembered_within_count_and_bytes() -> None:
    documents = Documents(SCHEMA, LIMITS, introspection=False, max_count=2, max_bytes=120)
    first = documents.admit("{ unit { name } } # 1")
    assert documents.admit("{ unit { name } } # 1") is first
    documents.admit("{ unit { name } } # 2")
    assert documents.admit("{ unit { name } } # 1") is first
    documents.admit("{ unit { name } } # 3")  # the second was used longest ago
    assert len(documents) == 2
    assert documents.admit("{ unit { name } } # 1") is first
    documents.admit("{ unit { name } }" + " " * 90)  # 107 bytes: both others must go
    assert len(documents) == 1
    documents.admit("{ unit { name } }" + " " * 200)  # larger than everything that may be kept
    assert len(documents) == 1


def test_refused_documents_are_not_remembered() -> None:
    documents = Documents(SCHEMA, replace(LIMITS, depth=1), introspection=False)
    for query in ("{", "{ gone }", "{ unit { name } }"):
        with pytest.raises(Rejected):
            documents.admit(query)
    assert len(documents) == 0
