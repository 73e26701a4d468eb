"""When things leave the house: on the morning of a working day, never at night, after days of downtime one by one."""

from datetime import date, timedelta

from app.cases.models import Case
from app.cases.rules import CaseStatus, Handling
from app.core.clock import local_instant
from app.deadlines.models import Deadline
from app.deadlines.rules import DeadlineState, Stage
from app.escalation.models import Urging
from app.notifications.models import Notification
from app.regulation.rules import TimeLimitTier
from app.talks.models import FormalTalk
from tests.escalation.works import Works, from_scratch, on_sqlite
from tests.reports.desk import CITY, shanghai


async def test_what_comes_after_noon_waits_for_the_next_morning(desk: Works) -> None:
    case = await desk.dispatched()
    await desk.on(6, 24, 12)
    assert await desk.count(Urging) == 0
    assert await desk.next_look(case) == shanghai(6, 25, 8, 30)
    await desk.on(6, 24, 23, 59)
    await desk.on(6, 25, 8, 29)
    assert await desk.count(Urging) == 0
    await desk.on(6, 25, 8, 30)
    assert (await desk.urging(case)).delivered_at == shanghai(6, 25, 8, 30)


async def test_before_the_window_opens_nothing_leaves(desk: Works) -> None:
    case = await desk.dispatched()
    await desk.on(6, 24, 0, 1)
    assert await desk.count(Urging) == 0
    assert await desk.next_look(case) == shanghai(6, 24, 8, 30)


@on_sqlite
async def test_days_off_are_passed_over(desk: Works) -> None:
    """紧急: two calendar days from Wednesday, 17 June, end on Friday, 19 June, the first of three days of 端午."""
    desk.at(6, 17)
    case = await desk.dispatched(tier=TimeLimitTier.URGENT)
    assert (await desk.slot(case)).due_on == date(2026, 6, 19)
    for day in (20, 21):
        await desk.on(6, day)
    assert await desk.count(Urging) == 0
    await desk.on(6, 22, 8, 30)
    assert (await desk.urging(case)).issued_at == shanghai(6, 22, 8, 30)


async def test_after_days_of_downtime_stage_one_comes_first_with_its_whole_day(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(7, 1, 9)  # a week late
    await desk.tick()
    urging = await desk.urging(case)
    assert (urging.delivered_at, urging.respond_by) == (shanghai(7, 1), shanghai(7, 2, 0))
    assert await desk.count(FormalTalk) == 0
    await desk.on(7, 1, 23, 59)
    assert await desk.count(FormalTalk) == 0
    await desk.on(7, 2, 8, 30)
    assert await desk.count(FormalTalk) == 1


async def test_no_stage_exists_before_the_one_below_was_delivered(desk: Works) -> None:
    """The sweep runs, but nobody carries its messages for a week."""
    case = await desk.dispatched()
    desk.at(6, 24)
    await desk.escalate()
    for day in (25, 26, 29, 30):
        desk.at(6, day)
        await desk.escalate()
    urging = await desk.urging(case)
    assert (urging.delivered_at, urging.document_id) == (None, None)
    assert await desk.count(Deadline, case_id=case.id, stage=Stage.TALK) == 0
    desk.at(6, 30, 15)
    await desk.tick()  # the window of that day is closed
    assert (await desk.urging(case)).delivered_at is None
    await desk.on(7, 1, 8, 30)
    assert (await desk.urging(case)).delivered_at == shanghai(7, 1, 8, 30)
    assert await desk.running(case.id) == {"URGE_RESPONSE TALK": date(2026, 7, 1)}


@from_scratch
@on_sqlite
async def test_several_dates_of_one_unit_are_one_message(desk: Works) -> None:
    case = await desk.dispatched(completion_due_on=date(2026, 6, 26))
    desk.at(7, 1)
    await desk.tick()
    assert len(await desk.urgings(case)) == 2
    assert await desk.told("urging.delivered") == {"chengguan.head": 1, "chengguan.handler": 1}


@on_sqlite
async def test_no_draft_on_a_day_off(desk: Works) -> None:
    """The sweep's message is carried late, on a Saturday."""
    case = await desk.dispatched()
    await desk.tick()
    await desk.on(6, 24)
    desk.at(6, 25, 8, 30)
    await desk.escalate()
    assert await desk.unsent() == {"urging.unanswered": 1}
    desk.at(6, 27, 10)
    await desk.relay()
    assert await desk.count(FormalTalk) == 0
    desk.at(6, 29, 8, 30)
    await desk.relay()
    assert await desk.count(FormalTalk) == 1
    assert len(await desk.urgings(case)) == 1


@on_sqlite
async def test_a_case_without_any_date_is_left_alone(desk: Works) -> None:
    case = await desk.dispatched()
    async with desk.workplace.database.write() as session:
        for deadline in await desk.rows(Deadline, case_id=case.id):
            (await session.get_one(Deadline, deadline.id)).state = DeadlineState.CANCELLED
    await desk.on(6, 24)
    assert await desk.next_look(case) is None
    assert await desk.escalate() == 0


@from_scratch
@on_sqlite
async def test_at_night_nobody_is_disturbed(desk: Works) -> None:
    desk.at(6, 15, 21)
    await desk.dispatched()
    await desk.tick()
    assert await desk.count(Notification, topic="case.dispatched") == 0
    await desk.on(6, 16, 8, 29)
    assert await desk.count(Notification) == 0
    await desk.on(6, 16, 8, 30)
    assert await desk.told("case.dispatched") == {"chengguan.head": 1, "chengguan.handler": 1}
    (row, _) = await desk.rows(Notification, topic="case.dispatched")
    assert row.created_at == shanghai(6, 16, 8, 30)


@on_sqlite
async def test_an_urgent_notice_does_not_wait_for_the_morning(desk: Works) -> None:
    desk.at(6, 15, 21)
    await desk.dispatched(tier=TimeLimitTier.URGENT)
    await desk.tick()
    assert await desk.told("case.dispatched") == {"chengguan.head": 1, "chengguan.handler": 1}


@on_sqlite
async def test_the_machine_does_nothing_that_the_policy_forbids(desk: Works) -> None:
    case = await desk.dispatched()
    desk.forbid_escalation()
    await desk.on(6, 24)
    assert await desk.count(Urging) == 0
    assert await desk.next_look(case) == shanghai(6, 25, 8, 30)
    assert set(await desk.running(case.id)) == {"ACKNOWLEDGEMENT NOTICE", "SLOT URGE", "COMPLETION URGE"}


@from_scratch
@on_sqlite
async def test_a_case_that_is_called_off_leads_to_nothing(desk: Works) -> None:
    case = await desk.dispatched(CITY, "区教育局", handling=Handling.SEPARATE)
    async with desk.workplace.database.write() as session:
        (await session.get_one(Case, case.id)).status = CaseStatus.CANCELLED
    await desk.on(6, 24)
    assert await desk.count(Urging) == 0
    assert await desk.history(case) == ["deadline.overtaken"] * 6
    assert await desk.running(case.id) == {}


@on_sqlite
async def test_a_suspended_case_rests(desk: Works) -> None:
    case = await desk.dispatched()
    async with desk.workplace.database.write() as session:
        (await session.get_one(Case, case.id)).status = CaseStatus.SUSPENDED
    await desk.on(6, 24)
    assert await desk.history(case) == []
    assert await desk.next_look(case) == local_instant(date(2026, 6, 25), desk.workplace.regulation.ladder.window_from)
    assert desk.clock.now() + timedelta(hours=23, minutes=30) == await desk.next_look(case)
