"""Asking the index: conditions that the caller adds to his own SELECT, which already says what may be seen."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.core.refusals import Problems
from app.core.texts import clean
from app.search.models import SearchField, SearchToken
from app.search.tokens import fold, pairs, token

MAX_QUERY_CHARACTERS = 100
MAX_PROBES = 6


class _Folded(FunctionElement[str]):
    """`fold` in SQL."""

    type = Text()
    inherit_cache = True


@compiles(_Folded, "sqlite")
def _folded_in_sqlite(element: _Folded, compiler: SQLCompiler, **options: Any) -> str:
    return f"lower(nfkc({compiler.process(element.clauses, **options)}))"  # its lower knows A to Z alone


@compiles(_Folded, "postgresql")
def _folded_in_postgresql(element: _Folded, compiler: SQLCompiler, **options: Any) -> str:
    return f'lower(normalize({compiler.process(element.clauses, **options)}, NFKC) COLLATE "C")'


def matches(
    case_id: ColumnElement[UUID], query: str, key: bytes, fields: Collection[SearchField] = tuple(SearchField)
) -> ColumnElement[bool] | None:
    """The index may hold these words for this case: true wherever `contains` is, and rarely elsewhere.

    A long query is probed by a few of its pairs, so that statements stay small. None for words without a pair
    (a single character): the index cannot help and `contains` decides alone.
    """
    found = pairs(fold(_read(query)))
    if not found:
        return None
    return and_(*(_probe(case_id, token(pair, key), fields) for pair in _spread(found)))


def contains(text: ColumnElement[str], query: str) -> ColumnElement[bool]:
    """The text has these words in it, width and capitals apart. `%` and `_` are ordinary characters."""
    words = _read(query)
    folded = _Folded(text).contains(fold(words), autoescape=True)
    if not _folds_to_itself_anywhere(words):
        return folded
    return text.contains(words, autoescape=True) | folded  # the same answer, and most hits need no folding


def _read(query: str) -> str:
    problems = Problems()
    words = clean(problems, query, MAX_QUERY_CHARACTERS, "text")
    problems.raise_if_any()
    return words


def _folds_to_itself_anywhere(words: str) -> bool:
    """Whether a text with these words in it has them still when folded: nothing before or after can fuse with them."""
    return fold(words) == words and all(edge in "0123456789" or "一" <= edge <= "鿿" for edge in (words[0], words[-1]))


def _spread(found: tuple[str, ...]) -> list[str]:
    count = min(len(found), MAX_PROBES)
    return [found[place * (len(found) - 1) // max(1, count - 1)] for place in range(count)]


def _probe(case_id: ColumnElement[UUID], value: int, fields: Collection[SearchField]) -> ColumnElement[bool]:
    # IN, not EXISTS: SQLite tests a correlated EXISTS row by row, after the dear comparison of the text
    return case_id.in_(select(SearchToken.case_id).where(SearchToken.token == value, SearchToken.field.in_(fields)))
