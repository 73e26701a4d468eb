"""What leaves the house, when, how often, and what its reader may not be told."""

import asyncio
from datetime import datetime, timedelta

import pytest
from prometheus_client import REGISTRY

from app.notifications.channels import Permanent, Retryable
from app.notifications.courier import LEASE
from app.notifications.models import NotificationChannel
from app.notifications.rules import GATHER_FOR
from app.worker.forgetting import forget
from app.worker.gauges import refresh
from app.worker.sweeps import Sweeper
from tests.bed.procedure import OFFICE_HEAD, OFFICER, cancel, dispatched
from tests.bed.world import World, shanghai
from tests.escalation.works import on_sqlite
from tests.notifications.bed import (
    HANDLER,
    HEAD,
    MOBILES,
    SMS,
    Mailbag,
    carried,
    courier_of,
    ledger,
    noted,
    reachable,
    states,
)

MINUTE = timedelta(minutes=1)
WATCHED = ("PENDING", "DEAD")
NEUTRAL = "您有督办提醒，请登录系统查看。"


async def test_a_message_leaves_once_by_each_channel_that_its_person_chose(world: World) -> None:
    sms, wecom = Mailbag(), Mailbag()
    courier, another = (courier_of(world, SMS=sms, WECOM=wecom) for _ in range(2))
    await courier.round()  # begins with what comes from now on
    await reachable(world, HANDLER, HEAD)
    await reachable(world, HEAD, channel="WECOM", address="lin", kinds=["NEWS"])
    case = await dispatched(world)
    await world.tick()
    await asyncio.gather(courier.round(), another.round())
    assert sms.sent == []  # what follows at once belongs to it
    world.clock.move(GATHER_FOR)
    for _ in range(2):
        await asyncio.gather(courier.round(), another.round())
        await asyncio.gather(courier.finish(), another.finish())
    expected = [(MOBILES[one], f"{case['number']}：新的督办任务。") for one in (HANDLER, HEAD)]
    assert sms.taken() == expected
    assert wecom.sent == []
    assert [(one.state, one.attempts, one.in_hand_until) for one in await ledger(world)] == [("SENT", 1, None)] * 2
    assert {one.last_answer for one in await ledger(world)} == {"p1", "p2"}
    assert all(link.startswith("https://duban.example.gov.cn/notifications/notification_") for link in sms.links)


@on_sqlite
async def test_who_may_be_told_no_more_is_not_and_of_what_few_may_know_nothing_is_said(world: World) -> None:
    sms = Mailbag()
    courier = courier_of(world, SMS=sms)
    await courier.round()
    await reachable(world, HANDLER, HEAD)
    case = await dispatched(world)
    await world.tick()
    await courier.round()
    scope = {"restricted": True, "people": [world.person(HEAD), world.person(OFFICER)]}
    found = await world.as_(OFFICE_HEAD).ask("query Q($id: ID) { case(id: $id) { version } }", id=case["id"])
    await world.as_(OFFICE_HEAD).do(
        "setAccessScope", "case { id }", case=case["id"], expected_version=found["case"]["version"], **scope
    )
    await carried(world, courier)
    assert sms.taken() == [(MOBILES[HEAD], NEUTRAL)]
    assert await states(world) == {"SENT": 1, "WITHHELD": 1}


@on_sqlite
async def test_a_worker_that_was_down_for_two_days_tells_of_each_matter_once(world: World) -> None:
    sms = Mailbag()
    courier = courier_of(world, SMS=sms)
    await courier.round()
    await reachable(world)
    first, second, third = [await dispatched(world) for _ in range(3)]
    world.at(6, 16)
    await cancel(world, first)
    world.at(6, 17, 10)
    await courier.round()  # the relay is behind: what it brings may belong to the same matters
    await courier.finish()
    assert sms.sent == []
    await world.tick()
    await carried(world, courier)
    # in a world whose clock stands still, which of two messages came last is chance
    numbers = [(address, words.partition("：")[0]) for address, words in sms.taken()]
    assert numbers == [(MOBILES[HANDLER], case["number"]) for case in (first, second, third)]
    assert await states(world) == {"SENT": 3, "GATHERED": 2}
    carriers = {one.id: one.matter_id for one in await ledger(world, state="SENT")}
    assert [carriers.get(one.carried_by or one.id) for one in await ledger(world, state="GATHERED")] == [
        one.matter_id for one in await ledger(world, state="GATHERED")
    ]


@on_sqlite
async def test_urgings_come_together_and_no_sooner_than_two_hours_after_the_last(world: World) -> None:
    sms = Mailbag()
    courier = courier_of(world, SMS=sms)
    await courier.round()
    await reachable(world)
    one, two, three = [await dispatched(world) for _ in range(3)]
    await world.tick()
    await carried(world, courier)
    sms.taken()
    await noted(world, "urging.delivered", one)
    await noted(world, "urging.delivered", two)
    await carried(world, courier)
    assert sms.taken() == [(MOBILES[HANDLER], f"{two['number']}、{one['number']}：催办。")]
    world.clock.move(timedelta(minutes=119))
    await noted(world, "urging.delivered", three)
    await noted(world, "case.amended", one)  # what is no urging does not wait
    await carried(world, courier)
    assert sms.taken() == [(MOBILES[HANDLER], f"{one['number']}：督办要求有变更。")]
    await noted(world, "report.returned", three)  # the same matter: its newest state
    await noted(world, "urging.delivered", two)
    world.clock.move(MINUTE)
    await carried(world, courier)
    assert sms.taken() == [(MOBILES[HANDLER], f"{two['number']}：催办；{three['number']}：上报被退回。")]
    assert len(set(sms.keys)) == len(sms.keys)


@on_sqlite
async def test_the_night_is_quiet_but_for_what_is_urgent(world: World) -> None:
    sms = Mailbag(outcomes=[Retryable("502"), Retryable("502")])
    courier = courier_of(world, SMS=sms)
    await courier.round()
    await reachable(world)
    world.at(6, 15, 19, 59)
    await dispatched(world)
    await world.tick()
    await carried(world, courier)
    assert len(sms.taken()) == 1  # not taken: to be tried again, but not at night
    world.at(6, 15, 20, 5)
    urgent = await dispatched(world, tier="URGENT")
    await world.tick()
    await carried(world, courier)
    assert sms.taken() == [(MOBILES[HANDLER], f"{urgent['number']}：新的督办任务。")]
    (waiting, night) = await ledger(world, state="PENDING")
    assert waiting.next_at == shanghai(6, 16, 8, 30)
    world.at(6, 15, 23)
    await carried(world, courier)
    assert len(sms.taken()) == 1  # the urgent one
    assert night.urgent
    world.at(6, 16, 8, 30)
    await carried(world, courier)
    assert len(sms.taken()) == 1
    assert await states(world) == {"SENT": 2}


async def test_who_dies_before_it_is_marked_leaves_it_to_another_under_the_same_key(world: World) -> None:
    sms = Mailbag(outcomes=[asyncio.CancelledError()])
    dying, courier = courier_of(world, SMS=sms), courier_of(world, SMS=sms)
    await courier.round()
    await reachable(world)
    await dispatched(world)
    await world.tick()
    await dying.round()
    world.clock.move(GATHER_FOR)
    await dying.round()
    await asyncio.gather(dying.finish(), return_exceptions=True)
    assert len(sms.sent) == 1
    await courier.round()
    await courier.finish()
    assert len(sms.sent) == 1  # it is in the hand of the dead
    world.clock.move(LEASE)
    await courier.round()
    await courier.finish()
    assert len(sms.sent) == 2
    assert len(set(sms.keys)) == 1
    assert [(one.state, one.attempts) for one in await ledger(world)] == [("SENT", 2)]


@on_sqlite
async def test_what_fails_is_tried_for_most_of_a_day_then_given_up(world: World) -> None:
    sms = Mailbag(outcomes=[Retryable("502")] * 8)
    courier = courier_of(world, SMS=sms)
    await courier.round()
    await reachable(world)
    await dispatched(world)
    await world.tick()
    await carried(world, courier)
    for day in range(16, 30):
        world.at(6, day)
        await courier.round()
        await courier.finish()
    (row,) = await ledger(world)
    assert (row.state, row.attempts, row.last_answer, len(sms.sent)) == ("DEAD", 8, "502", 8)
    assert len(set(sms.keys)) == 1


@on_sqlite
async def test_a_limit_holds_the_channel_and_is_nobodys_fault_and_a_no_for_good_is_final(world: World) -> None:
    sms = Mailbag(outcomes=[Retryable("45009", MINUTE), Permanent("BLACK")])
    courier = courier_of(world, SMS=sms)
    await courier.round()
    await reachable(world)
    await dispatched(world)
    await world.tick()
    await carried(world, courier)
    (row,) = await ledger(world)
    assert (row.attempts, row.last_answer, row.next_at) == (0, "45009", world.clock.real_now() + MINUTE)
    await reachable(world, HEAD)
    await dispatched(world)
    await world.tick()
    await carried(world, courier)
    assert len(sms.taken()) == 1  # for others neither
    async with world.database.read() as session:
        assert (await session.get_one(NotificationChannel, SMS)).held_until == row.next_at
    world.clock.move(MINUTE)
    await courier.round()
    await courier.finish()
    assert await states(world) == {"SENT": 2, "DEAD": 1}
    await refresh(Sweeper(world.database, world.clock, ()), world.database, world.clock)
    told = {
        state: REGISTRY.get_sample_value("duban_reminders", {"channel": "SMS", "state": state}) for state in WATCHED
    }
    assert told == {"PENDING": 0, "DEAD": 1}
    world.clock.move(timedelta(days=90))
    await forget(world.database, world.clock, timedelta(days=400))
    assert await states(world) == {"SENT": 2, "DEAD": 1}
    world.clock.move(timedelta(seconds=1))
    await forget(world.database, world.clock, timedelta(days=400))
    assert await states(world) == {}


@on_sqlite
async def test_what_was_read_meanwhile_or_is_no_longer_wished_does_not_leave(world: World) -> None:
    sms = Mailbag()
    courier = courier_of(world, SMS=sms)
    await courier.round()
    await reachable(world, HANDLER, HEAD)
    await dispatched(world)
    await world.tick()
    await courier.round()
    inbox = await world.as_(HANDLER).ask("{ notifications(first: 1) { edges { node { id } } } }")
    note = inbox["notifications"]["edges"][0]["node"]["id"]
    await world.as_(HANDLER).do("readNotification", "notification { id }", notification=note)
    await world.as_(HEAD).do("setNotificationAddress", "address { id }", channel="SMS")
    await carried(world, courier)
    assert (sms.sent, await states(world)) == ([], {"WITHHELD": 2})


@on_sqlite
async def test_a_channel_that_is_turned_on_does_not_tell_what_is_past(world: World) -> None:
    sms = Mailbag()
    await reachable(world)
    await dispatched(world)
    await world.tick()
    courier = courier_of(world, SMS=sms)
    await carried(world, courier)  # turned on today
    await dispatched(world)
    await world.tick()
    world.at(6, 25)  # the worker was down for more than a week: the inbox has it
    await carried(world, courier)
    assert (sms.sent, await states(world)) == ([], {})


@on_sqlite
async def test_what_nobody_thought_of_stops_nothing_else(world: World) -> None:
    sms = Mailbag(outcomes=[RuntimeError("words that no log may hold")])
    courier = courier_of(world, SMS=sms)
    await courier.round()
    await reachable(world, HANDLER, HEAD)
    await dispatched(world)
    await world.tick()
    await carried(world, courier)
    assert await states(world) == {"SENT": 1, "PENDING": 1}
    (row,) = await ledger(world, state="PENDING")
    assert row.last_answer == "RuntimeError"


@on_sqlite
async def test_time_that_passes_while_it_looks_is_no_night(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sms = Mailbag()
    courier = courier_of(world, SMS=sms)
    await courier.round()
    await reachable(world)
    await dispatched(world)
    await world.tick()
    await courier.round()
    world.clock.move(GATHER_FOR)

    def now() -> datetime:
        world.clock.at += timedelta(microseconds=1)
        return world.clock.at

    monkeypatch.setattr(world.clock, "now", now)
    await courier.round()
    await courier.finish()
    assert len(sms.sent) == 1
