"""Wrong input in every place of every mutation: a typed answer in the language asked for, and nothing changed."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.bed.dump import changed
from tests.bed.procedure import CHECKER
from tests.bed.records import check_records
from tests.bed.world import World, camel, messages, shanghai
from tests.usecases.calls import good_calls
from tests.usecases.mutations import MUTATIONS, Place, in_turn, input_of, places, put, today_of
from tests.usecases.wrong_values import odd_values, wrong_values

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_EXPECTED = {"INVALID_INPUT", "BAD_REQUEST", "LIMIT_EXCEEDED", "TOO_LARGE"}
_REFUSALS = {"InvalidInput", "NotFound", "Conflict", "NotAllowed"}


@pytest.mark.parametrize(("kind", "mutation"), in_turn(MUTATIONS))
async def test_whatever_is_wrong_is_said_and_nothing_changes(staged: World, kind: str, mutation: str) -> None:
    answered: list[str] = []
    typed = kind == "postgresql"  # a value of another type never comes as far as a database
    for login, given in await bases(staged, mutation):
        chinese, english = staged.as_(login), staged.as_(login, "en")
        await staged.token(login)
        before = await staged.everything()
        for count, (at, name, value) in enumerate(wrong(mutation, given, typed=typed)):
            client = english if count % 5 == 0 else chinese
            body = await client.try_(mutation, "__typename", **put(given, at, value))
            told = answer_to(body)
            sentences = list(messages(body)) if told in _EXPECTED | _REFUSALS else []
            fine = bool(sentences) and all(bool(_CHINESE.search(said)) is (client is chinese) for said in sentences)
            if not fine:
                answered.append(f"{'.'.join(map(str, at))} {name}: {told} {sentences}")
        assert answered == []
        assert changed(before, await staged.everything()) == {}


@pytest.mark.parametrize(("kind", "mutation"), in_turn(today_of(MUTATIONS)))
async def test_what_is_odd_but_may_be_meant_so_breaks_nothing(staged: World, kind: str, mutation: str) -> None:
    answered: list[str] = []
    for login, given in await bases(staged, mutation):
        for at, of in places(mutation, given):
            for name, value in odd_values(of, at_place(given, at)):
                told = answer_to(await staged.as_(login).try_(mutation, "__typename", **put(given, at, value)))
                if told not in _EXPECTED | _REFUSALS | {f"{mutation[0].upper()}{mutation[1:]}Payload"}:
                    answered.append(f"{'.'.join(map(str, at))} {name}: {told}")
    assert answered == [], kind
    await check_records(staged)


def at_place(given: Any, at: Place) -> Any:
    for step in at:
        given = given.get(step) if isinstance(given, dict) else given[step]
    return given


def wrong(mutation: str, given: Mapping[str, Any], *, typed: bool) -> Iterator[tuple[Place, str, Any]]:
    """In every place; unless all is to be `typed`, also what is of another type, once for each type."""
    seen: set[str] = set()
    for at, kind in places(mutation, given):
        named = str(kind).rstrip("!")
        for name, value in wrong_values(at, kind, of_type=not typed and named not in seen):
            yield at, name, value
        seen.add(named)


async def bases(world: World, mutation: str) -> list[tuple[str, dict[str, Any]]]:
    """The good call; and where an act may have been done outside, the same as it is entered by an officer."""
    call = good_calls(world)[mutation]
    found = [(call.login, camel(call.input))]
    if "recorded" in input_of(mutation).fields and "recorded" not in call.input:
        sheet = {
            "decided_by": world.person(call.login),
            "occurred_at": shanghai(6, 25, 9, 30),
            "medium": "PAPER",
            "evidence": world.stages["files"][CHECKER]["id"],
        }
        found.append((CHECKER, camel({**call.input, "recorded": sheet})))
    return found


def answer_to(body: Mapping[str, Any]) -> str:
    if "errors" in body:
        codes = {error["extensions"]["code"] for error in body["errors"]}
        return codes.pop() if len(codes) == 1 else str(sorted(codes))
    found: str = body["data"]["answer"]["__typename"]
    return found
