"""What the documentation shows to be asked is compiled."""

import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from graphql import FieldNode, OperationType

from tests.bed.opening import Ground
from tests.bed.procedure import OFFICER
from tests.bed.world import World, camel
from tests.compiled import district
from tests.compiled.comparing import BothWays
from tests.compiled.outcomes import Happened, drawn, payload_of
from tests.usecases.calls import good_calls

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    (file.relative_to(ROOT).as_posix(), text)
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    for text in re.findall(r"^```graphql\n(.*?)^```", file.read_text(), re.DOTALL | re.MULTILINE)
]


def test_there_are_some() -> None:
    assert {"README.md"} <= {name for name, _ in DOCUMENTS}


@pytest.mark.parametrize(("name", "text"), DOCUMENTS)
async def test_what_is_shown_is_compiled(staged: World, ground: Ground, name: str, text: str) -> None:
    core = Happened(ground.schema)
    both = BothWays(ground.schema, core)
    callers = await district.contexts(staged, OFFICER)
    values = (await district.operations(staged, ground.schema)).values
    for operation in both.documents.admit(text).operations.values():
        if operation.kind is OperationType.SUBSCRIPTION:
            continue
        variables: dict[str, Any] = {}
        if operation.kind is OperationType.MUTATION:
            (field,) = operation.definition.selection_set.selections
            assert isinstance(field, FieldNode)
            mutation = field.name.value
            variables["input"] = camel(good_calls(staged)[mutation].input)
            core.outcome = drawn(Random(1), payload_of(both.core_schema, mutation), values, callers[0]())
        for context in callers:
            assert await both.compare(operation, variables, context(), context()) == "compiled"
