"""The strict reader of `policies/`. Casbin drops what it cannot read, and a lost deny is an open door; this refuses it.

A byte order mark is read away. Full-width commas, quotes, trailing notes, wrong column counts, rules under another
file name are refused here; what the columns say is judged in `lint`.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.authz.errors import PolicyError
from app.authz.lint import lint
from app.authz.objects import ObjectType
from app.authz.policy_text import Clause, PolicyText, RoleLink, Rule

MODEL_FILE, CLAUSES_FILE, GOLDEN_FILE = "model.conf", "clauses.csv", "golden.csv"

_RULE_FILE = re.compile(r"\d\d_[a-z_]+\.csv")
_ROLES_FILE_PREFIX = "00_"
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9_.&*, -]")
_RULE_COLUMNS = ("p", "subject", "object", "action", "condition", "effect", "id")
_ROLE_COLUMNS = ("g", "senior role", "junior role")
_CLAUSE_COLUMNS = ("rule", "clause", "title_zh", "title_en")


def read_folder(folder: Path, objects: Mapping[str, ObjectType]) -> PolicyText:
    """Read and check a folder. Raises PolicyError with every problem found."""
    problems: list[str] = []
    links: list[RoleLink] = []
    rules: list[Rule] = []
    for file in _rule_files(folder, problems):
        if file.name.startswith(_ROLES_FILE_PREFIX):
            links += [
                replace(RoleLink(*values), where=where) for where, values in _lines(file, _ROLE_COLUMNS, problems)
            ]
        else:
            rules += [replace(Rule(*values), where=where) for where, values in _lines(file, _RULE_COLUMNS, problems)]
    text = PolicyText(
        _text(folder / MODEL_FILE, problems), tuple(links), tuple(rules), _clauses(folder / CLAUSES_FILE, problems)
    )
    problems += lint(text, objects)
    if problems:
        raise PolicyError(problems)
    return text


def _rule_files(folder: Path, problems: list[str]) -> list[Path]:
    files = sorted(file for file in folder.iterdir() if _RULE_FILE.fullmatch(file.name))
    known = {file.name for file in files} | {CLAUSES_FILE, GOLDEN_FILE}
    problems += [
        f"{name}: rules are read from files named like 20_case.csv only; rename it or take it away"
        for name in sorted(file.name for file in folder.iterdir())
        if ".csv" in name.lower() and name not in known
    ]
    return files


def _lines(file: Path, columns: tuple[str, ...], problems: list[str]) -> list[tuple[str, list[str]]]:
    """Place and values (without the leading letter) of each line that is neither empty nor a note."""
    found = []
    for number, raw in enumerate(_text(file, problems).splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        where = f"{file.name} line {number}"
        letter, *values = [value.strip() for value in line.split(",")]
        strange = sorted(set(_NOT_ALLOWED.findall(line)))
        if strange:
            problems.append(
                f"{where}: the characters {' '.join(strange)} are not allowed; "
                "use half-width commas, no quotes, and put notes on a line of their own that starts with #"
            )
        elif letter != columns[0] or len(values) != len(columns) - 1 or not all(values):
            problems.append(f"{where}: write {len(columns)} columns: {', '.join(columns)}")
        else:
            found.append((where, values))
    return found


def _clauses(file: Path, problems: list[str]) -> dict[str, Clause]:
    rows = list(csv.reader(_text(file, problems).splitlines()))
    if not rows or tuple(rows[0]) != _CLAUSE_COLUMNS:
        problems.append(f"{file.name} line 1: write the columns {','.join(_CLAUSE_COLUMNS)}")
        return {}
    clauses: dict[str, Clause] = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(_CLAUSE_COLUMNS) or not all(value.strip() for value in row):
            problems.append(f"{file.name} line {number}: write {len(_CLAUSE_COLUMNS)} columns, none of them empty")
        elif row[0] in clauses:
            problems.append(f"{file.name} line {number}: {row[0]} is there twice")
        else:
            clauses[row[0]] = Clause(*row[1:])
    return clauses


def _text(file: Path, problems: list[str]) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        problems.append(f"{file.name}: cannot be read as UTF-8 text; save it so, under this name")
        return ""
