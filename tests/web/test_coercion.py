"""Bad input values: INVALID_INPUT with the exact path, in both languages, never in a library's words."""

from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLString,
    parse_value,
    validate_input_literal,
    validate_input_value,
)
from hypothesis import given
from hypothesis import strategies as st

from app.graphql.coercion import _JSON, _LITERAL, _problems
from tests.web.toy import SAVED, SECRET

QUERY = "mutation ($input: SaveInput!) { save(input: $input) }"
GOOD = {"title": "督办"}
Found = list[tuple[list[Any], str, str]]

CASES: dict[str, tuple[dict[str, Any], Found]] = {
    "no variable": ({}, [(["input"], "此项必填。", "This is required.")]),
    "null": ({"input": None}, [(["input"], "此项必填。", "This is required.")]),
    "not an object": ({"input": 5}, [(["input"], "不是有效的SaveInput。", "Not a valid SaveInput.")]),
    "a field missing": ({"input": {}}, [(["input", "title"], "此项必填。", "This is required.")]),
    "unknown field": (
        {"input": {**GOOD, "titel": "x"}},
        [(["input", "titel"], "没有此项。", "There is no such field.")],
    ),
    "bad date": (
        {"input": {**GOOD, "dueOn": "2026-02-30"}},
        [(["input", "dueOn"], "不是有效的Date，应如2026-06-15。", "Not a valid Date, as 2026-06-15 is.")],
    ),
    "unknown enum value": (
        {"input": {**GOOD, "colour": "GREN"}},
        [(["input", "colour"], "不是有效的Colour。", "Not a valid Colour.")],
    ),
    "enum value of another type": (
        {"input": {**GOOD, "colour": 1}},
        [(["input", "colour"], "不是有效的Colour。", "Not a valid Colour.")],
    ),
    "text that is a number": (
        {"input": {"title": 7}},
        [(["input", "title"], "不是有效的String。", "Not a valid String.")],
    ),
    "an integer too large": (
        {"input": {**GOOD, "parts": [{"label": "a", "size": 2**31}]}},
        [(["input", "parts", 0, "size"], "不是有效的Int。", "Not a valid Int.")],
    ),
    "in a list": (
        {"input": {**GOOD, "parts": [{"label": "a"}, {}, None]}},
        [
            (["input", "parts", 1, "label"], "此项必填。", "This is required."),
            (["input", "parts", 2], "此项必填。", "This is required."),
        ],
    ),
    "a scalar that raises": (
        {"input": {**GOOD, "even": 3}},
        [(["input", "even"], "不是有效的Even。", "Not a valid Even.")],
    ),
    "a scalar that refuses": (
        {"input": {**GOOD, "even": 13}},
        [(["input", "even"], "日期不可能或不允许。", "The date is impossible or not allowed.")],
    ),
    "six problems, five told": (
        {"input": {"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}},
        [(["input", "title"], "此项必填。", "This is required.")]
        + [(["input", name], "没有此项。", "There is no such field.") for name in "abcd"],
    ),
}


def _told(response: httpx.Response) -> list[tuple[list[Any], str]]:
    assert response.status_code == 400
    body = response.json()
    assert set(body) == {"errors"}
    assert SECRET not in response.text
    for error in body["errors"]:
        assert error["extensions"]["code"] == "INVALID_INPUT"
        assert "path" not in error  # a path of the response, which there is not
    return [(error["extensions"].get("path"), error["message"]) for error in body["errors"]]


@pytest.mark.parametrize(("variables", "found"), CASES.values(), ids=CASES)
async def test_variables(client: httpx.AsyncClient, variables: dict[str, Any], found: Found) -> None:
    SAVED.clear()
    body = {"query": QUERY, "variables": variables}
    chinese = await client.post("/graphql", json=body)
    english = await client.post("/graphql", json=body, headers={"accept-language": "en"})
    places = [(path, ".".join(map(str, path))) for path, _, _ in found]
    assert _told(chinese) == [
        (path, f"{place}：{words[1]}") for (path, place), words in zip(places, found, strict=True)
    ]
    assert _told(english) == [
        (path, f"{place}: {words[2]}") for (path, place), words in zip(places, found, strict=True)
    ]
    assert SAVED == []


LITERALS: dict[str, tuple[str, list[tuple[list[Any], str]]]] = {
    "a scalar": ('{ add(left: "1", right: 2) }', [(["left"], "left: Not a valid Int.")]),
    "null": ("{ add(left: null, right: 2) }", [(["left"], "left: This is required.")]),
    "an enum as text": ('{ isRed(colour: "RED") }', [(["colour"], "colour: Not a valid Colour.")]),
    "an unknown enum value": ("{ isRed(colour: REDD) }", [(["colour"], "colour: Not a valid Colour.")]),
    "an object": (
        'mutation { save(input: {dueOn: "soon", parts: [{label: 1}], nothing: 2}) }',
        [
            (["input", "title"], "input.title: This is required."),
            (["input", "dueOn"], "input.dueOn: Not a valid Date, as 2026-06-15 is."),
            (["input", "parts", 0, "label"], "input.parts.0.label: Not a valid String."),
            (["input", "nothing"], "input.nothing: There is no such field."),
        ],
    ),
    "a scalar that raises": (
        'mutation { save(input: {title: "a", even: 3}) }',
        [(["input", "even"], "input.even: Not a valid Even.")],
    ),
    "a default value": ("query ($n: Int = true) { add(left: $n, right: 1) }", [(["n"], "n: Not a valid Int.")]),
    "an integer of 10,000 digits": (
        f"{{ add(left: {'9' * 10_000}, right: 2) }}",
        [(["left"], "left: Not a valid Int.")],
    ),
}


@pytest.mark.parametrize(("query", "found"), LITERALS.values(), ids=LITERALS)
async def test_literals(client: httpx.AsyncClient, query: str, found: list[tuple[list[Any], str]]) -> None:
    SAVED.clear()
    response = await client.post("/graphql", json={"query": query}, headers={"accept-language": "en"})
    assert sorted(_told(response), key=str) == sorted(found, key=str)
    assert SAVED == []


ONE_OF = (["choice"], "choice：必须且只能填写其中一项。")


@pytest.mark.parametrize("choice", [{}, {"number": 1, "title": "a"}, {"number": None}])
async def test_one_of_by_variable(client: httpx.AsyncClient, choice: dict[str, Any]) -> None:
    query = "query ($choice: Choice!) { choose(choice: $choice) }"
    response = await client.post("/graphql", json={"query": query, "variables": {"choice": choice}})
    assert _told(response) == [ONE_OF]
    response = await client.post("/graphql", json={"query": query, "variables": {"choice": {"number": 1}}})
    assert response.json() == {"data": {"choose": "chosen"}}


@pytest.mark.parametrize("choice", ["{}", '{number: 1, title: "a"}', "{number: null}"])
async def test_one_of_as_a_literal_in_a_fragment(client: httpx.AsyncClient, choice: str) -> None:
    query = f"fragment F on Query {{ choose(choice: {choice}) }} {{ ...F }}"
    assert ONE_OF in _told(await client.post("/graphql", json={"query": query}))
    query = "fragment F on Query { choose(choice: {number: $n}) } query ($n: Int!) { ...F }"
    response = await client.post("/graphql", json={"query": query, "variables": {"n": 1}})
    assert response.json() == {"data": {"choose": "chosen"}}


RUNTIME: dict[str, tuple[str, dict[str, Any], str]] = {
    "null for a default": (
        "query ($l: Int = 1) { add(left: $l, right: 1) }",
        {"l": None},
        "add",
    ),
    "null as the one field": ("query ($n: Int) { choose(choice: {number: $n}) }", {"n": None}, "choose"),
    "null for what may only be absent": (QUERY, {"input": {**GOOD, "tag": None}}, "save"),
}


@pytest.mark.parametrize(("query", "variables", "field"), RUNTIME.values(), ids=RUNTIME)
async def test_what_only_execution_finds(
    client: httpx.AsyncClient, query: str, variables: dict[str, Any], field: str
) -> None:
    SAVED.clear()
    response = await client.post("/graphql", json={"query": query, "variables": variables})
    [error] = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"], error["path"], error["message"]) == (
        200,
        "INVALID_INPUT",
        [field],
        "参数的值无效。",
    )
    assert SAVED == []


COLOUR = GraphQLEnumType("Colour", {"RED": 1, "GREEN": 2})
PART = GraphQLInputObjectType(
    "Part",
    {
        "size": GraphQLInputField(GraphQLNonNull(GraphQLInt)),
        "label": GraphQLInputField(GraphQLString),
        "colours": GraphQLInputField(GraphQLList(GraphQLNonNull(COLOUR))),
    },
)
ONE = GraphQLInputObjectType(
    "One", {"a": GraphQLInputField(GraphQLInt), "b": GraphQLInputField(GraphQLString)}, is_one_of=True
)
KINDS: list[GraphQLInputType] = [
    GraphQLInt,
    GraphQLNonNull(GraphQLString),
    GraphQLList(GraphQLInt),
    GraphQLNonNull(GraphQLList(GraphQLNonNull(COLOUR))),
    PART,
    GraphQLList(GraphQLNonNull(PART)),
    ONE,
]
values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**32) | st.sampled_from(["RED", "x", ""]) | st.floats(0, 2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["size", "label", "colours", "a", "b", "other"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(KINDS), values)
def test_a_json_value_has_problems_exactly_when_graphql_core_refuses_it(kind: GraphQLInputType, value: Any) -> None:
    refused: list[Any] = []
    validate_input_value(value, kind, lambda error, _path: refused.append(error))
    assert bool(list(_problems(_JSON, kind, value, ()))) is bool(refused)


def _as_literal(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_as_literal(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_literal, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return value if value == "RED" else f'"{value}"'
    return format(value, "f") if isinstance(value, float) else str(value)


@given(st.sampled_from(KINDS), values)
def test_a_literal_has_problems_exactly_when_graphql_core_refuses_it(kind: GraphQLInputType, value: Any) -> None:
    node = parse_value(_as_literal(value))
    refused: list[Any] = []
    validate_input_literal(node, kind, lambda error, _path: refused.append(error))
    assert bool(list(_problems(_LITERAL, kind, node, ()))) is bool(refused)
