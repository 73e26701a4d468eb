"""The relay: who finds what in his inbox, and what happens when something fails."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from app.cases.models import Case
from app.cases.rules import Handling
from app.cases.service import SetAccessScope, set_access_scope
from app.core.refusals import RefusalCode
from app.events.models import OutboxMessage
from app.events.outbox import Message, claim, given_up, mark_failed, mark_sent, oldest_unsent, put_off, retry_at
from app.notifications import delivery, reactions
from app.notifications.models import Notification
from app.notifications.service import ReadNotification, read_notification
from app.reports.rules import Remedy, ReturnGround
from app.reports.service import ReturnReport, return_report
from tests.escalation.works import Works, from_scratch, on_sqlite
from tests.reports.desk import BUILDING, CITY, shanghai

MINUTE = timedelta(minutes=1)


async def message(desk: Works, topic: str) -> OutboxMessage:
    (row,) = await desk.rows(OutboxMessage, topic=topic)
    return row


@from_scratch
async def test_who_comes_to_owe_something_hears_of_it_once(desk: Works) -> None:
    await desk.dispatched(CITY, BUILDING, handling=Handling.SEPARATE)
    await desk.tick()
    # what was done before its message was carried waits for nobody any more
    assert {topic: await desk.told(topic) for topic in ("case.registered", "case.proposed", "case.decided")} == {
        "case.registered": {},
        "case.proposed": {},
        "case.decided": {},
    }
    assert await desk.told("case.dispatched") == dict.fromkeys(
        ["chengguan.head", "chengguan.handler", "zhujian.head", "zhujian.handler"], 1
    )
    assert await desk.unsent() == {}


@on_sqlite
async def test_of_a_restricted_case_only_those_in_its_scope_hear(desk: Works) -> None:
    case = await desk.dispatched()
    person = desk.district.people["chengguan.head"]
    scope = SetAccessScope(case.id, case.version, restricted=True, person_ids=(person,))
    await desk.do("duban.zhu", set_access_scope, scope)
    await desk.on(6, 24)
    assert await desk.told("urging.delivered") == {"chengguan.head": 1}
    told = set(await desk.told("deadline.passed"))
    assert told <= {"chengguan.head", "duban.wu", "duban.zhu"}  # who registered it knows of it
    assert "duban.zheng" not in told


@on_sqlite
async def test_a_message_is_read_once_by_its_reader(desk: Works) -> None:
    await desk.dispatched()
    await desk.tick()
    (row,) = await desk.rows(Notification, person_id=desk.district.people["chengguan.head"])
    command = ReadNotification(row.id)
    assert (await desk.refused("duban.wu", read_notification, command)).code is RefusalCode.NOT_FOUND
    await desk.do("chengguan.head", read_notification, command)
    desk.at(6, 15, 10)
    assert (await desk.do("chengguan.head", read_notification, command)).read_at == shanghai(6, 15)


@on_sqlite
async def test_a_reaction_that_fails_is_tried_again_and_stops_no_other(
    desk: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await desk.dispatched()
    await desk.tick()
    desk.at(6, 24)
    await desk.escalate()

    async def broken(_work: Any, _urging_id: UUID) -> None:
        raise RuntimeError("words that no log may hold")

    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr(reactions, "deliver_urging", broken)
        await desk.relay()
    (failed,) = [log for log in logs if log["event"] == "reaction_failed"]
    assert (failed["topic"], failed["attempts"]) == ("urging.issued", 1)
    row = await message(desk, "urging.issued")
    assert (row.attempts, row.sent_at, row.next_at) == (1, None, shanghai(6, 24) + timedelta(seconds=5))
    assert await desk.unsent() == {"urging.issued": 1}
    desk.clock.move(MINUTE)
    await desk.relay()
    assert (await desk.urging(case)).delivered_at == shanghai(6, 24, 9, 1)


@on_sqlite
async def test_what_concerns_nobody_is_marked_as_sent(desk: Works) -> None:
    case = await desk.dispatched()
    await desk.tick()
    scope = SetAccessScope(case.id, case.version, restricted=False)
    await desk.do("duban.zhu", set_access_scope, scope)
    assert await desk.unsent() == {"case.scope_set": 1}
    await desk.relay()
    assert await desk.unsent() == {}
    assert await desk.told("case.scope_set") == {}
    assert await desk.next_look(await desk.row(Case, case.id)) == shanghai(6, 17, 8, 30)


async def test_a_claimed_message_is_nobody_elses_until_the_lease_ends(desk: Works) -> None:
    await desk.dispatched()
    now, lease = desk.clock.now(), timedelta(seconds=30)
    database = desk.workplace.database
    async with database.write() as session:
        first = await claim(session, now, 3, lease)
    async with database.write() as session:
        second = await claim(session, now, 3, lease)
    assert [one.topic for one in first] == ["case.registered", "case.proposed", "case.decided"]
    assert [one.topic for one in second] == ["case.dispatched"]
    async with database.write() as session:
        assert await claim(session, now + lease - MINUTE / 60, 3, lease) == []
        await mark_sent(session, [first[0].position], now)
    async with database.write() as session:
        again = await claim(session, now + lease, 9, lease)
    assert [(one.topic, one.attempts) for one in again] == [
        ("case.proposed", 2),
        ("case.decided", 2),
        ("case.dispatched", 2),
    ]


async def test_what_the_dead_had_in_hand_keeps_its_place(desk: Works) -> None:
    await desk.dispatched()
    now, database = desk.clock.now(), desk.workplace.database
    for _ in range(2):
        async with database.write() as session:
            (oldest,) = await claim(session, now, 1, MINUTE)
        assert oldest.topic == "case.registered"
        now += MINUTE


@on_sqlite
async def test_a_round_ends_before_it_must_be_cut_short_and_the_next_goes_on(
    desk: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.dispatched()

    async def slow(*args: Any) -> list[Message]:
        desk.clock.move(MINUTE)
        return await claim(*args)

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "BATCH", 1)
        patch.setattr(delivery, "claim", slow)
        assert await desk.relay() == 1
    assert await desk.unsent() == {"case.proposed": 1, "case.decided": 1, "case.dispatched": 1}
    assert await desk.relay() == 3
    assert await desk.unsent() == {}


@on_sqlite
async def test_put_off_is_no_failure(desk: Works) -> None:
    await desk.dispatched()
    now, database = desk.clock.now(), desk.workplace.database
    async with database.write() as session:
        (one,) = await claim(session, now, 1, MINUTE)
        await put_off(session, one.position, now + MINUTE)
    async with database.write() as session:
        (same,) = [found for found in await claim(session, now + MINUTE, 9, MINUTE) if found.position == one.position]
    assert same.attempts == 1


def test_pauses_double_until_somebody_must_look() -> None:
    now = shanghai(6, 15)
    pauses = [(retry_at(attempts, now) or now) - now for attempts in range(1, 26)]
    assert [pause.total_seconds() for pause in pauses[:4]] == [5, 10, 20, 40]
    assert pauses[15:24] == [timedelta(hours=6)] * 9
    assert sum(pauses, timedelta()) > timedelta(days=3)
    assert retry_at(25, now) is None


@on_sqlite
async def test_what_failed_for_good_is_counted_and_left(desk: Works) -> None:
    await desk.dispatched()
    now, database = desk.clock.now(), desk.workplace.database
    async with database.write() as session:
        assert await oldest_unsent(session, now + MINUTE) == now
        messages = await claim(session, now, 9, MINUTE)
        for one in messages:
            await mark_failed(session, one._replace(attempts=25), now)
    async with database.write() as session:
        assert await claim(session, now + timedelta(days=9), 9, MINUTE) == []
        assert await oldest_unsent(session, now + timedelta(days=9)) is None
        assert await given_up(session) == len(messages) == 4


@on_sqlite
async def test_each_step_tells_whose_turn_it_is_but_not_who_took_it(desk: Works) -> None:
    case = await desk.dispatched()
    report = await desk.submitted(case)
    await desk.tick()
    assert await desk.told("report.submitted") == {"duban.wu": 1, "duban.zheng": 1}
    grounds = (ReturnGround.UNCLEAR,)
    back = ReturnReport(report.id, report.version, grounds, Remedy.SUPPLEMENT, "请补充数据。")
    await desk.do("duban.wu", return_report, back)
    await desk.tick()
    assert await desk.told("report.returned") == {"chengguan.head": 1, "chengguan.handler": 1}
