"""Mutations: of what is hidden each answers as of what is nowhere, and nothing hidden shows in what it answers."""

import pytest

from tests.twin.corpus import DATABASES, DEEP
from tests.twin.haunting import Haunted, different_outcomes, different_refusals


@pytest.mark.parametrize("kind", DATABASES)
async def test_what_is_hidden_is_refused_as_what_is_nowhere(haunted: Haunted, kind: str) -> None:
    assert [found async for found in different_refusals(haunted, thorough=DEEP)] == []


@pytest.mark.parametrize("kind", DATABASES)
async def test_what_is_done_beside_secrets_is_answered_as_without_them(haunted: Haunted, kind: str) -> None:
    assert [found async for found in different_outcomes(haunted)] == []
