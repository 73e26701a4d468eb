"""One line of a policy file, read strictly: what Casbin would drop in silence is refused with what to do about it."""

import csv
import re

from app.authz.policy_text import Clause, GoldenLine, RoleLink, Rule
from app.core.sentences import Sentence

RULE_COLUMNS = ("p", "subject", "object", "action", "condition", "effect", "id")
ROLE_COLUMNS = ("g", "senior role", "junior role")
CLAUSE_COLUMNS = ("rule", "clause", "title_zh", "title_en")
GOLDEN_COLUMNS = (
    "role", "clearance", "classification", "scope", "status", "relation", "action", "expected", "rule",
)  # fmt: skip

_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9_.&*, -]")


class LineError(ValueError):
    """A line that says nothing. Its text says what to write instead; `columns` where their number is wrong."""

    def __init__(self, problem: Sentence, columns: tuple[str, ...] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.columns = columns


def rule_of(line: str) -> Rule:
    return Rule(*_values(line, RULE_COLUMNS))


def link_of(line: str) -> RoleLink:
    return RoleLink(*_values(line, ROLE_COLUMNS))


def clause_of(line: str) -> tuple[str, Clause]:
    """The id of a rule, and its clause."""
    id_, *values = _cells(line, CLAUSE_COLUMNS)
    return id_, Clause(*values)


def golden_of(line: str) -> GoldenLine:
    return GoldenLine(*_cells(line, GOLDEN_COLUMNS))


def _values(line: str, columns: tuple[str, ...]) -> list[str]:
    """The values without the leading letter."""
    letter, *values = [value.strip() for value in line.split(",")]
    strange = sorted(set(_NOT_ALLOWED.findall(line)))
    if strange:
        raise LineError(
            Sentence(
                f"the characters {' '.join(strange)} are not allowed; "
                "use half-width commas, no quotes, and put notes on a line of their own that starts with #",
                f"不允许使用字符{' '.join(strange)}；请用半角逗号，不用引号，说明另起一行并以#开头",
            )
        )
    if letter != columns[0] or len(values) != len(columns) - 1 or not all(values):
        named = ", ".join(columns)
        raise LineError(Sentence(f"write {len(columns)} columns: {named}", f"应写{len(columns)}列：{named}"), columns)
    return values


def _cells(line: str, columns: tuple[str, ...]) -> list[str]:
    rows = list(csv.reader([line]))
    cells = [cell.strip() for cell in rows[0]] if len(rows) == 1 else []
    if len(cells) != len(columns) or not all(cells):
        named = ",".join(columns)
        english = f"write {len(columns)} columns, none of them empty: {named}"
        raise LineError(Sentence(english, f"应写{len(columns)}列，均不得为空：{named}"), columns)
    return cells
