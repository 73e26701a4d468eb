"""The mutations of the API and the places of their inputs, from the schema itself."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
)

from app.graphql.execution import core_schema
from app.graphql.schema import build_schema
from tests.bed.opening import POSTGRES_URL
from tests.usecases.calls import AT_THE_DOOR

SCHEMA = core_schema(build_schema())
assert SCHEMA.mutation_type is not None
_FIELDS = SCHEMA.mutation_type.fields
MUTATIONS = tuple(sorted(set(_FIELDS) - AT_THE_DOOR))

Place = tuple[str | int, ...]
DATABASES = ("sqlite", "postgresql") if POSTGRES_URL else ("sqlite",)
DEEP = bool(os.environ.get("DUBAN_TEST_DEEP"))


def in_turn(values: Sequence[Any]) -> list[ParameterSet]:
    """Each value with a kind of database: with one of them in turn, by DUBAN_TEST_DEEP with each."""
    return [
        pytest.param(kind, value, marks=[pytest.mark.server] * (kind == "postgresql"))
        for number, value in enumerate(values)
        for kind in (DATABASES if DEEP else (DATABASES[number % len(DATABASES)],))
    ]


def today_of(values: Sequence[Any]) -> Sequence[Any]:
    """A third of them, another one each day; by DUBAN_TEST_DEEP all: for what is the same machinery behind each."""
    return values if DEEP else values[int(time.time() // 86_400) % 3 :: 3]


def input_of(mutation: str) -> GraphQLInputObjectType:
    kind = _FIELDS[mutation].args["input"].type
    assert is_non_null_type(kind)
    inner = kind.of_type
    assert is_input_object_type(inner)
    return inner


def places(mutation: str, given: Mapping[str, Any]) -> Iterator[tuple[Place, GraphQLInputType]]:
    """Every place of an input where something may stand, with its type; in a list, the first item's."""
    yield from _places((), input_of(mutation), given)


def _places(at: Place, kind: GraphQLInputType, given: Any) -> Iterator[tuple[Place, GraphQLInputType]]:
    if at:
        yield at, kind
    inner = kind.of_type if is_non_null_type(kind) else kind
    if is_list_type(inner) and given:
        yield from _places((*at, 0), inner.of_type, given[0])
    elif is_input_object_type(inner) and given is not None:
        for name, field in inner.fields.items():
            yield from _places((*at, name), field.type, given.get(name))


def put(given: Mapping[str, Any], at: Place, value: Any) -> dict[str, Any]:
    """The input with another value in one place."""
    changed: Any = deepcopy(dict(given))
    inner = changed
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    found: dict[str, Any] = changed
    return found
