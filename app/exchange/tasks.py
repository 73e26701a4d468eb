"""A public task document (分工方案) as typed items: pure text in, nothing invented, nothing lost, no database."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, zip_longest
from typing import TypeAlias

from app.cases.rules import AssignmentRole, Handling
from app.core.refusals import Problems, RefusalCode, invalid
from app.core.texts import BODY, clean_optional
from app.exchange.tasks_dates import due_hints
from app.exchange.tasks_layout import (
    NO_NUMBER,
    TITLE_LIMIT,
    Number,
    document_number,
    document_title,
    is_bare,
    read_number,
    title_end,
)
from app.exchange.tasks_mentions import GroupMention, Mention, UnitMention
from app.exchange.tasks_tails import Question, Tail, find_tails, settle

MAX_LINES = 50_000
MAX_LINE_CHARACTERS = 10_000
MAX_ITEMS = 10_000


class PassageKind(StrEnum):
    """What the words of a document are that belong to no item."""

    PREAMBLE = "PREAMBLE"
    HEADING = "HEADING"
    UNASSIGNED = "UNASSIGNED"  # a numbered paragraph that names nobody: an officer decides whether it is a task
    TEXT = "TEXT"  # between numbered paragraphs
    CLOSING = "CLOSING"


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters of the document that belong to no item."""

    kind: PassageKind
    source: str


@dataclass(frozen=True, slots=True)
class TaskItem:
    """A paragraph that names who handles it; `item_no` is empty where it has no number.

    `text` is the paragraph in its own words, number and tails included; `assignment` the words of its tails.
    `handling` is None where one of the `questions` must be answered first. `digest` stays the same when the file is
    read again, with other line ends or widths too: what differs are items of the same number and words, by their order.
    """

    source: str
    item_no: str
    heading: tuple[str, ...]
    title: str
    text: str
    assignment: tuple[str, ...]
    mentions: tuple[Mention, ...]
    handling: Handling | None
    questions: tuple[Question, ...]
    due_hints: tuple[str, ...]
    digest: str

    @property
    def lead(self) -> tuple[UnitMention, ...]:
        return self._units(AssignmentRole.LEAD)

    @property
    def supporting(self) -> tuple[UnitMention, ...]:
        return self._units(AssignmentRole.SUPPORTING)

    @property
    def principals(self) -> tuple[UnitMention, ...]:
        return self._units(AssignmentRole.PRINCIPAL)

    @property
    def open(self) -> tuple[UnitMention, ...]:
        """Units of which the document does not say in what manner they handle it."""
        return self._units(None)

    @property
    def groups(self) -> tuple[GroupMention, ...]:
        return tuple(mention for mention in self.mentions if isinstance(mention, GroupMention))

    def _units(self, role: AssignmentRole | None) -> tuple[UnitMention, ...]:
        return tuple(m for m in self.mentions if isinstance(m, UnitMention) and m.role is role)


Part: TypeAlias = TaskItem | Passage


@dataclass(frozen=True, slots=True)
class TaskDocument:
    """The sources of all parts, joined, are the document. `digest` names the document, not one printing of it."""

    title: str
    number: str
    parts: tuple[Part, ...]
    digest: str

    @property
    def items(self) -> tuple[TaskItem, ...]:
        return tuple(part for part in self.parts if isinstance(part, TaskItem))

    @property
    def remainder(self) -> tuple[Passage, ...]:
        return tuple(part for part in self.parts if isinstance(part, Passage))


def parse_tasks(text: str) -> TaskDocument:
    """Read a task document. Refuses more lines, longer lines and more items than the limits."""
    preamble, paragraphs = _paragraphs(_lines(text))
    parts = [part for part in (_passage(PassageKind.PREAMBLE, preamble), *_parts(paragraphs)) if part is not None]
    title, number = document_title(preamble), document_number(preamble)
    document = TaskDocument(title, number, tuple(parts), _digest(title, number) if title else _digest(text))
    if len(document.items) > MAX_ITEMS:
        raise invalid(RefusalCode.TOO_MANY, "file", "items", limit=MAX_ITEMS)
    for position, item in enumerate(document.items):
        if len(item.text) > BODY:
            raise invalid(RefusalCode.TOO_LONG, "file", "items", position, limit=BODY)
    return document


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A numbered line, or one with a tail where no number came before, and the lines without a number below it."""

    number: Number
    lines: list[str]


def _lines(text: str) -> list[str]:
    lines = text.splitlines(keepends=True)
    if len(lines) > MAX_LINES:
        raise invalid(RefusalCode.TOO_MANY, "file", "lines", limit=MAX_LINES)
    for position, line in enumerate(lines, 1):
        problems = Problems()
        clean_optional(problems, line, MAX_LINE_CHARACTERS, "file", "lines", position)
        problems.raise_if_any()
    return lines


def _paragraphs(lines: list[str]) -> tuple[list[str], list[_Paragraph]]:
    preamble: list[str] = []
    paragraphs: list[_Paragraph] = []
    last: dict[int, int] = {}
    for line in lines:
        number = read_number(line, last)
        if number is not None:
            last[number.level] = number.value
        elif (not paragraphs or paragraphs[-1].number == NO_NUMBER) and find_tails(line):
            number = NO_NUMBER
        if number is not None:
            paragraphs.append(_Paragraph(number, [line]))
        else:
            (paragraphs[-1].lines if paragraphs else preamble).append(line)
    return preamble, paragraphs


def _parts(paragraphs: list[_Paragraph]) -> Iterator[Part | None]:
    path: dict[int, str] = {}
    seen: Counter[str] = Counter()
    for paragraph, following in zip_longest(paragraphs, paragraphs[1:]):
        level = paragraph.number.level
        path = {upper: title for upper, title in path.items() if upper < level}
        tails = [find_tails(line) for line in paragraph.lines]
        end = max((position for position, found in enumerate(tails, 1) if found), default=1)
        title = _title(paragraph, tails[0])
        if any(tails):
            source = "".join(paragraph.lines[:end])
            yield _item(source, paragraph.number, title, tuple(path.values()), list(chain.from_iterable(tails)), seen)
        else:
            below = following is not None and following.number.level > level
            heading = below or is_bare(paragraph.lines[0])
            yield _passage(PassageKind.HEADING if heading else PassageKind.UNASSIGNED, paragraph.lines[:1])
        yield _passage(PassageKind.TEXT if following else PassageKind.CLOSING, paragraph.lines[end:])
        path[level] = _trim(paragraph.lines[0][: paragraph.number.end]) + title


def _item(
    source: str, number: Number, title: str, heading: tuple[str, ...], tails: list[Tail], seen: Counter[str]
) -> TaskItem:
    text = "\n".join(_trim(source).splitlines())
    settled = settle(tails)
    key = _digest(number.printed, text)
    seen[key] += 1
    in_tails = tuple(words for tail in tails for words in tail.due)
    return TaskItem(
        source=source,
        item_no=number.printed,
        heading=heading,
        title=title or " ".join(text.split())[:TITLE_LIMIT],  # words that are nothing but a tail
        text=text,
        assignment=tuple(tail.words for tail in tails),
        mentions=settled.mentions,
        handling=settled.handling,
        questions=settled.questions,
        due_hints=tuple(dict.fromkeys((*due_hints(text), *in_tails))),
        digest=key if seen[key] == 1 else _digest(key, str(seen[key])),
    )


def _title(paragraph: _Paragraph, tails: list[Tail]) -> str:
    line, start = paragraph.lines[0], paragraph.number.end
    return _trim(line[start : title_end(line, start, tails[0].start if tails else len(line))])


def _passage(kind: PassageKind, lines: list[str]) -> Passage | None:
    return Passage(kind, "".join(lines)) if lines else None


def _trim(words: str) -> str:
    return words.strip().strip("\ufeff").strip()


def _digest(*words: str) -> str:
    plain = (re.sub(r"\s|\ufeff", "", unicodedata.normalize("NFKC", word)) for word in words)
    return hashlib.sha256("\n".join(plain).encode()).hexdigest()
