"""The index against plain Python, on both databases."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, and_, func, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.refusals import Problem, Refusal, RefusalCode
from app.search.conditions import MAX_PROBES, MAX_QUERY_CHARACTERS, _Folded, contains, matches
from app.search.index import index, remove
from app.search.models import SearchField
from app.search.tokens import fold, pairs, token, tokens
from tests.search.conftest import KEY, TOKENS, WORDS, Bed

TITLE, REQUIREMENT, INSTRUCTION = SearchField
FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))

WORD = st.sampled_from(
    ["督办", "环保督察", "环", "保", "（2026年）", "5G", "\uff21\uff22", "ab", "aB", "É", "e\u0301", "e", "\u0301"]
)
MARK = st.sampled_from([*"%_/\\'\" \n，,()（）", "㎏", "①", "𠮷", "😀", "が", "か\u3099", "か"])
TEXTS = st.lists(st.one_of(WORD, MARK), max_size=14).map("".join)


def indexed(bed: Bed, texts: dict[UUID, str], field: SearchField = TITLE) -> None:
    bed.fill(texts)

    async def work(session: AsyncSession) -> None:
        for case_id, words in texts.items():
            await index(session, case_id, field, words, KEY)

    bed.write(work)


def found(bed: Bed, condition: ColumnElement[bool]) -> set[UUID]:
    async def work(session: AsyncSession) -> set[UUID]:
        return set((await session.execute(select(WORDS.c.case_id).where(condition))).scalars())

    return bed.write(work)


def both(query: str) -> ColumnElement[bool]:
    narrowed = matches(WORDS.c.case_id, query, KEY)
    exact = contains(WORDS.c.text, query)
    return exact if narrowed is None else and_(narrowed, exact)


@st.composite
def questions(draw: st.DrawFn) -> tuple[dict[UUID, str], str]:
    texts = draw(st.lists(TEXTS, min_size=1, max_size=5))
    whole = draw(st.sampled_from(texts))
    start = draw(st.integers(0, len(whole)))
    part = whole[start : start + draw(st.integers(1, 12))]
    query = draw(st.sampled_from([part, part.upper(), fold(part)]) | TEXTS)
    return {UUID(int=number): words for number, words in enumerate(texts)}, query


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questions().filter(lambda asked: asked[1].strip() and len(asked[1]) <= MAX_QUERY_CHARACTERS))
def test_answers_are_those_of_plain_python(bed: Bed, asked: tuple[dict[UUID, str], str]) -> None:
    texts, query = asked
    wanted = fold(query.strip())
    expected = {case_id for case_id, words in texts.items() if wanted in fold(words)}
    indexed(bed, texts)
    assert found(bed, both(query)) == expected
    assert found(bed, contains(WORDS.c.text, query)) == expected
    narrowed = matches(WORDS.c.case_id, query, KEY)
    assert (narrowed is None) == (not pairs(wanted))
    if narrowed is not None:
        assert found(bed, narrowed) >= expected


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(
        st.characters(max_codepoint=0xFFFF, exclude_categories=("Cs", "Cn"), exclude_characters="\x00"), max_size=20
    )
)
def test_the_databases_fold_as_python_does(bed: Bed, words: str) -> None:
    async def work(session: AsyncSession) -> str:
        return (await session.execute(select(_Folded(literal(words))))).scalar_one()

    assert bed.write(work) == fold(words)


def test_two_characters_are_answered_by_the_index_alone(bed: Bed) -> None:
    indexed(bed, {FIRST: "督办通知", SECOND: "监督办法", THIRD: "督促查办"})
    narrowed = matches(WORDS.c.case_id, "督办", KEY)
    assert narrowed is not None
    assert found(bed, narrowed) == {FIRST, SECOND}


def test_the_same_pairs_in_another_order_are_no_answer(bed: Bed) -> None:
    indexed(bed, {FIRST: "办法，督办", SECOND: "督办法"})
    narrowed = matches(WORDS.c.case_id, "督办法", KEY)
    assert narrowed is not None
    assert found(bed, narrowed) == {FIRST, SECOND}
    assert found(bed, both("督办法")) == {SECOND}


def test_a_single_character_is_found_by_the_text_alone(bed: Bed) -> None:
    indexed(bed, {FIRST: "水", SECOND: "火"})
    assert matches(WORDS.c.case_id, "水", KEY) is None
    assert found(bed, both("水")) == {FIRST}


def test_wildcards_are_ordinary_characters(bed: Bed) -> None:
    indexed(bed, {FIRST: "完成100%以上", SECOND: "完成100以上", THIRD: "a_b/c\\d"})
    assert found(bed, both("100%以")) == {FIRST}
    assert found(bed, both("0%")) == {FIRST}
    assert found(bed, both("_b/c\\")) == {THIRD}
    assert found(bed, both("%")) == {FIRST}


@pytest.mark.parametrize(
    ("query", "answers"),
    [("cafe", {SECOND}), ("e", {SECOND}), ("\u00e9", {FIRST}), ("か", set()), ("が", {THIRD}), ("\uff43afe", {SECOND})],
)
def test_a_letter_that_fuses_with_what_follows_is_another_letter(bed: Bed, query: str, answers: set[UUID]) -> None:
    indexed(bed, {FIRST: "cafe\u0301", SECOND: "cafe", THIRD: "か\u3099"})
    assert found(bed, contains(WORDS.c.text, query)) == answers
    assert found(bed, both(query)) == answers


def test_only_the_named_fields_are_searched(bed: Bed) -> None:
    indexed(bed, {FIRST: "督办通知"}, INSTRUCTION)
    hidden = matches(WORDS.c.case_id, "督办", KEY, (TITLE, REQUIREMENT))
    shown = matches(WORDS.c.case_id, "督办", KEY, (INSTRUCTION,))
    assert hidden is not None
    assert shown is not None
    assert found(bed, hidden) == set()
    assert found(bed, shown) == {FIRST}


def test_without_the_key_nothing_is_found(bed: Bed) -> None:
    indexed(bed, {FIRST: "督办通知"})
    guess = matches(WORDS.c.case_id, "督办", b"another key")
    assert guess is not None
    assert found(bed, guess) == set()


def test_the_table_holds_tokens_and_references_only(bed: Bed) -> None:
    assert [column.name for column in TOKENS.columns] == ["token", "case_id", "field"]
    assert [column.name for column in TOKENS.primary_key] == ["token", "case_id", "field"]
    assert TOKENS.foreign_keys == set()
    indexed(bed, {FIRST: "督办，通知"})
    assert bed.rows() == {(token("督办", KEY), FIRST, TITLE), (token("通知", KEY), FIRST, TITLE)}


def test_indexing_again_replaces_the_field_and_nothing_else(bed: Bed) -> None:
    async def work(session: AsyncSession) -> None:
        await index(session, FIRST, TITLE, "督办通知", KEY)
        await index(session, FIRST, REQUIREMENT, "督办通知", KEY)
        await index(session, SECOND, TITLE, "督办通知", KEY)
        await index(session, FIRST, TITLE, "督办通报", KEY)
        await index(session, SECOND, TITLE, "督办通知", KEY)

    bed.fill({})
    bed.write(work)
    assert bed.rows() == {
        *((value, FIRST, TITLE) for value in tokens("督办通报", KEY)),
        *((value, FIRST, REQUIREMENT) for value in tokens("督办通知", KEY)),
        *((value, SECOND, TITLE) for value in tokens("督办通知", KEY)),
    }


def test_a_long_text_is_replaced_by_an_empty_one(bed: Bed) -> None:
    long = "".join(chr(0x4E00 + number) for number in range(3_000))
    indexed(bed, {FIRST: long})
    assert len(bed.rows()) == 2_999
    indexed_again = {FIRST: ""}

    async def work(session: AsyncSession) -> None:
        await index(session, FIRST, TITLE, indexed_again[FIRST], KEY)

    bed.write(work)
    assert bed.rows() == set()


@pytest.mark.parametrize(("field", "left"), [(None, set()), (TITLE, {REQUIREMENT})])
def test_removing(bed: Bed, field: SearchField | None, left: set[SearchField]) -> None:
    async def work(session: AsyncSession) -> None:
        await index(session, FIRST, TITLE, "督办", KEY)
        await index(session, FIRST, REQUIREMENT, "督办", KEY)
        await index(session, SECOND, TITLE, "督办", KEY)
        await remove(session, FIRST, field)

    bed.fill({})
    bed.write(work)
    rows = bed.rows()
    assert {row_field for _, case_id, row_field in rows if case_id == FIRST} == left
    assert {row_field for _, case_id, row_field in rows if case_id == SECOND} == {TITLE}


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("", Problem(RefusalCode.REQUIRED, ("text",))),
        (" \u3000\n", Problem(RefusalCode.REQUIRED, ("text",))),
        ("督" * 101, Problem(RefusalCode.TOO_LONG, ("text",), (("limit", 100),))),
        ("督办\x00", Problem(RefusalCode.BAD_TEXT, ("text",))),
        ("督办\ud800", Problem(RefusalCode.BAD_TEXT, ("text",))),
    ],
)
def test_queries_that_are_refused(query: str, problem: Problem) -> None:
    with pytest.raises(Refusal) as by_index:
        matches(WORDS.c.case_id, query, KEY)
    with pytest.raises(Refusal) as by_text:
        contains(WORDS.c.text, query)
    assert by_index.value.problems == by_text.value.problems == (problem,)


@pytest.mark.parametrize(("length", "probes"), [(2, 1), (3, 2), (7, 6), (8, 6), (100, 6)])
def test_a_long_query_is_probed_from_end_to_end_by_a_few_pairs(length: int, probes: int) -> None:
    query = "".join(chr(0x4E00 + number) for number in range(length))
    narrowed = matches(WORDS.c.case_id, query, KEY)
    assert narrowed is not None
    values = [value for value in narrowed.compile().params.values() if isinstance(value, int)]
    assert len(values) == probes <= MAX_PROBES
    assert values[0] == token(query[:2], KEY)
    assert values[-1] == token(query[-2:], KEY)


def test_the_plan_goes_by_the_key_of_the_index(bed: Bed) -> None:
    narrowed = matches(WORDS.c.case_id, "督办通知", KEY)
    assert narrowed is not None
    statement = select(func.count()).select_from(WORDS).where(narrowed)
    explain, used = ("EXPLAIN QUERY PLAN", "SEARCH search_token USING PRIMARY KEY (token=?")
    if not bed.database.sqlite:
        explain, used = ("EXPLAIN", "pk_search_token")

    async def work(session: AsyncSession) -> str:
        if not bed.database.sqlite:  # few rows are read in sequence, whatever the index
            await session.execute(text("SET LOCAL enable_seqscan = off"))
        sql = str(statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
        return "\n".join(str(row) for row in await session.execute(text(f"{explain} {sql}")))

    assert bed.write(work).count(used) == 3
