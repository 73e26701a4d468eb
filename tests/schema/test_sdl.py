"""The schema as it is committed, described in full, and never broken in silence."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)
from graphql.utilities import find_breaking_changes

from app.authz import Policy
from app.authz.objects import registered
from app.graphql import schema as module
from app.graphql.execution import core_schema
from tests.usecases.calls import AT_THE_DOOR

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "schema.graphql"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_RIGHT = re.compile(r"^.+\. Requires: (?P<action>\w+\.\w+)\. Clause: (?P<clause>(?:条例)?第\S+条\S*)\.$")


@pytest.fixture(scope="module")
def sdl() -> str:
    return module.build_schema().as_str()


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return core_schema(module.build_schema())


def test_the_committed_schema_is_that_of_the_code(sdl: str) -> None:
    assert COMMITTED.read_text(encoding="utf-8").rstrip("\n") == sdl.rstrip("\n")


def test_everything_is_described(schema: GraphQLSchema) -> None:
    assert [place for place, description in _described(schema) if not (description or "").strip()] == []


def test_what_the_office_has_a_word_for_says_it(schema: GraphQLSchema) -> None:
    """Enumerations, their values, and the types of things."""
    node = schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    things = {kind.name for kind in schema.get_possible_types(node)} - {"ReportSection", "ProposedUnit"}
    enumerations = {name for name, kind in schema.type_map.items() if isinstance(kind, GraphQLEnumType)}
    told = {
        place: description or ""
        for place, description in _described(schema)
        if place.split(".")[0] in enumerations | things and (place in things or place.split(".")[0] in enumerations)
    }
    assert [place for place, description in told.items() if not _CHINESE.search(description)] == []


def test_every_mutation_names_its_right_and_its_clause(schema: GraphQLSchema, policy: Policy) -> None:
    """The right is one that the policy knows: the guard asks for the same string."""
    assert schema.mutation_type is not None
    known = {f"{kind.name}.{action}" for kind in registered() for action in kind.actions}
    wrong = []
    for name, field in schema.mutation_type.fields.items():
        found = _RIGHT.match(field.description or "")
        if name not in AT_THE_DOOR and (found is None or found["action"] not in known):
            wrong.append((name, field.description))
    assert wrong == []


def test_nothing_that_clients_rely_on_has_gone(schema: GraphQLSchema) -> None:
    """Compared with the last version; before the first, with the last commit. What CHANGELOG names may go."""
    before = build_schema(_committed_at(_last_version()))
    named = set(re.findall(r"`([\w.]+)`", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")))
    broken = [change.description for change in find_breaking_changes(before, schema)]
    assert [change for change in broken if not named & set(re.findall(r"[\w.]+\w", change))] == []


def test_the_detector_bites(schema: GraphQLSchema) -> None:
    text = COMMITTED.read_text(encoding="utf-8")
    title = """  \"\"\"Title (标题).\"\"\"\n  title: String\n"""
    assert title in text
    gone = build_schema(text.replace(title, "", 1))
    assert [change.description for change in find_breaking_changes(schema, gone)] == ["Field Case.title was removed."]


def _described(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Every place that can be described: types, fields, arguments, values."""
    for name, kind in schema.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        yield name, kind.description
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", one.description) for value, one in kind.values.items())
        elif isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{field}", one.description) for field, one in kind.fields.items())
        elif isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
            for field, definition in kind.fields.items():
                yield f"{name}.{field}", definition.description
                yield from (
                    (f"{name}.{field}.{argument}", one.description) for argument, one in definition.args.items()
                )


def _last_version() -> str:
    return _git("describe", "--tags", "--abbrev=0").strip() or "HEAD"


def _committed_at(revision: str) -> str:
    return _git("show", f"{revision}:{COMMITTED.name}") or COMMITTED.read_text(encoding="utf-8")


def _git(*arguments: str) -> str:
    """What git says; nothing where there is no git, or no repository."""
    command = shutil.which("git")
    if command is None:
        return ""
    return subprocess.run([command, "-C", str(ROOT), *arguments], capture_output=True, check=False).stdout.decode()
