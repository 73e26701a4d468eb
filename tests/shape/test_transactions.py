"""One transaction per use case: whoever opened it ends it, and few may open one."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.shape.tree import ROOT, python_files

ENDING = {"commit", "rollback"}
OPENING = {"AsyncSession", "async_sessionmaker", "create_async_engine"}
DOORS = {"read", "write"}  # of a Database

MAY_END = ("app/core/",)
MAY_OPEN = {
    "app/core/": "the doors themselves",
    "app/work/": "the unit of work of every use case",
    "app/web/": "an edge: a request",
    "app/worker/": "an edge: a tick",
    "app/graphql/": "an edge: reading for an answer",
    "app/main.py": "an edge: start-up",
    "app/cli/": "an edge: a command",
    "app/demo/": "an edge: a command",
    "app/authz/in_force.py": "without a policy there is no unit of work",
    "app/identity/service/": "signing in comes before there is an actor, and a failed attempt must stay counted",
    "app/emergency/service/opening.py": "as signing in does: there is no actor yet, and hashing takes long",
    "app/events/feed.py": "an edge: a look at what was committed",
    "app/escalation/": "a sweep",
    "app/evaluations/sweep.py": "a sweep",
    "app/statistics/sweep.py": "a sweep",
    "app/notifications/": "a sweep",
    "app/webhooks/": "a sweep",
    "app/permissions/dry_runs.py": "a sweep",
}


def _calls(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """What is called on what, and where: `entrance.database.write()` is ("database", "write", line)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Attribute(value=ast.Attribute(attr=owner), attr=name):
                    yield owner.strip("_"), name, node.lineno
                case ast.Attribute(value=ast.Name(id=owner), attr=name):
                    yield owner, name, node.lineno
                case ast.Name(id=name):
                    yield "", name, node.lineno


def _offences(source: str, where: str) -> list[str]:
    found = []
    for owner, name, line in _calls(ast.parse(source)):
        if name in ENDING and not where.startswith(MAY_END):
            found.append(f"{where}:{line} ends a transaction ({name})")
        opens = name in OPENING or (owner == "database" and name in DOORS)
        if opens and not where.startswith(tuple(MAY_OPEN)):
            found.append(f"{where}:{line} opens a session ({name})")
    return found


def test_the_check_bites() -> None:
    source = "session.commit()\nasync_sessionmaker()\nself._database.write()\nwork.session.rollback()\nfile.read()\n"
    assert _offences(source, "app/cases/service.py") == [
        "app/cases/service.py:1 ends a transaction (commit)",
        "app/cases/service.py:2 opens a session (async_sessionmaker)",
        "app/cases/service.py:3 opens a session (write)",
        "app/cases/service.py:4 ends a transaction (rollback)",
    ]


def test_only_the_edges_open_a_session_and_nobody_ends_one_by_hand() -> None:
    offences = [
        offence for file in python_files("app") for offence in _offences(file.read_text(encoding="utf-8"), _name(file))
    ]
    assert offences == []


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()
