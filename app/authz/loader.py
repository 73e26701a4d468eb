"""The strict reader of `policies/`. Casbin drops what it cannot read, and a lost deny is an open door; this refuses it.

A byte order mark is read away. Full-width commas, quotes, trailing notes, wrong column counts, rules under another
file name are refused here; what the columns say is judged in `lint`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, replace
from pathlib import Path
from typing import TypeVar

from app.authz.errors import PolicyError
from app.authz.lines import CLAUSE_COLUMNS, GOLDEN_COLUMNS, LineError, clause_of, golden_of, link_of, rule_of
from app.authz.lint import lint
from app.authz.objects import ObjectType
from app.authz.policy_text import DENY, Clause, GoldenLine, PolicyText, csv_line
from app.core.sentences import Sentence

MODEL_FILE, CLAUSES_FILE, GOLDEN_FILE = "model.conf", "clauses.csv", "golden.csv"

_RULE_FILE = re.compile(r"\d\d_[a-z_]+\.csv")
_ROLES_FILE_PREFIX = "00_"
_T = TypeVar("_T")


def read_folder(folder: Path, objects: Mapping[str, ObjectType]) -> PolicyText:
    """Read and check a folder. Raises PolicyError with every problem found."""
    text, problems = read_lines(folder)
    problems += lint(text, objects)
    if problems:
        raise PolicyError(problems)
    return text


def read_lines(folder: Path) -> tuple[PolicyText, list[Sentence]]:
    """What the files of a folder say, and which of their lines say nothing; what they mean is not judged."""
    problems: list[Sentence] = []
    files = _rule_files(folder, problems)
    roles = [file for file in files if file.name.startswith(_ROLES_FILE_PREFIX)]
    links = [replace(link, where=where) for file in roles for where, link in _lines(file, link_of, problems)]
    others = [file for file in files if file not in roles]
    rules = [replace(rule, where=where) for file in others for where, rule in _lines(file, rule_of, problems)]
    model = _text(folder / MODEL_FILE, problems)
    return PolicyText(
        model, tuple(links), tuple(rules), _clauses(folder, problems), _golden(folder, problems)
    ), problems


def _rule_files(folder: Path, problems: list[Sentence]) -> list[Path]:
    files = sorted(file for file in folder.iterdir() if _RULE_FILE.fullmatch(file.name))
    known = {file.name for file in files} | {CLAUSES_FILE, GOLDEN_FILE}
    problems += [
        Sentence(
            "rules are read from files named like 20_case.csv only; rename it or take it away",
            "规则文件须按20_case.csv的样式命名，请改名或者移走",
        ).within(name)
        for name in sorted(file.name for file in folder.iterdir())
        if ".csv" in name.lower() and name not in known
    ]
    return files


def _lines(file: Path, read: Callable[[str], _T], problems: list[Sentence]) -> Iterator[tuple[str, _T]]:
    """Place and meaning of each line that is neither empty nor a note."""
    for number, raw in enumerate(_text(file, problems).splitlines(), start=1):
        line = raw.strip()
        if line and not line.startswith("#"):
            yield from _read(f"{file.name} line {number}", line, read, problems)


def _table(
    file: Path, columns: tuple[str, ...], read: Callable[[str], _T], problems: list[Sentence]
) -> Iterator[tuple[str, _T]]:
    """Place and meaning of each line of a table that begins with the names of its columns."""
    lines = _text(file, problems).splitlines()
    if not lines or lines[0] != ",".join(columns):
        named = ",".join(columns)
        first = Sentence(f"write the columns {named}", f"应写列名{named}")
        problems.append(first.within(f"{file.name} line 1"))
        return
    for number, line in enumerate(lines[1:], start=2):
        yield from _read(f"{file.name} line {number}", line, read, problems)


def _read(where: str, line: str, read: Callable[[str], _T], problems: list[Sentence]) -> Iterator[tuple[str, _T]]:
    try:
        yield where, read(line)
    except LineError as error:
        problems.append(error.problem.within(where))


def _clauses(folder: Path, problems: list[Sentence]) -> dict[str, Clause]:
    clauses: dict[str, Clause] = {}
    for where, (id_, clause) in _table(folder / CLAUSES_FILE, CLAUSE_COLUMNS, clause_of, problems):
        if id_ in clauses:
            problems.append(Sentence(f"{id_} is there twice", f"{id_}出现两次").within(where))
        clauses.setdefault(id_, clause)
    return clauses


def _golden(folder: Path, problems: list[Sentence]) -> tuple[GoldenLine, ...]:
    """The signed table; a folder without the file has none, which is a fault where a version is proposed."""
    if not (folder / GOLDEN_FILE).exists():
        return ()
    read = _table(folder / GOLDEN_FILE, GOLDEN_COLUMNS, golden_of, problems)
    return tuple(replace(line, where=where) for where, line in read)


def _text(file: Path, problems: list[Sentence]) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        unread = Sentence(
            "cannot be read as UTF-8 text; save it so, under this name", "不能按UTF-8文本读取，请以此名称和编码保存"
        )
        problems.append(unread.within(file.name))
        return ""


def write_folder(folder: Path, text: PolicyText) -> None:
    """Write a policy as files that say the same when they are read again; notes of the files it came from are lost."""
    denials = 0
    while denials < len(text.rules) and text.rules[denials].effect == DENY:
        denials += 1
    files = {
        MODEL_FILE: [text.model.rstrip("\n")],
        f"{_ROLES_FILE_PREFIX}roles.csv": [link.line for link in text.hierarchy],
        "10_mandatory.csv": [rule.line for rule in text.rules[:denials]],
        "20_rules.csv": [rule.line for rule in text.rules[denials:]],
        CLAUSES_FILE: [
            ",".join(CLAUSE_COLUMNS),
            *(csv_line((id_, *astuple(one))) for id_, one in text.clauses.items()),
        ],
        GOLDEN_FILE: [",".join(GOLDEN_COLUMNS), *(csv_line(line.values) for line in text.golden)],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
