"""The declarations end to end: what a client gets equals plain Python, and costs one statement a level."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, seed

from app.core.ids import encode_id
from app.core.levels import Classification
from app.reads import statement
from app.reads.keyset import ascending, descending
from tests.reads import oracle, toy
from tests.reads.asking import ask
from tests.reads.bed import NOW, Bed
from tests.reads.levels import quick
from tests.reads.toy import Case, Report, Unit, World, worlds
from tests.reads.toy_schema import ToyContext, days_left, schema

LEDGER = """
query Ledger($first: Int, $after: String) {
  cases(first: $first, after: $after, orderBy: [DUE_ON_ASC]) {
    totalCount { value exact }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node {
      id number title words dueOn openedAt weight status level daysLeft
      unit { id name } reopens { number }
      reports { id grade case { number } unit { name } }
      graded { grade }
      reportPage(first: 2) { totalCount { value } edges { node { id submittedAt } } pageInfo { hasNextPage } }
      labels { name }
    } }
  }
}
"""


def expected(world: World, first: int) -> dict[str, Any]:
    seen = oracle.in_order([case for case in world.cases if world.sees_case(case)], [ascending(Case.due_on)])
    return {
        "totalCount": {"value": len(seen), "exact": True},
        "hasNextPage": len(seen) > first,
        "nodes": [_case(world, case) for case in seen[:first]],
    }


def _case(world: World, case: Case) -> dict[str, Any]:
    reports = [report for report in world.reports if report.case_id == case.id and world.sees_report(report)]
    latest = oracle.in_order(reports, [descending(Report.submitted_at)])
    graded = oracle.in_order([report for report in reports if report.grade is not None], [ascending(Report.grade)])
    left = days_left(case.due_on, case.status, NOW)
    linked = {link.label_id for link in world.links if link.case_id == case.id}
    return {
        "id": encode_id("case", case.id),
        "number": case.number,
        "title": world.text(case.title_id),
        "words": world.text(case.words_id),
        "dueOn": case.due_on and case.due_on.isoformat(),
        "openedAt": case.opened_at.isoformat(),
        "weight": case.weight,
        "status": case.status.name,
        "level": case.level.name,
        "daysLeft": left,
        "unit": _unit(world, case.unit_id),
        "reopens": _reopened(world, case.reopens_id),
        "reports": [
            {
                "id": encode_id("report", report.id),
                "grade": report.grade,
                "case": {"number": case.number},
                "unit": {"name": _named(world, report.unit_id).name},
            }
            for report in latest
        ],
        "graded": [{"grade": report.grade} for report in graded],
        "reportPage": {
            "totalCount": {"value": len(reports)},
            "edges": [
                {
                    "node": {
                        "id": encode_id("report", report.id),
                        "submittedAt": report.submitted_at and report.submitted_at.isoformat(),
                    }
                }
                for report in latest[:2]
            ],
            "pageInfo": {"hasNextPage": len(reports) > 2},
        },
        "labels": [
            {"name": label.name}
            for label in sorted(world.labels, key=lambda label: label.name, reverse=True)
            if label.id in linked
        ],
    }


def _named(world: World, key: UUID) -> Unit:
    return next(unit for unit in world.units if unit.id == key)


def _reopened(world: World, key: UUID | None) -> dict[str, Any] | None:
    """A to-one under its own rule: null where it is hidden, as where there is none."""
    return next(({"number": case.number} for case in world.cases if case.id == key and world.sees_case(case)), None)


def _unit(world: World, key: UUID | None) -> dict[str, Any] | None:
    return None if key is None else {"id": encode_id("unit", key), "name": _named(world, key).name}


def test_a_ledger_with_everything_equals_plain_python(bed: Bed) -> None:
    @seed(3)
    @quick(12)
    @given(world=worlds())
    def run(world: World) -> None:
        bed.fill(world.rows)
        context = ToyContext(bed.database, world.actor)
        found = ask(bed, context, LEDGER, first=4)["cases"]
        wanted = expected(world, 4)
        assert [edge["node"] for edge in found["edges"]] == wanted["nodes"]
        assert found["totalCount"] == wanted["totalCount"]
        cursors = [edge["cursor"] for edge in found["edges"]]
        assert found["pageInfo"] == {
            "hasNextPage": wanted["hasNextPage"],
            "hasPreviousPage": False,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        }

    run()


def selects(bed: Bed, context: ToyContext, document: str, **variables: Any) -> int:
    bed.statements.clear()
    ask(bed, context, document, **variables)
    return sum(text.startswith("SELECT") for text in bed.statements)


@pytest.mark.parametrize("first", [1, 20])
def test_a_level_is_one_statement_however_many_parents_there_are(bed: Bed, office: ToyContext, first: int) -> None:
    # cases, their count, units; reports three ways and their count; labels; of reports their cases and further units
    assert selects(bed, office, LEDGER, first=first) == 10


@pytest.mark.parametrize(
    ("document", "statements"),
    [
        ("{ cases { edges { node { number } } } }", 1),
        ("{ cases { totalCount { value } } }", 2),
        ("{ cases { edges { node { unit { name } reports { unit { name } } } } } }", 4),
        ("{ cases { edges { node { a: unit { name } b: unit { id } } } } }", 2),
        (
            """{ cases { edges { node {
                a: reportPage(first: 1) { edges { cursor } }
                b: reportPage(first: 1) { pageInfo { hasNextPage } } } } } }""",
            2,
        ),
        (
            """{ cases { edges { node {
                a: reportPage(first: 1) { edges { cursor } }
                b: reportPage(first: 2) { edges { cursor } } } } } }""",
            3,
        ),
        ('{ a: case(number: "督〔2026〕00001") { id } b: case(number: "督〔2026〕00002") { id } }', 1),
        ("{ firstCase { number unit { name } } }", 2),
        ("{ cases { edges { node { loudNumber } } } }", 1),
    ],
)
def test_what_is_asked_together_travels_together(bed: Bed, office: ToyContext, document: str, statements: int) -> None:
    assert selects(bed, office, document) == statements


def test_what_was_written_is_read_again(bed: Bed, office: ToyContext) -> None:
    document = "{ firstCase { number weight } }"
    assert ask(bed, office, document)["firstCase"]["weight"] is None
    case = toy.case_at(0, day=0, unit=None)

    async def write() -> None:
        async with bed.database.write() as session:
            row = await session.get(Case, case.id)
            assert row is not None
            row.weight = 9

    bed.run(write())
    assert ask(bed, office, document)["firstCase"]["weight"] is None
    office.loaders.forget()
    assert ask(bed, office, document)["firstCase"]["weight"] == 9


def test_pages_by_cursor_go_both_ways(bed: Bed, office: ToyContext) -> None:
    document = """query ($first: Int, $after: String, $last: Int, $before: String) {
      cases(first: $first, after: $after, last: $last, before: $before, orderBy: [DUE_ON_DESC]) {
        edges { cursor node { number } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    pages: list[dict[str, Any]] = []
    cursor = None
    while not pages or pages[-1]["pageInfo"]["hasNextPage"]:
        pages.append(ask(bed, office, document, first=7, after=cursor)["cases"])
        cursor = pages[-1]["pageInfo"]["endCursor"]
    assert [len(page["edges"]) for page in pages] == [7, 7, 6]
    assert [page["pageInfo"]["hasPreviousPage"] for page in pages] == [False, True, True]
    forwards = [edge["node"]["number"] for page in pages for edge in page["edges"]]
    back: list[dict[str, Any]] = []
    cursor = None
    while not back or back[-1]["pageInfo"]["hasPreviousPage"]:
        back.append(ask(bed, office, document, last=7, before=cursor)["cases"])
        cursor = back[-1]["pageInfo"]["startCursor"]
    assert [page["pageInfo"]["hasNextPage"] for page in back] == [False, True, True]
    assert [edge["node"]["number"] for page in reversed(back) for edge in page["edges"]] == forwards
    assert forwards == [f"督〔2026〕{number:05}" for number in range(19, -1, -1)]


def test_pages_of_a_parent_go_on_by_their_own_cursors(bed: Bed, office: ToyContext) -> None:
    document = """query ($after: String) { case(number: "督〔2026〕00003") {
      reportPage(first: 2, after: $after) { edges { node { grade } } pageInfo { endCursor hasNextPage } } } }"""
    first = ask(bed, office, document)["case"]["reportPage"]
    second = ask(bed, office, document, after=first["pageInfo"]["endCursor"])["case"]["reportPage"]
    assert [edge["node"]["grade"] for page in (first, second) for edge in page["edges"]] == [2, 1, 0]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second)] == [True, False]


FILTERS: list[tuple[str, Any]] = [
    ("status: [OPEN, LOST]", lambda case, _: case.status in {toy.Status.OPEN, toy.Status.LOST}),
    ("status: []", lambda *_: False),
    ("status: null", lambda *_: True),
    ('dueFrom: "2026-11-23"', lambda case, _: case.due_on is not None and case.due_on.isoformat() >= "2026-11-23"),
    ('dueUntil: "2026-11-23"', lambda case, _: case.due_on is not None and case.due_on.isoformat() <= "2026-11-23"),
    ('number: "督〔2026〕001"', lambda case, _: case.number.endswith("001")),
    ("overdue: true", lambda case, _: case.due_on is not None and case.due_on < NOW.date()),
    ("level: [INTERNAL]", lambda case, _: case.level is Classification.INTERNAL),
    ("unit: [UNIT]", lambda case, world: case.unit_id == world.units[0].id),
    ('ending: "1"', lambda case, _: case.number.endswith("1")),
    ('ending: " _ "', lambda *_: False),
    (
        'unit: [UNIT], level: [PUBLIC, INTERNAL], dueFrom: "2026-01-01"',
        lambda case, world: case.unit_id == world.units[0].id and case.level <= 1 and case.due_on is not None,
    ),
]


def test_filters_equal_plain_python(bed: Bed) -> None:
    @seed(4)
    @quick(6)
    @given(world=worlds())
    def run(world: World) -> None:
        bed.fill(world.rows)
        context = ToyContext(bed.database, world.actor)
        for text, holds in FILTERS:
            written = text.replace("UNIT", f'"{encode_id("unit", world.units[0].id)}"')
            found = ask(
                bed,
                context,
                f"{{ cases(filter: {{ {written} }}) {{ totalCount {{ value }} edges {{ node {{ number }} }} }} }}",
            )["cases"]
            wanted = [case.number for case in world.cases if world.sees_case(case) and holds(case, world)]
            assert [edge["node"]["number"] for edge in found["edges"]] == wanted
            assert found["totalCount"]["value"] == len(wanted)

    run()


def test_nodes_answer_null_for_what_is_hidden_and_for_what_is_not_there(bed: Bed, office: ToyContext) -> None:
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Case { number } ... on Unit { name } } }"
    ids = [
        encode_id("unit", UUID(int=2)),
        encode_id("case", UUID(int=1020)),
        encode_id("case", UUID(int=99)),
        encode_id("case", UUID(int=1003)),
        encode_id("unit", UUID(int=1)),
    ]
    assert ask(bed, office, document, ids=ids)["nodes"] == [
        {"__typename": "Unit", "id": ids[0], "name": "unit 2"},
        None,
        None,
        {"__typename": "Case", "id": ids[3], "number": "督〔2026〕00003"},
        {"__typename": "Unit", "id": ids[4], "name": "unit 1"},
    ]
    one = "query ($id: ID!) { node(id: $id) { id } unit(id: $id) { name } }"
    assert ask(bed, office, one, id=ids[0]) == {"node": {"id": ids[0]}, "unit": {"name": "unit 2"}}
    single = "query ($id: ID, $number: String) { case(id: $id, number: $number) { number } }"
    assert ask(bed, office, single, id=ids[1]) == {"case": None}
    assert ask(bed, office, single, number="督〔2026〕00020") == {"case": None}
    assert ask(bed, office, single, id=ids[3]) == {"case": {"number": "督〔2026〕00003"}}


def test_a_list_is_narrowed_to_its_caller(bed: Bed, office: ToyContext) -> None:
    document = "{ ownCases(first: 1) { totalCount { value } edges { node { number } } } }"
    other = ToyContext(bed.database, toy.actor_of(Unit(id=UUID(int=2), name=""), Classification.INTERNAL))
    found = {context.actor: ask(bed, context, document)["ownCases"] for context in (office, other)}
    assert found[office.actor]["totalCount"]["value"] == 20
    assert found[other.actor] == {"totalCount": {"value": 1}, "edges": [{"node": {"number": "督〔2026〕00020"}}]}


def test_counts_say_where_they_stop(bed: Bed, office: ToyContext, monkeypatch: pytest.MonkeyPatch) -> None:
    document = "{ cases(first: 0) { totalCount { value exact } edges { cursor } pageInfo { hasNextPage endCursor } } }"
    for cap, counted in ((19, {"value": 19, "exact": False}), (20, {"value": 20, "exact": True})):
        monkeypatch.setattr(statement, "COUNT_CAP", cap)
        found = ask(bed, office, document)["cases"]
        assert found == {
            "totalCount": counted,
            "edges": [],
            "pageInfo": {"hasNextPage": True, "endCursor": None},
        }


def test_a_field_that_fails_takes_nothing_along_that_others_wait_for(bed: Bed, office: ToyContext) -> None:
    """graphql-core cancels its siblings, and they may wait for the same unit as another root field."""
    case, bad = 'case(number: "督〔2026〕00001")', 'reportPage(after: "AAAA") { edges { cursor } }'
    document = f"{{ good: {case} {{ unit {{ name }} }} bad: {case} {{ unit {{ name }} {bad} }} }}"
    result = bed.run(schema.execute(document, context_value=office))
    assert result.data == {"good": {"unit": {"name": "unit 1"}}, "bad": None}
    assert [error.path for error in result.errors or ()] == [["bad", "reportPage"]]
