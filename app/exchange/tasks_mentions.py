"""Units and unit groups as a document prints them, and their match with the names that are known."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from app.cases.rules import AssignmentRole

OPENING, CLOSING = "（([［【", "）)]］】"

_SEPARATOR = re.compile(r"[、，,；;]|以及")
_EDGES = " \t\r\n\u3000\xa0。，,；;"
_NOBODY = frozenset({"", "无", "/", "-", "—"})
# what makes a name the name of a group: no single unit is called so
_GROUP = re.compile("各|有关|相关|其他|其它")
# nouns that stand for a whole kind of units; after a group they go on with it (各区、县级市 is one group)
_KIND = re.compile(
    "(?:省|自治区|直辖市|市|州|盟|自治州|县级市|区|县|旗|自治县|镇|乡|乡镇|镇街|街道|街道办|街道办事处"
    "|新区|园区|开发区|功能区|部门|单位|直属机构|企业|国有企业|高校|学校)(?:人民政府|政府|管委会|办事处)?"
)
# 市教育局等有关部门: one unit, and others that the document does not name
_AND_OTHERS = re.compile(
    "(?P<name>.+?)(?P<others>等(?:\\d+个|[一二三四五六七八九十]+个)?"
    "(?:市直|市级|区直|区级|有关|相关|其他|成员)*(?:部门和单位|部门|单位|地区|方面))"
)


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A unit under its printed name. `role` is None where the document does not say in what manner it handles."""

    name: str
    role: AssignmentRole | None


@dataclass(frozen=True, slots=True)
class GroupMention:
    """Several units under one printed name: 各区、县级市, 各有关单位."""

    name: str
    role: AssignmentRole | None


Mention: TypeAlias = UnitMention | GroupMention


@dataclass(frozen=True, slots=True)
class Matched:
    """Mentions whose name is known, and those on which somebody must decide, each in the order of the document."""

    units: tuple[tuple[UnitMention, UUID], ...]
    groups: tuple[tuple[Mention, UUID], ...]
    unknown: tuple[Mention, ...]


def split_outside(words: str, separator: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where the pieces between separators lie; a separator inside brackets separates nothing."""
    outside = _outside(words)
    start = 0
    for found in separator.finditer(words):
        if outside[found.start()]:
            yield start, found.start()
            start = found.end()
    yield start, len(words)


def mentions_in(words: str, role: AssignmentRole | None) -> tuple[Mention, ...]:
    """Every name of a list of names, in order. Names are never split at 和: 市人力资源和社会保障局 is one unit."""
    spans: list[tuple[int, int]] = []
    for start, end in split_outside(words, _SEPARATOR):
        if words[start:end].strip(_EDGES) in _NOBODY:
            continue
        if spans and _goes_on(words[slice(*spans[-1])], words[start:end]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(mention for start, end in spans for mention in _read(words[start:end].strip(_EDGES), role))


def normal_name(name: str) -> str:
    """What two printings of one name share: width, spaces and the kind of comma do not count."""
    return re.sub("[、,;]", "、", re.sub(r"\s", "", unicodedata.normalize("NFKC", name)))


def match(mentions: Iterable[Mention], known: Mapping[str, UUID], groups: Mapping[str, UUID]) -> Matched:
    """Find mentions among known names (names, past names, aliases). A name that means two units means none."""
    unit_of, group_of = _unambiguous(known), _unambiguous(groups)
    units: list[tuple[UnitMention, UUID]] = []
    matched_groups: list[tuple[Mention, UUID]] = []
    unknown: list[Mention] = []
    for mention in mentions:
        name = normal_name(mention.name)
        if isinstance(mention, UnitMention) and (unit := unit_of(name)):
            units.append((mention, unit))
        elif group := group_of(name):
            matched_groups.append((mention, group))
        else:
            unknown.append(mention)
    return Matched(tuple(units), tuple(matched_groups), tuple(unknown))


def _outside(words: str) -> list[bool]:
    depth, outside = 0, []
    for character in words:
        if character in CLOSING:
            depth = max(0, depth - 1)
        outside.append(depth == 0)
        if character in OPENING:
            depth += 1
    return outside


def _goes_on(before: str, name: str) -> bool:
    return bool(_GROUP.search(before)) and bool(_KIND.fullmatch(name.strip(_EDGES)))


def _read(name: str, role: AssignmentRole | None) -> tuple[Mention, ...]:
    if others := _AND_OTHERS.fullmatch(name):
        return _mention(others["name"], role), GroupMention(others["others"], role)
    return (_mention(name, role),)


def _mention(name: str, role: AssignmentRole | None) -> Mention:
    return GroupMention(name, role) if _GROUP.search(name) else UnitMention(name, role)


def _unambiguous(names: Mapping[str, UUID]) -> Callable[[str], UUID | None]:
    meanings: dict[str, set[UUID]] = {}
    for name, key in names.items():
        meanings.setdefault(normal_name(name), set()).add(key)
    single = {name: keys.pop() for name, keys in meanings.items() if len(keys) == 1}
    return single.get
