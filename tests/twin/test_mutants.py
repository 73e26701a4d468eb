"""A leak seeded in each channel (authorization.md §3) is noticed by the comparison that finds none without it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

import pytest

from app.reads.execution import kept_statement
from tests.twin.asking import differences
from tests.twin.corpus import DATABASES, DEEP, SEARCHING
from tests.twin.haunting import Haunted, different_refusals
from tests.twin.mutants import AFTERWARDS, MUTANTS, QUICK_TO_NOTICE, REFUSALS, Mutant
from tests.twin.worlds import FULL, PLAIN, Twins, other_world

_RUN = [mutant for mutant in MUTANTS if DEEP or mutant.channel in QUICK_TO_NOTICE]


@pytest.mark.parametrize("kind", DATABASES)
@pytest.mark.parametrize("mutant", _RUN, ids=lambda mutant: mutant.channel)
def test_a_leak_is_noticed(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, kind: str, mutant: Mutant
) -> None:
    if mutant.part == REFUSALS:
        haunted: Haunted = request.getfixturevalue("haunted")
        mutant.seed(monkeypatch)
        kept_statement.cache_clear()
        found = _first(different_refusals(haunted, thorough=False))
    else:
        twins: Twins = request.getfixturevalue("twins")
        settings = twins.ground.settings.model_copy(update={"compiled_reads": not mutant.field_by_field})
        twins = replace(twins, ground=replace(twins.ground, settings=settings))
        mutant.seed(monkeypatch)
        kept_statement.cache_clear()
        found = _told_anew(mutant, twins) if mutant.told else _told_apart(mutant, twins)
    assert found
    assert "broken" not in found


def _told_anew(mutant: Mutant, twins: Twins) -> str:
    with twins.world(PLAIN) as plain, twins.world(FULL) as full:
        return _told_apart(mutant, replace(twins, told={PLAIN: plain, FULL: full}))


def _told_apart(mutant: Mutant, twins: Twins) -> str:
    plain, other = twins.told[PLAIN], twins.told[other_world(mutant.viewer)]
    if mutant.part == AFTERWARDS:
        return next((one for one, of_plain in zip(other.outcomes, plain.outcomes, strict=True) if one != of_plain), "")
    return _first(differences(twins, other, mutant.viewer, SEARCHING, (mutant.part,)))


def _first(found: AsyncGenerator[str, None]) -> str:
    async def first() -> str:
        async with aclosing(found):
            return await anext(found, "")

    return asyncio.run(first())
