"""Whoever asks the same with the same rights is told the same bytes, read once and written once; and nobody else is."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.audit.models import AccessLog
from app.authz import Actor, ActorKind
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import Language
from app.graphql import following as following_module
from app.graphql import reader
from app.graphql.admission import Documents
from app.graphql.execution import GraphQLCore, core_schema
from app.graphql.following import Followers
from app.graphql.limits import Limits
from app.graphql.reader import CompiledReads
from app.identity.models import Account, PersonClearance, Session
from app.reads import running
from tests.bed.opening import Ground
from tests.bed.procedure import CHECKER, CITY, OFFICE_HEAD, OFFICER, approve, dispatch, propose, register
from tests.bed.world import World
from tests.compiled.district import context
from tests.escalation.works import on_sqlite
from tests.updates.test_following import FOLLOW, HANDLER, listed, lose_everything, told, types
from tests.usecases.calls import done
from tests.web.sockets import ToySocket, accepted

OTHER = "subscription O($after: String) { caseUpdates(after: $after) { node { type recordedAt } } }"
ALIKE = "subscription F($after: String) { caseUpdates(after: $after) { cursor node { id type } } }"


@dataclass(slots=True)
class Counts:
    """What it took to tell them: readings of a list, and updates that were written."""

    readings: int = 0
    written: int = 0
    waiting: int = 0  # for news, with the others
    parted: int = 0

    async def all_wait(self, followers: int) -> None:
        async with asyncio.timeout(5):
            while self.waiting < followers:
                await asyncio.sleep(0.01)

    @contextmanager
    def during(self) -> Iterator["Counts"]:
        self.readings = self.written = self.parted = 0
        yield self


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counts:
    counted, run_each, accompany, dumps = Counts(), running.run_each, Followers.accompany, running.Update

    def read(*given: Any) -> Any:
        counted.readings += 1
        return run_each(*given)

    def write(*given: Any) -> Any:
        counted.written += 1
        return dumps(*given)

    async def wait(*given: Any) -> None:
        counted.waiting += 1
        try:
            await accompany(*given)
        finally:
            counted.waiting -= 1
            counted.parted += 1

    monkeypatch.setattr(reader, "run_each", read)
    monkeypatch.setattr(running, "Update", write)
    monkeypatch.setattr(Followers, "accompany", wait)
    return counted


@asynccontextmanager
async def following(world: World, *wishes: tuple[str, str], **variables: Any) -> AsyncIterator[list[ToySocket]]:
    """A socket for each login and operation."""
    async with AsyncExitStack() as stack:
        sockets = []
        for login, query in wishes:
            socket = await stack.enter_async_context(accepted(world.application))
            await socket.initialise(await world.token(login))
            socket.subscribe("1", query, variables=variables)
            sockets.append(socket)
        yield sockets


async def news(world: World) -> None:
    await world.feed.look(-1)


async def test_a_group_is_read_for_and_written_for_once(world: World, counts: Counts) -> None:
    seen = await listed(world, OFFICER)
    assert seen == []
    three, two, another = [(OFFICER, FOLLOW)] * 3, [(HANDLER, FOLLOW)] * 2, [(OFFICER, OTHER)] * 2
    async with following(world, *three, *two, *another) as sockets:
        await counts.all_wait(7)
        with counts.during():
            await register(world)
            await news(world)
            heard = [await told(socket, 1) for socket in (*sockets[:3], *sockets[5:])]
            assert (counts.readings, counts.written, counts.parted) == (3, 2, 0)  # the unit is told nothing
        assert heard[0] == heard[1] == heard[2]
        assert heard[3] == heard[4] != heard[0]
        with counts.during():
            for _ in range(25):
                await register(world)
            await news(world)
            for socket in (*sockets[:3], *sockets[5:]):
                assert types(await told(socket, 25)) == ["case.registered"] * 25
            assert counts.readings == 5  # two pages for each question of the office
            assert (counts.written, counts.parted) == (50, 0)
        assert all(socket.silent() for socket in sockets[3:5])


async def test_each_message_carries_its_own_id(world: World, counts: Counts) -> None:
    async with following(world, (OFFICER, FOLLOW)) as (socket,):
        socket.subscribe('甲"1', FOLLOW)
        await counts.all_wait(2)
        await register(world)
        await news(world)
        one, other = await socket.hear(), await socket.hear()
        assert {one["id"], other["id"]} == {"1", '甲"1'}
        assert one["payload"] == other["payload"]
        assert counts.parted == 0


async def test_who_lost_his_rights_leaves_before_the_next_delivery(world: World, counts: Counts) -> None:
    case = await register(world)
    await news(world)
    async with following(world, (OFFICER, FOLLOW), (OFFICER, FOLLOW), (OFFICE_HEAD, FOLLOW)) as sockets:
        for socket in sockets:
            await told(socket, 1)
        await counts.all_wait(3)
        with counts.during():
            await propose(world, case)
            await lose_everything(world, OFFICER)
            await news(world)
            assert types(await told(sockets[2], 1)) == ["case.proposed"]
            await counts.all_wait(3)
            assert counts.parted == 2
        assert sockets[0].silent()
        assert sockets[1].silent()


async def test_who_got_another_right_is_told_under_it_and_with_those_who_have_it(world: World, counts: Counts) -> None:
    case = await register(world)
    await news(world)
    async with following(world, (OFFICER, FOLLOW), (OFFICER, FOLLOW)) as sockets:
        for socket in sockets:
            await told(socket, 1)
        await counts.all_wait(2)
        async with world.database.write() as session:
            person, now = world.district.people[OFFICER], world.clock.now()
            level = Classification.INTERNAL
            session.add(PersonClearance(person_id=person, level=level, valid_from=now, basis="审查"))
        with counts.during():
            await approve(world, await propose(world, case))
            await news(world)
            for socket in sockets:
                assert types(await told(socket, 2)) == ["case.proposed", "case.decided"]
            await counts.all_wait(2)
            assert (counts.parted, counts.readings) == (2, 4)  # each for himself, and again to see that this is all
        with counts.during():
            await register(world)
            await news(world)
            for socket in sockets:
                assert types(await told(socket, 1)) == ["case.registered"]
            assert (counts.parted, counts.readings) == (0, 1)  # and together again


async def test_the_end_of_one_session_ends_one_socket(world: World, counts: Counts) -> None:
    async with following(world, (OFFICER, FOLLOW), (OFFICER, FOLLOW)) as staying:
        await counts.all_wait(2)
        others = await sessions(world)
        world._tokens.pop(OFFICER)
        async with following(world, (OFFICER, FOLLOW)) as (leaving,):
            await counts.all_wait(3)
            (ended,) = await sessions(world) - others
            await register(world)
            async with world.database.write() as session:
                now = world.clock.real_now()
                await session.execute(update(Session).where(Session.id == ended).values(revoked_at=now))
            await news(world)
            assert (await leaving.hear())["type"] == "error"
            assert await leaving.closed() == (4403, "Forbidden")
            for socket in staying:
                assert types(await told(socket, 1)) == ["case.registered"]
            assert counts.parted == 1


async def sessions(world: World) -> set[UUID]:
    async with world.database.read() as session:
        return set(await session.scalars(select(Session.id)))


async def test_a_closed_account_ends_all_its_sockets(world: World, counts: Counts) -> None:
    async with following(world, (OFFICER, FOLLOW), (OFFICER, OTHER), (OFFICE_HEAD, FOLLOW)) as sockets:
        await counts.all_wait(3)
        await register(world)
        async with world.database.write() as session:
            now = world.clock.now()
            await session.execute(update(Account).where(Account.login == OFFICER).values(disabled_at=now))
        await news(world)
        for socket in sockets[:2]:
            assert await socket.closed() == (4403, "Forbidden")
        assert types(await told(sockets[2], 1)) == ["case.registered"]


async def test_nothing_is_lost_and_nothing_comes_twice_where_groups_part_and_meet(world: World, counts: Counts) -> None:
    """They come at different cursors, are slow in turns, and leave; all are told the list, each from where he came."""
    for _ in range(3):
        await propose(world, await register(world))
    before = await listed(world, OFFICER)
    heard: list[list[Any]] = [[] for _ in before]
    async with AsyncExitStack() as stack:
        sockets = []
        for edge in before:
            wish = following(world, (OFFICER, FOLLOW), after=edge["cursor"])
            sockets += await stack.enter_async_context(wish)
        for place, socket in enumerate(sockets):
            heard[place] += await told(socket, len(before) - place - 1)
        await counts.all_wait(len(sockets))
        slow: list[ToySocket] = []
        for turn in range(6):
            for socket in slow:
                socket.stalled.set()
            slow = sockets[turn % 3 :: 3]
            for socket in slow:
                socket.stalled.clear()
            for _ in range(1 + turn):
                await register(world)
            await news(world)
            await asyncio.sleep(0)
        for socket in slow:
            socket.stalled.set()
        shown = await listed(world, OFFICER)
        assert len(shown) == len(before) + 21
        for place, socket in enumerate(sockets):
            heard[place] += await told(socket, len(shown) - place - 1 - len(heard[place]))
        await counts.all_wait(len(sockets))
        assert counts.parted > 0
        assert all(socket.silent() for socket in sockets)
        with counts.during():
            await register(world)
            await news(world)
            for place, socket in enumerate(sockets):
                heard[place] += await told(socket, 1)
            assert counts.readings == counts.written == 1  # all have met
    shown = await listed(world, OFFICER)
    assert heard == [shown[place + 1 :] for place in range(len(before))]


async def test_what_few_may_know_of_is_told_to_each_and_noted_for_each(staged: World, counts: Counts) -> None:
    case = staged.stages["restricted"]["case"]["id"]
    only = {"filter": {"cases": [case]}}
    query = "subscription S($filter: UpdateFilter) { caseUpdates(filter: $filter) { node { type } } }"
    shown = await listed(staged, CHECKER, **only)
    async with following(staged, (CHECKER, query), (CHECKER, query), **only) as sockets:
        for socket in sockets:
            await told(socket, len(shown))
        await counts.all_wait(2)
        before = await noted(staged)
        with counts.during():
            await done(staged, "recordInstruction", "__typename", case=case)
            await news(staged)
            for socket in sockets:
                assert len(await told(socket, 1)) == 1
            assert counts.parted == 2
        assert await noted(staged) == before + 2


async def noted(world: World) -> int:
    async with world.database.read() as session:
        return len((await session.scalars(select(AccessLog.id).where(AccessLog.outcome == "READ"))).all())


@on_sqlite
async def test_systems_of_one_unit_share_and_people_of_one_unit_do_not(world: World, ground: Ground) -> None:
    """A person may be let into a case, or kept out of it, by name; outside systems have none."""
    reads = CompiledReads(ground.schema, GraphQLCore(ground.schema))
    operation = Documents(core_schema(ground.schema), Limits(), introspection=False).admit(FOLLOW).operation(None)
    handler, english = await world.actor(HANDLER), Language.EN

    async def grounds(actor: Actor, language: Language = Language.ZH, **variables: Any) -> Any:
        await world.policies.now()
        asking = context(world, replace(actor, session_id=new_id()), world.clock.now(), language)
        return await reads._question(operation, variables).grounds(asking)

    system = replace(handler, kind=ActorKind.SERVICE, person_id=None, account_id=new_id())
    same = await grounds(system)
    assert await grounds(replace(system, account_id=new_id(), name="另一系统")) == same
    assert await grounds(system, after="无") == same  # the place is not the question
    assert await grounds(system, english) == same  # nothing of it is told in a language
    assert await grounds(handler) != same
    assert await grounds(replace(handler, person_id=new_id())) != await grounds(handler)
    assert await grounds(replace(system, clearance=Classification.PUBLIC)) != same
    assert await grounds(replace(system, grants=())) != same
    assert await grounds(system, filter={"types": ["case.closed"]}) != same


@on_sqlite
async def test_a_plan_that_fails_is_followed_on_by_graphql_core(
    world: World, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with following(world, (OFFICER, FOLLOW), (OFFICER, FOLLOW)) as sockets:
        await counts.all_wait(2)
        first = await register(world)
        await news(world)
        for socket in sockets:
            await told(socket, 1)

        def broken(*_: Any) -> Any:
            raise KeyError("broken")

        monkeypatch.setattr(reader, "run_each", broken)
        await propose(world, first)
        await news(world)
        for socket in sockets:
            (edge,) = await told(socket, 1)
            assert edge["node"]["type"] == "case.proposed"
            assert edge["node"]["case"]["status"] == "PENDING_DECISION"


@on_sqlite
async def test_a_unit_hears_together_what_concerns_it(world: World, counts: Counts) -> None:
    async with following(world, (HANDLER, FOLLOW), (HANDLER, ALIKE), (HANDLER, ALIKE)) as sockets:
        await counts.all_wait(3)
        with counts.during():
            await dispatch(world, await approve(world, await propose(world, await register(world), (CITY,))))
            await news(world)
            for socket in sockets:
                assert types(await told(socket, 1)) == ["case.dispatched"]
            assert (counts.readings, counts.written) == (2, 2)


@on_sqlite
async def test_nobody_waits_for_a_question_that_takes_long(
    world: World, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = reader._Question.read

    async def slow(self: Any, *given: Any) -> Any:
        if self.said != "{}":
            await gate.wait()
        return await read(self, *given)

    gate, narrowed = asyncio.Event(), {"filter": {"types": ["case.registered"]}}
    gate.set()
    monkeypatch.setattr(following_module, "_PATIENCE", timedelta(milliseconds=50))
    monkeypatch.setattr(reader._Question, "read", slow)
    async with following(world, (OFFICER, FOLLOW)) as (quick,), following(world, (OFFICER, FOLLOW), **narrowed) as late:
        await counts.all_wait(2)
        gate.clear()
        await register(world)
        await news(world)
        assert types(await told(quick, 1)) == ["case.registered"]
        assert late[0].silent()
        assert counts.parted == 1
        gate.set()
        assert types(await told(late[0], 1)) == ["case.registered"]
