"""Every level equals plain Python, and mutants of the statement builder show that the comparison bites."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import ColumnElement, false, true

from app.core.paging import Page
from app.reads import execution, keyset, statement, tables
from app.reads.execution import Count
from tests.reads.bed import BEDS, DEEP, Bed
from tests.reads.levels import every_level
from tests.reads.toy import Case


def test_levels_equal_plain_python(bed: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement, "COUNT_CAP", 3)
    every_level(bed)


Mutant = Callable[[pytest.MonkeyPatch], None]


def _no_rule(name: str) -> Mutant:
    """The part of a statement that `name` writes forgets the row rule."""
    write = getattr(statement, name)
    return lambda patch: patch.setattr(statement, name, lambda level, *rest: write(replace(level, rule=None), *rest))


def _swapped(patch: pytest.MonkeyPatch) -> None:
    past = keyset._Walk._past
    patch.setattr(keyset._Walk, "_past", lambda self, left, right, position: past(self, right, left, position))


def _inclusive(patch: pytest.MonkeyPatch) -> None:
    def past(self: Any, left: Any, right: Any, position: int) -> Any:
        upward = self.terms[position].descending == self.backward
        return left >= right if upward else left <= right

    patch.setattr(keyset._Walk, "_past", past)


def _limit_moved(by: int) -> Mutant:
    def mutate(patch: pytest.MonkeyPatch) -> None:
        values = statement.parameters

        def moved(keys: Any, page: Page | None, now: Any) -> dict[str, Any]:
            return values(keys, page and replace(page, size=page.size + by), now)

        patch.setattr(statement, "parameters", moved)

    return mutate


def _cut_short(patch: pytest.MonkeyPatch) -> None:
    cut = execution.cut
    patch.setattr(execution, "cut", lambda rows, page: replace(cut(rows, page), rows=cut(rows, page).rows[:3]))


def _cut_at_the_wrong_end(patch: pytest.MonkeyPatch) -> None:
    cut = execution.cut
    patch.setattr(execution, "cut", lambda rows, page: cut(rows, replace(page, backward=False)))


def _silent_nulls(patch: pytest.MonkeyPatch) -> None:
    write = keyset._sorted

    def silent_always(column: Any, term: Any, *, backward: bool, silent: bool) -> Any:
        return write(column, term, backward=backward, silent=True)

    patch.setattr(keyset, "_sorted", silent_always)


def _nulls_first(patch: pytest.MonkeyPatch) -> None:
    def write(column: Any, term: Any, *, backward: bool, silent: bool) -> Any:
        way = column.desc() if term.descending != backward else column.asc()
        return way.nulls_last() if backward else way.nulls_first()

    patch.setattr(keyset, "_sorted", write)


def _one_way(patch: pytest.MonkeyPatch) -> None:
    write = keyset.sorted_by

    def forwards(row: Any, terms: Any, *, backward: bool = False, halved: bool = False) -> Any:
        return write(row, terms, halved=halved)

    patch.setattr(statement, "sorted_by", forwards)


def _no_second_half(patch: pytest.MonkeyPatch) -> None:
    def never(terms: Any, start: Any, dialect: str, *, backward: bool) -> bool:
        return False

    patch.setattr(statement, "crosses", never)


def _always_one_range(patch: pytest.MonkeyPatch) -> None:
    def is_one(self: Any, position: int) -> bool:
        return position < len(self.terms) - 1 and all(value is not None for value in self.start[position:])

    patch.setattr(keyset._Walk, "_is_one_range", is_one)


def _no_equality(patch: pytest.MonkeyPatch) -> None:
    def equal(self: Any, position: int) -> ColumnElement[bool]:
        return true()

    patch.setattr(keyset._Walk, "_equal", equal)


def _no_later_nulls(patch: pytest.MonkeyPatch) -> None:
    def strictly(self: Any, position: int) -> Any:
        if self.start[position] is None:
            return self._column(position).is_not(None) if self.backward else false()
        return self._past(self._column(position), self._value(position), position)

    patch.setattr(keyset._Walk, "_strictly", strictly)


def _wrong_words(patch: pytest.MonkeyPatch) -> None:
    column_in = tables.column_in
    patch.setattr(
        statement, "column_in", lambda row, one: column_in(row, Case.title_id if one is Case.words_id else one)
    )


def _cap_exceeded(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(execution, "capped", lambda number: Count(number, exact=True))


def _mixed_parents(patch: pytest.MonkeyPatch) -> None:
    def of_all(level: Any, row: Any, parent: Any) -> list[Any]:
        return []

    patch.setattr(statement, "_of_parent", of_all)


MUTANTS: dict[str, Mutant] = {
    "no rule in whole levels": _no_rule("_whole"),
    "no rule in pages": _no_rule("_paged"),
    "no rule in counts": _no_rule("_counted"),
    "cursor compared the other way round": _swapped,
    "the cursor's own row again": _inclusive,
    "limit one too low": _limit_moved(-1),
    "limit one too high": _limit_moved(1),
    "page cut short": _cut_short,
    "page cut at the wrong end": _cut_at_the_wrong_end,
    "the database's own NULL order": _silent_nulls,
    "NULL first": _nulls_first,
    "backwards forgotten": _one_way,
    "the half beyond NULL forgotten": _no_second_half,
    "mixed directions as one range": _always_one_range,
    "equal prefix forgotten": _no_equality,
    "NULL in later columns forgotten": _no_later_nulls,
    "words of another column": _wrong_words,
    "count beyond its cap": _cap_exceeded,
    "rows of other parents": _mixed_parents,
}


@pytest.mark.parametrize("bed", BEDS if DEEP else ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_are_caught(bed: Bed, name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statement, "COUNT_CAP", 3)
        MUTANTS[name](patch)
        execution.kept_statement.cache_clear()
        with pytest.raises(AssertionError):
            every_level(bed)
