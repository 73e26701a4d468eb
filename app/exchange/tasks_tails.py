"""The tail of a task, 牵头单位：A，配合单位：B or A、B负责 in brackets: where it stands, what it says, and no more."""

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import TypeAlias

from app.cases.rules import AssignmentRole, Handling
from app.core.texts import NAME
from app.exchange.tasks_mentions import (
    CLOSING,
    OPENING,
    GroupMention,
    Mention,
    UnitMention,
    mentions_in,
    normal_name,
    split_outside,
)

_start = attrgetter("start")
_LEAD, _PRINCIPAL, _SUPPORTING = AssignmentRole.LEAD, AssignmentRole.PRINCIPAL, AssignmentRole.SUPPORTING


class Question(StrEnum):
    """What a tail leaves open, so that an officer must decide it."""

    MANNER = "MANNER"  # several are named and no manner is stated
    TOGETHER = "TOGETHER"  # A会同B: whether A leads is not said
    NO_LEAD = "NO_LEAD"
    SEVERAL_LEADS = "SEVERAL_LEADS"
    GROUP_LEADS = "GROUP_LEADS"
    NOBODY = "NOBODY"  # a tail without a name
    NAMED_TWICE = "NAMED_TWICE"
    SEVERAL_TAILS = "SEVERAL_TAILS"
    UNCLOSED_BRACKET = "UNCLOSED_BRACKET"
    UNREAD_NAME = "UNREAD_NAME"  # longer than a name can be
    UNREAD_WORDS = "UNREAD_WORDS"  # 责任人：… and other keys that say nothing of units; all else is settled


@dataclass(frozen=True, slots=True)
class Tail:
    """One tail of a line: its place, its words with their brackets, and what they say."""

    start: int
    end: int
    words: str
    mentions: tuple[Mention, ...]
    due: tuple[str, ...]
    questions: frozenset[Question]


@dataclass(frozen=True, slots=True)
class Settled:
    """What the tails of one task say together. `handling` is None where a question is open."""

    mentions: tuple[Mention, ...]
    handling: Handling | None
    questions: tuple[Question, ...]


_UNIT_KEYS: tuple[tuple[str, AssignmentRole | None], ...] = (
    ("牵头|主办|主责", _LEAD),
    ("配合|协办|协助|协同|参与|参加", _SUPPORTING),
    ("责任|承办|落实|实施", None),
)
_WORD = "|".join(words for words, _ in _UNIT_KEYS)
_KNOWN_KEY = (
    rf"(?:主要|第一|共同|联合)?(?:{_WORD})(?:责任)?(?:单位|部门|主体)|牵头|配合|协办"
    "|完成时限|完成时间|完成期限|办结时限|时限要求|时间节点|时限"
)
_FIRST_KEY = re.compile(rf"\s*(?:{_KNOWN_KEY})\s*[：:]")
# keys that are not known stand after a separator; they end the value before them and are left unread
_KEY = re.compile(rf"({_KNOWN_KEY})\s*[：:]|(?<=[，,；;。\s])([^、，,；;。：:\s\d（）()]{{2,10}})\s*[：:]")
_VERB = re.compile(
    "(?:按照?(?:各自)?(?:职责|分工)+|依职责)?(?:分别|共同|联合|具体)?"
    "(?:(?:牵头负责|牵头|负责|配合)?(?:组织)?(?:落实|实施|办理)|牵头负责|牵头|负责|配合|参与|参加|协助)$"
)
_VERB_ENDS = ("负责", "牵头", "配合", "参与", "参加", "协助", "落实", "实施", "办理")
_CLAUSE = re.compile("[，,；;]|会同(?!县)")
_SENTENCE_END = "。；;！!？?，,"
_EDGES = " \t\r\n\u3000\xa0。，,；;"
_Reading: TypeAlias = tuple[tuple[Mention, ...], tuple[str, ...], set[Question]]


def find_tails(line: str) -> list[Tail]:
    """The tails of a line, in order. Brackets inside a tail belong to it; other brackets are text."""
    tails: list[Tail] = []
    pairs, unclosed = _pairs(line)
    for start, end in pairs:
        if (not tails or start >= tails[-1].end) and (tail := _read_tail(line, start, end, closed=True)):
            tails.append(tail)
    for start in unclosed:
        after = bisect(tails, start, key=_start)
        if not after or tails[after - 1].end <= start:
            end = tails[after].start if after < len(tails) else len(line.rstrip())
            tails[after:after] = filter(None, [_read_tail(line, start, end, closed=False)])
    return tails


def settle(tails: list[Tail]) -> Settled:
    """Join the tails of one task and see what they leave open. Nothing is inferred from the order of names."""
    mentions = tuple(mention for tail in tails for mention in tail.mentions)
    questions = {question for tail in tails for question in tail.questions}
    if not questions & {Question.TOGETHER, Question.UNREAD_NAME}:  # then it is not alone
        mentions = _sole_is_lead(mentions)
    questions |= {Question.SEVERAL_TAILS} if len(tails) > 1 else set()
    questions |= _open_questions(mentions, together=Question.TOGETHER in questions)
    handling = None if questions - {Question.UNREAD_WORDS} else _handling(mentions)
    return Settled(mentions, handling, tuple(question for question in Question if question in questions))


def _pairs(line: str) -> tuple[list[tuple[int, int]], list[int]]:
    """Matching brackets in the order of their opening, and the openings that nothing closes."""
    stack: list[int] = []
    pairs: list[tuple[int, int]] = []
    for position, character in enumerate(line):
        if character in OPENING:
            stack.append(position)
        elif character in CLOSING and stack:
            pairs.append((stack.pop(), position + 1))
    return sorted(pairs), stack


def _read_tail(line: str, start: int, end: int, *, closed: bool) -> Tail | None:
    first, last = start + 1, end - 1 if closed else end
    while last > first and line[last - 1] in _EDGES:
        last -= 1
    if _FIRST_KEY.match(line, first, last):
        reading = _read_keys(line[first:last])
    elif line.endswith(_VERB_ENDS, first, last) and _ends_a_sentence(line, start, end):
        reading = _read_clauses(line[first:last])
    else:
        return None
    if reading is None:
        return None
    mentions, due, questions = reading
    questions |= set() if closed else {Question.UNCLOSED_BRACKET}
    return Tail(start, end, line[start:end], mentions, due, frozenset(questions))


def _ends_a_sentence(line: str, start: int, end: int) -> bool:
    """Whether brackets without a key stand where a tail stands: （企业自行负责） inside a sentence is none."""
    before, after = line[:start].rstrip()[-1:], line[end:].lstrip()[:1]
    return not after or after in _SENTENCE_END or (before != "" and before in _SENTENCE_END)


def _read_keys(words: str) -> _Reading | None:
    """牵头单位：A，配合单位：B、C；完成时限：D. None where no key asks for units."""
    mentions: list[Mention] = []
    due: list[str] = []
    questions: set[Question] = set()
    names_units = False
    for known, value in _key_values(words):
        roles = [role for words_of_key, role in _UNIT_KEYS if known and re.search(words_of_key, known)]
        if roles:
            names_units = True
            mentions.extend(_named(value, roles[0], questions))
        elif known:
            due.append(value.strip(_EDGES))
        else:
            questions.add(Question.UNREAD_WORDS)
    return (tuple(mentions), tuple(due), questions) if names_units else None


def _key_values(words: str) -> Iterator[tuple[str | None, str]]:
    """Each known key (None for another one) and the words that follow it."""
    keys = list(_KEY.finditer(words))
    ends = [key.start() for key in keys[1:]] + [len(words)]
    for key, end in zip(keys, ends, strict=True):
        yield key[1], words[key.end() : end]


def _read_clauses(words: str) -> _Reading | None:
    """A牵头，B、C配合; A、B负责; A会同有关部门负责. None where nobody is named."""
    mentions: list[Mention] = []
    questions: set[Question] = set()
    pending: list[tuple[str, bool]] = []
    joined = False
    for start, end in split_outside(words, _CLAUSE):
        joined = joined or words.endswith("会同", 0, start)
        piece = words[start:end].strip().removeprefix("由")
        verb = _VERB.search(piece)
        pending.append((piece[: verb.start()] if verb else piece, joined))
        if verb:
            role = _role_of(verb[0])
            for names, together in pending:
                leave_open = together and role is not _SUPPORTING
                found = _named(names, None if leave_open else role, questions)
                questions |= {Question.TOGETHER} if found and leave_open else set()
                mentions.extend(found)
            pending, joined = [], False
    return (tuple(mentions), (), questions) if mentions or questions else None


def _named(words: str, role: AssignmentRole | None, questions: set[Question]) -> list[Mention]:
    """The names that can be names. Of a longer one only the question is kept: its words stand in the tail."""
    found = mentions_in(words, role)
    short = [mention for mention in found if len(mention.name) <= NAME]
    questions |= {Question.UNREAD_NAME} if len(short) < len(found) else set()
    return short


def _role_of(verb: str) -> AssignmentRole | None:
    if "牵头" in verb:
        return _LEAD
    if any(word in verb for word in ("配合", "参与", "参加", "协助")):
        return _SUPPORTING
    return _PRINCIPAL if "分别" in verb else None


def _sole_is_lead(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """A unit that alone is made responsible leads, beside supporting ones too: A负责, A负责，B配合, 责任单位：A."""
    responsible = [mention for mention in mentions if mention.role is not _SUPPORTING]
    if len(responsible) == 1 and isinstance(responsible[0], UnitMention) and responsible[0].role is None:
        return tuple(UnitMention(m.name, _LEAD) if m is responsible[0] else m for m in mentions)
    return mentions


def _open_questions(mentions: tuple[Mention, ...], *, together: bool) -> set[Question]:
    roles = [mention.role for mention in mentions]
    leads = [mention for mention in mentions if mention.role is _LEAD]
    names = [normal_name(mention.name) for mention in mentions]
    only_group = len(mentions) == 1 and isinstance(mentions[0], GroupMention) and mentions[0].role is None
    conditions = {
        Question.NOBODY: not mentions,
        Question.NAMED_TWICE: len(set(names)) < len(names),
        Question.GROUP_LEADS: only_group or any(isinstance(lead, GroupMention) for lead in leads),
        Question.SEVERAL_LEADS: len(leads) > 1,
        Question.MANNER: not together and not only_group and (None in roles or _mixes_principals(roles)),
        Question.NO_LEAD: bool(roles) and set(roles) == {_SUPPORTING},
    }
    return {question for question, holds in conditions.items() if holds}


def _mixes_principals(roles: list[AssignmentRole | None]) -> bool:
    """分别承办 knows no lead and no supporting unit."""
    return _PRINCIPAL in roles and set(roles) != {_PRINCIPAL}


def _handling(mentions: tuple[Mention, ...]) -> Handling:
    if all(mention.role is _PRINCIPAL for mention in mentions):
        return Handling.SEPARATE
    return Handling.SOLE if len(mentions) == 1 else Handling.JOINT
