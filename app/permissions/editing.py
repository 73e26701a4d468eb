"""Lines put into a policy and taken out of it, as the files write them; and what two policies do not have in common."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from enum import StrEnum
from typing import Any

from app.authz.lines import LineError, clause_of, golden_of, link_of, rule_of
from app.authz.policy_text import PolicyText, csv_line
from app.core.refusals import Problems, RefusalCode
from app.core.texts import TITLE, clean

MAX_EDITS = 500


class PolicyPart(StrEnum):
    ROLES = "ROLES"  # 00_roles.csv
    RULES = "RULES"  # 10_mandatory.csv … 90_field.csv
    CLAUSES = "CLAUSES"  # clauses.csv
    GOLDEN = "GOLDEN"  # golden.csv


@dataclass(frozen=True, slots=True)
class PolicyEdit:
    """A line to put in, in the place of the one that it is about if there is one; or the one to take out."""

    part: PolicyPart
    line: str
    remove: bool = False


@dataclass(frozen=True, slots=True)
class LineChange:
    """`before` and `after` are the whole line; None where there is none."""

    part: PolicyPart
    before: str | None
    after: str | None


def edited(text: PolicyText, edits: Sequence[PolicyEdit]) -> PolicyText:
    """The text after the edits, one after the other. Refuses every line that says nothing, with its place."""
    problems = Problems()
    problems.check(len(edits) <= MAX_EDITS, RefusalCode.TOO_MANY, "input", "edits", limit=MAX_EDITS)
    problems.raise_if_any()
    for place, edit in enumerate(edits):
        path = ("input", "edits", place, "line")
        line = clean(problems, edit.line, TITLE * 2, *path)
        try:
            text = _without(text, edit.part, line) if edit.remove else _with(text, edit.part, line)
        except LineError as error:
            code = RefusalCode.WRONG_COLUMNS if error.columns else RefusalCode.BAD_TEXT
            problems.check(not line, code, *path, columns=", ".join(error.columns))
        except KeyError:
            problems.check(not line, RefusalCode.NO_SUCH_LINE, *path)
    problems.raise_if_any()
    return text


def differences(before: PolicyText, after: PolicyText) -> Iterator[LineChange]:
    """What must be put in and taken out to make one of the other, part by part."""
    for part in PolicyPart:
        old, new = _lines(before, part), _lines(after, part)
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) != new.get(key):
                yield LineChange(part, old.get(key), new.get(key))


def lines_of(text: PolicyText, part: PolicyPart) -> list[str]:
    """The lines of a part, in their order."""
    return list(_lines(text, part).values())


def _lines(text: PolicyText, part: PolicyPart) -> dict[Hashable, str]:
    """Each line by what it is about."""
    return {key: _written(part, key, item) for key, item in _items(text, part).items()}


def _written(part: PolicyPart, key: Hashable, item: Any) -> str:
    match part:
        case PolicyPart.ROLES | PolicyPart.RULES:
            return str(item.line)
        case PolicyPart.CLAUSES:
            return csv_line((str(key), *astuple(item)))
        case PolicyPart.GOLDEN:
            return csv_line(item.values)


def _items(text: PolicyText, part: PolicyPart) -> dict[Any, Any]:
    """The items of a part by what they are about, in their order."""
    match part:
        case PolicyPart.ROLES:
            return {link: link for link in text.hierarchy}
        case PolicyPart.RULES:
            return {rule.id: rule for rule in text.rules}
        case PolicyPart.CLAUSES:
            return dict(text.clauses)
        case PolicyPart.GOLDEN:
            return {line.question: line for line in text.golden}


def _read(part: PolicyPart, line: str) -> tuple[Hashable, Any]:
    """What a line is about, and the item that it is."""
    match part:
        case PolicyPart.ROLES:
            link = link_of(line)
            return link, link
        case PolicyPart.RULES:
            rule = rule_of(line)
            return rule.id, rule
        case PolicyPart.CLAUSES:
            return clause_of(line)
        case PolicyPart.GOLDEN:
            golden = golden_of(line)
            return golden.question, golden


def _with(text: PolicyText, part: PolicyPart, line: str) -> PolicyText:
    key, item = _read(part, line)
    return _having(text, part, _items(text, part) | {key: item})


def _without(text: PolicyText, part: PolicyPart, line: str) -> PolicyText:
    """Rules and clauses are also named by the id alone. KeyError where there is no such line."""
    by_id = part in (PolicyPart.RULES, PolicyPart.CLAUSES) and "," not in line
    key: Hashable = line if by_id else _read(part, line)[0]
    items = _items(text, part)
    del items[key]
    left = _having(text, part, items)
    if part is PolicyPart.RULES:  # its clause goes with it
        left = replace(left, clauses={id_: clause for id_, clause in text.clauses.items() if id_ != key})
    return left


def _having(text: PolicyText, part: PolicyPart, items: dict[Any, Any]) -> PolicyText:
    match part:
        case PolicyPart.ROLES:
            return replace(text, hierarchy=tuple(items.values()))
        case PolicyPart.RULES:
            return replace(text, rules=tuple(items.values()))
        case PolicyPart.CLAUSES:
            return replace(text, clauses=items)
        case PolicyPart.GOLDEN:
            return replace(text, golden=tuple(items.values()))
