"""Twin worlds: what a viewer may not know leaves no trace in any answer, byte for byte.

The worlds have the same clock, ids and random bytes, and differ only in what is hidden. By default each viewer is asked
on one database: two of them all that is quick to ask, the others at a glance. Under DUBAN_TEST_DEEP everybody is asked
everything, to a depth of four relations, on both.
"""

import asyncio
from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet

from tests.bed.opening import POSTGRES_URL
from tests.twin.asking import AT_A_GLANCE, PARTS, differences
from tests.twin.cast import EXPLAINER, OFFICIALS, UNITS, VIEWERS
from tests.twin.census import KINDS, PUBLIC, take_census
from tests.twin.corpus import DEEP, QUICK, THOROUGH
from tests.twin.reminded import REMINDED, cases_in, copy_of, sent_in
from tests.twin.worlds import FULL, PLAIN, SECRETS, Twins, other_world

_DATABASES = ("sqlite", "postgresql") if POSTGRES_URL else ("sqlite",)
_AT_LENGTH = {UNITS[0], OFFICIALS[0]}
_ADMINISTERING = {EXPLAINER, "quanxian", "auditor"}


def _asked() -> Iterator[ParameterSet]:
    """Who is asked where."""
    for number, login in enumerate(VIEWERS):
        for kind in _DATABASES if DEEP else (_DATABASES[number % len(_DATABASES)],):
            yield pytest.param(kind, login, marks=[pytest.mark.server] * (kind == "postgresql"))


@pytest.mark.parametrize(("kind", "login"), list(_asked()))
async def test_a_viewer_hears_the_same_in_both_worlds(twins: Twins, kind: str, login: str | None) -> None:
    at_a_glance = (*AT_A_GLANCE, "rights") if login in _ADMINISTERING else AT_A_GLANCE
    parts = tuple(PARTS) if DEEP or login in _AT_LENGTH else at_a_glance
    other = twins.told[other_world(login)]
    assert [found async for found in differences(twins, other, login, THOROUGH if DEEP else QUICK, parts)] == []


async def test_something_of_every_kind_is_hidden(twins: Twins) -> None:
    for world in (SECRETS, FULL):
        census = await take_census(twins.told[PLAIN].url, twins.told[world].url, twins.known.cases["late"])
        assert {tag for tag in KINDS if not census.hidden[tag]} == PUBLIC


def test_numbers_and_ids_go_on_alike_whatever_is_hidden_beside_them(twins: Twins) -> None:
    """道督〔2026〕N号: what is restricted or classified has numbers of its own."""
    outcomes = twins.told[PLAIN].outcomes
    assert twins.told[SECRETS].outcomes == outcomes
    assert twins.told[FULL].outcomes == outcomes
    assert [outcome for outcome in outcomes if "〔2026〕" in outcome] != []


def test_what_leaves_by_a_channel_says_the_same_whatever_is_hidden(twins: Twins) -> None:
    with copy_of(twins, PLAIN) as plain, copy_of(twins, SECRETS) as secrets, copy_of(twins, FULL) as full:
        known = asyncio.run(cases_in(plain))
        expected = asyncio.run(sent_in(twins, plain))
        hidden = {url: asyncio.run(cases_in(url)) - known for url in (secrets, full)}
        assert all(hidden.values())
        told = {url: asyncio.run(sent_in(twins, url, hidden[url])) for url in (secrets, full)}
    assert {"chengguan.handler", "zhujian.head", "duban.lin"} < expected.keys()
    for login in REMINDED:
        url = secrets if other_world(login) == SECRETS else full
        assert told[url].get(login) == expected.get(login), login
