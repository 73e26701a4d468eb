"""Cursors: what was written is read back, and nothing else is."""

import base64
from datetime import UTC, date, timedelta, timezone
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.paging import DEFAULT_PAGE, MAX_PAGE, Cursors, Page, requested_page
from app.core.refusals import Language, Refusal, RefusalCode

CURSORS = Cursors(b"one key")
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    st.dates(),
    st.times(),
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))])),
    st.uuids(),
)


class Tone(StrEnum):
    RED = "RED"


class Grade(IntEnum):
    TOP = 5


@given(scope=st.text(alphabet="abc +-", max_size=5), values=st.lists(VALUES, max_size=4))
def test_values_come_back_as_they_were(scope: str, values: list[Any]) -> None:
    found = CURSORS.read(scope, CURSORS.write(scope, values))
    assert found == tuple(values)
    assert [type(value) for value in found] == [type(value) for value in values]


def test_members_of_enumerations_come_back_as_their_values() -> None:
    assert CURSORS.read("x", CURSORS.write("x", [Tone.RED, Grade.TOP])) == ("RED", 5)


def test_a_cursor_is_the_same_text_each_time_and_holds_no_position() -> None:
    row = [date(2026, 11, 22), UUID(int=1)]
    assert CURSORS.write("case due_on+ id+", row) == CURSORS.write("case due_on+ id+", row)
    cursor = CURSORS.write("case due_on+ id+", row)
    assert base64.urlsafe_b64decode(cursor + "==")[16:] == b'["d2026-11-22","u00000000000000000000000000000001"]'


@given(values=st.lists(VALUES, max_size=3), place=st.integers(0), letter=st.sampled_from("Aa0-_=é "))
def test_a_cursor_with_one_letter_changed_is_no_cursor(values: list[Any], place: int, letter: str) -> None:
    cursor = CURSORS.write("scope", values)
    place %= len(cursor)
    changed = cursor[:place] + letter + cursor[place + 1 :]
    assert (CURSORS.read("scope", changed) is None) is (changed != cursor)


@given(values=st.lists(VALUES, max_size=3))
def test_other_scopes_and_other_keys_have_other_cursors(values: list[Any]) -> None:
    cursor = CURSORS.write("case id+", values)
    assert CURSORS.read("case id-", cursor) is None
    assert Cursors(b"another key").read("case id+", cursor) is None


@given(st.text())
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    assert CURSORS.read("scope", text) is None


HERE = CURSORS.write("scope", [7])


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ({}, Page(DEFAULT_PAGE)),
        ({"first": 0}, Page(0)),
        ({"first": MAX_PAGE, "after": HERE}, Page(MAX_PAGE, backward=False, start=(7,))),
        ({"after": HERE}, Page(DEFAULT_PAGE, backward=False, start=(7,))),
        ({"last": 3}, Page(3, backward=True)),
        ({"last": 3, "before": HERE}, Page(3, backward=True, start=(7,))),
        ({"before": HERE}, Page(DEFAULT_PAGE, backward=True, start=(7,))),
    ],
)
def test_pages_that_can_be_asked_for(asked: dict[str, Any], page: Page) -> None:
    assert requested_page(CURSORS, "scope", **asked) == page


def test_a_refused_cursor_is_told_in_both_languages() -> None:
    with pytest.raises(Refusal) as refused:
        requested_page(CURSORS, "scope", first=MAX_PAGE + 1, after="x")
    assert refused.value.code is RefusalCode.INVALID_INPUT
    assert [problem.message(Language.ZH) for problem in refused.value.problems] == [
        "应在0至100之间。",
        "游标不属于此列表。",
    ]
    assert [problem.message(Language.EN) for problem in refused.value.problems] == [
        "Must lie between 0 and 100.",
        "Not a cursor of this list.",
    ]
