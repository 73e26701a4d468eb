"""Requests that mean nothing: typed problems with their paths, and no statement run."""

import json
from typing import Any
from uuid import UUID

import pytest

from app.core.ids import encode_id
from app.core.refusals import RefusalCode
from tests.reads.asking import ask, refusal
from tests.reads.bed import Bed
from tests.reads.toy_schema import ToyContext

WRONG: list[tuple[str, list[tuple[RefusalCode, tuple[Any, ...]]]]] = [
    (r'cases(filter: {number: "督\u0000"})', [(RefusalCode.BAD_TEXT, ("filter", "number"))]),
    ('cases(filter: {number: " "})', [(RefusalCode.REQUIRED, ("filter", "number"))]),
    (f'cases(filter: {{ending: "{"9" * 201}"}})', [(RefusalCode.TOO_LONG, ("filter", "ending"))]),
    ("cases(first: -1)", [(RefusalCode.OUT_OF_RANGE, ("first",))]),
    ("cases(first: 101)", [(RefusalCode.OUT_OF_RANGE, ("first",))]),
    ("cases(last: 101)", [(RefusalCode.OUT_OF_RANGE, ("last",))]),
    ("cases(first: 1, last: 1)", [(RefusalCode.NOT_APPLICABLE, ("last",))]),
    ('cases(first: 1, before: "x")', [(RefusalCode.NOT_APPLICABLE, ("before",))]),
    ('cases(last: 1, after: "x")', [(RefusalCode.NOT_APPLICABLE, ("after",))]),
    (
        'cases(before: "x", after: "y")',
        [(RefusalCode.NOT_APPLICABLE, ("after",)), (RefusalCode.BAD_CURSOR, ("before",))],
    ),
    ('cases(first: 200, after: "é")', [(RefusalCode.OUT_OF_RANGE, ("first",)), (RefusalCode.BAD_CURSOR, ("after",))]),
    ("cases(orderBy: [DUE_ON_ASC, DUE_ON_DESC])", [(RefusalCode.DUPLICATE, ("orderBy", 1))]),
    ('cases(filter: {unit: ["unit_x"]})', [(RefusalCode.BAD_ID, ("filter", "unit"))]),
    (f'cases(filter: {{unit: ["{encode_id("case", UUID(int=1))}"]}})', [(RefusalCode.BAD_ID, ("filter", "unit"))]),
    (f"cases(filter: {{level: [{', '.join(['PUBLIC'] * 101)}]}})", [(RefusalCode.TOO_MANY, ("filter", "level"))]),
]


@pytest.mark.parametrize(("field", "problems"), WRONG)
def test_wrong_pages_are_refused_with_every_problem(
    bed: Bed, office: ToyContext, field: str, problems: list[tuple[RefusalCode, tuple[Any, ...]]]
) -> None:
    bed.statements.clear()
    assert refusal(bed, office, f"{{ {field} {{ edges {{ cursor }} }} }}") == problems
    assert bed.statements == []


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("case { id }", (RefusalCode.REQUIRED, ("id",))),
        ('case(id: "x", number: "y") { id }', (RefusalCode.NOT_APPLICABLE, ("number",))),
        ('case(id: "x") { id }', (RefusalCode.BAD_ID, ("id",))),
        (r'case(number: "\u0000") { id }', (RefusalCode.BAD_TEXT, ("number",))),
        (f'case(id: "{encode_id("unit", UUID(int=1))}") {{ id }}', (RefusalCode.BAD_ID, ("id",))),
        ('node(id: "") { id }', (RefusalCode.BAD_ID, ("id",))),
        (f'node(id: "{encode_id("label", UUID(int=1))}") {{ id }}', (RefusalCode.BAD_ID, ("id",))),
        (f'nodes(ids: ["{encode_id("unit", UUID(int=1))}", "x"]) {{ id }}', (RefusalCode.BAD_ID, ("ids", 1))),
        (f"nodes(ids: {json.dumps(['x'] * 101)}) {{ id }}", (RefusalCode.TOO_MANY, ("ids",))),
    ],
)
def test_wrong_ids_are_refused(
    bed: Bed, office: ToyContext, field: str, problem: tuple[RefusalCode, tuple[Any, ...]]
) -> None:
    assert refusal(bed, office, f"{{ {field} }}") == [problem]


def test_cursors_of_other_lists_orders_and_servers_are_refused(bed: Bed, office: ToyContext) -> None:
    def cursor(document: str) -> str:
        value: str = ask(bed, office, document)["list"]["pageInfo"]["endCursor"]
        return value

    end = "pageInfo { endCursor }"
    by_due = cursor(f"{{ list: cases(first: 2, orderBy: [DUE_ON_ASC]) {{ {end} }} }}")
    others = [
        cursor(f"{{ list: cases(first: 2, orderBy: [DUE_ON_DESC]) {{ {end} }} }}"),
        cursor(f"{{ list: cases(first: 2) {{ {end} }} }}"),
        cursor(f"{{ list: units(first: 2) {{ {end} }} }}"),
        by_due[:-1],
        by_due + "A",
        by_due + "=",
        by_due[::-1],
        "",
        "督",
        "\ud800",
    ]
    document = "query ($after: String) { cases(after: $after, orderBy: [DUE_ON_ASC]) { edges { node { number } } } }"
    assert len(ask(bed, office, document, after=by_due)["cases"]["edges"]) == 18
    for other in others:
        assert refusal(bed, office, document, after=other) == [(RefusalCode.BAD_CURSOR, ("after",))]
    # a filter is not part of the order: the same place in a shorter list
    shorter = document.replace("after: $after", 'after: $after, filter: {dueFrom: "2026-01-08"}')
    assert len(ask(bed, office, shorter, after=by_due)["cases"]["edges"]) == 6
