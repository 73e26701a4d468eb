"""What the documentation shows to be asked is compiled."""

import re
from pathlib import Path

import pytest
from graphql import OperationType

from tests.bed.opening import Ground
from tests.bed.procedure import OFFICER
from tests.bed.world import World
from tests.compiled import district
from tests.compiled.comparing import BothWays

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
    both = BothWays(ground.schema)
    callers = await district.contexts(staged, OFFICER)
    operations = both.documents.admit(text).operations.values()
    for operation in operations:
        if operation.kind is OperationType.QUERY:
            for context in callers:
                assert await both.compare(operation, {}, context(), context()) == "compiled"
