"""The layout of an official document: numbered paragraphs, their titles, the document's own title and number."""

import re
import unicodedata
from dataclasses import dataclass

from app.exchange.tasks_mentions import split_outside

TITLE_LIMIT = 80

_BLANKS = " \t\u3000\xa0\ufeff"
_CHINESE = "〇零一二三四五六七八九十百"
# 一、 （一） 1. （1）: the four levels of GB/T 9704; 、 after the brackets and full-width digits are seen too
_NUMBERS = (
    re.compile(rf"([{_CHINESE}]{{1,7}})、"),
    re.compile(rf"[（(]([{_CHINESE}]{{1,7}})[）)]、?"),
    re.compile(r"(\d{1,5})[.．、]"),
    re.compile(r"[（(](\d{1,5})[）)]、?"),
)
_SENTENCE_END = re.compile("[。；;！!？?：:]")
_COMMA = re.compile("[，,]")
_KIND_OF_DOCUMENT = re.compile(
    "(?:通知|意见|方案|决定|办法|规定|规划|计划|要点|通报|报告|函|批复|措施|分工|清单|安排|细则|纪要|台账|任务)(?:[（(].{1,10}[）)])?"
)
_DOCUMENT_NUMBER = re.compile(r"\S{1,20}[〔［\[（(]\d{4}[〕］\]）)]\d{1,5}号")
_TITLE_LINES, _TITLE_LINE = 3, 60  # together less than a stored title may have


@dataclass(frozen=True, slots=True)
class Number:
    """The number before a paragraph: its level (1 to 4), its print and value, and where it ends."""

    level: int
    printed: str
    value: int
    end: int


NO_NUMBER = Number(level=len(_NUMBERS) + 1, printed="", value=0, end=0)


def read_number(line: str, last: dict[int, int]) -> Number | None:
    """The number with which a line begins. `last` has the last value of each level.

    `11.121人才梯队项目` is item 11 because item 10 came before it, and `3.5万人` is a number of people: where the words
    go on with a numeral of the same kind, the number counts only if it continues its level.
    """
    start = len(line) - len(line.lstrip(_BLANKS))
    for level, pattern in enumerate(_NUMBERS, 1):
        found = pattern.match(line, start)
        if found is None:
            continue
        printed = unicodedata.normalize("NFKC", found[1])
        number = Number(level, printed, _value(printed), found.end())
        if _is_numeral(line[found.end() : found.end() + 1], level) and number.value != last.get(level, 0) + 1:
            return None
        return number
    return None


def title_end(line: str, start: int, limit: int) -> int:
    """Where the title of a paragraph ends: its first sentence, or of a long one the clauses that fit."""
    words = line[start:limit].rstrip()
    _, end = next(split_outside(words, _SENTENCE_END))
    if end > TITLE_LIMIT:
        clauses = [stop for _, stop in split_outside(words[:end], _COMMA) if stop <= TITLE_LIMIT]
        end = clauses[-1] if clauses else TITLE_LIMIT
    return start + end


def is_bare(words: str) -> bool:
    """A line without a sentence in it, as headings are."""
    return not _SENTENCE_END.search(words) and not _COMMA.search(words)


def document_title(preamble: list[str]) -> str:
    """The title among the lines before the first number, its lines joined; empty where none is certain."""
    lines = [line.strip(_BLANKS + "\r\n") for line in preamble]
    for position, line in enumerate(lines):
        if not (_may_be_title(line) and _ends_as_document(line)):
            continue
        first = position
        while "关于" not in "".join(lines[first : position + 1]) and _is_broken_title(lines, first, position):
            first -= 1
        return "".join(lines[first : position + 1])
    return ""


def document_number(preamble: list[str]) -> str:
    """文号, where it has a line of its own."""
    lines = (line.strip(_BLANKS + "\r\n") for line in preamble)
    return next((line for line in lines if _DOCUMENT_NUMBER.fullmatch(line)), "")


def _ends_as_document(line: str) -> bool:
    return any(found.end() == len(line) for found in _KIND_OF_DOCUMENT.finditer(line))


def _may_be_title(line: str) -> bool:
    return 0 < len(line) <= _TITLE_LINE and is_bare(line)


def _is_broken_title(lines: list[str], first: int, last: int) -> bool:
    return first > 0 and last - first + 1 < _TITLE_LINES and _may_be_title(lines[first - 1])


def _is_numeral(character: str, level: int) -> bool:
    if level in (2, 4):  # brackets close the number
        return False
    return character != "" and (character in _CHINESE if level == 1 else character.isdecimal())


def _value(printed: str) -> int:
    if printed.isdecimal():
        return int(printed)
    total = 0
    for part in re.findall("[^十百]?[十百]|[^十百]", printed):
        digit = max(0, "零一二三四五六七八九".find(part[0].replace("〇", "零")))
        unit = {"十": 10, "百": 100}.get(part[-1], 0)
        total += (digit or 1) * unit if unit else digit
    return total
