"""The records after much was done in any order: chains hold, history tells each moment, words are in one place."""

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from graphql import get_named_type
from sqlalchemy import text

from app.accountability.models import AccountabilityProposal
from app.cases.models import Case
from app.events.history import as_of
from app.events.verifying import verify_chains
from tests.bed.dump import everything
from tests.bed.records import check_records, differences, events_of, live
from tests.bed.world import World, camel
from tests.usecases.calls import good_calls
from tests.usecases.mutations import MUTATIONS, in_turn, places, put

CANARY = "金丝雀"
# Names, places, codes and numbers are plain columns; a key is the client's own
PLAIN = {
    "basis", "contactName", "contactPhone", "department", "idempotencyKey", "issuingBody", "login", "name", "number",
    "personReached", "phone", "place", "post", "shortName", "superiorNumber",
}  # fmt: skip


@pytest.mark.parametrize(("kind", "seed"), in_turn([1, 2]))
async def test_any_order_of_acts_leaves_records_that_tell_what_happened(staged: World, kind: str, seed: int) -> None:
    calls = good_calls(staged)
    done = 0
    order = random.Random(seed).sample(MUTATIONS, len(MUTATIONS))
    order.append(order.pop(order.index("restoreAccount")))  # who is restored is signed out
    for mutation in order:
        staged.clock.move(timedelta(minutes=1))
        body = await staged.as_(calls[mutation].login).try_(mutation, "__typename", **calls[mutation].input)
        assert "errors" not in body, (mutation, body)
        done += body["data"]["answer"]["__typename"].endswith("Payload")
    assert done >= 30, kind  # some stand in each other's way
    await staged.tick()
    await check_records(staged)


@pytest.mark.parametrize("kind", ["sqlite"])  # the folding is Python's
async def test_history_tells_what_stood_at_every_moment(staged: World) -> None:
    """`as_of` of a moment is what the tables held then, whatever has happened since."""
    calls = good_calls(staged)
    held = []
    for mutation in random.Random(7).sample(MUTATIONS, len(MUTATIONS)):
        call = calls[mutation]
        await staged.as_(call.login).try_(mutation, "__typename", **call.input)
        told = as_of(await events_of(staged), staged.clock.now())
        held.append((staged.clock.now(), await live(staged, told)))
        staged.clock.move(timedelta(minutes=1))
    events = await events_of(staged)
    for moment, tables in held:
        assert differences(as_of(events, moment), tables) == {}


async def test_words_are_in_content_rows_and_nowhere_else(
    staged: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    sung = 0
    for mutation, call in good_calls(staged).items():
        given, songs = with_canaries(mutation, camel(call.input))
        body = await staged.as_(call.login).try_(mutation, "__typename", **given)
        assert "errors" not in body, (mutation, body)
        sung += songs * body["data"]["answer"]["__typename"].endswith("Payload")
    await staged.tick()
    dumped = await everything(staged.database, without=())
    found = {table for table, rows in dumped.items() if any(CANARY in row for row in rows)}
    assert found == {"content"}
    assert sum(CANARY in row for row in dumped["content"]) >= sung >= 20
    printed = capsys.readouterr()
    assert CANARY not in printed.out + printed.err + caplog.text


async def test_words_that_break_something_are_not_logged_either(
    staged: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: Any) -> None:
        raise RuntimeError(f"{CANARY}：{_arguments}")

    monkeypatch.setattr("app.cases.service.registering.index", broken)
    given, _ = with_canaries("registerCase", camel(good_calls(staged)["registerCase"].input))
    body = await staged.as_("duban.wu").try_("registerCase", "__typename", **given)
    assert [error["extensions"]["code"] for error in body["errors"]] == ["INTERNAL"]
    assert CANARY not in str(body)
    printed = capsys.readouterr().out
    assert "RuntimeError" in printed
    assert CANARY not in printed


TAMPERED = {
    "a link": "UPDATE case_record SET rule_id = 'SOD-1' WHERE seq = 2",
    "the end of a chain": "DELETE FROM case_record WHERE seq = (SELECT max(seq) FROM case_record)",
    "a whole chain": "DELETE FROM case_record WHERE case_id = (SELECT id FROM supervision_case ORDER BY id LIMIT 1)",
    "the end of the administration's": "DELETE FROM admin_record WHERE seq = (SELECT max(seq) FROM admin_record)",
    "words": "UPDATE content SET text = '从宽处理' WHERE text IS NOT NULL",
}


async def test_what_was_tampered_with_is_found(staged: World) -> None:
    await check_records(staged)
    for statement in TAMPERED.values():
        async with staged.database.write() as session:
            await session.execute(text(statement))
            _, broken = await verify_chains(session, Case, AccountabilityProposal)
            await session.rollback()
        assert broken, statement
    await check_records(staged)


def with_canaries(mutation: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """The input with a canary in every text that people write, and how many there are."""
    found, count = dict(given), 0
    for at, kind in places(mutation, given):
        name = next(step for step in reversed(at) if isinstance(step, str))
        if get_named_type(kind).name != "String" or name in PLAIN or not isinstance(at[-1], str):
            continue
        if value_at(given, at) is not None:
            found, count = put(found, at, f"{CANARY}{mutation}{name}"), count + 1
    if mutation == "importTaskDocument":
        found["text"] = f"一、{CANARY}任务。（牵头单位：区住房和城乡建设局）\n"
    return found, count


def value_at(given: Any, at: tuple[str | int, ...]) -> Any:
    for step in at:
        given = given.get(step) if isinstance(given, Mapping) else given[step]
    return given
