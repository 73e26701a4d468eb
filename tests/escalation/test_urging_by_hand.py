"""人工催办 and 撤回催办: what the office may do with an urging, and what it may not."""

from typing import Any

from app.cases.models import Case
from app.cases.rules import Handling
from app.core.refusals import RefusalCode
from app.escalation.models import Urging
from app.escalation.service import UrgeUnit, WithdrawUrging, urge_unit, withdraw_urging
from app.talks.models import FormalTalk
from tests.escalation.works import Works, from_scratch, on_sqlite
from tests.reports.desk import BUILDING, CITY, problems, shanghai

pytestmark = on_sqlite


async def by_hand(desk: Works, case: Case, **given: Any) -> UrgeUnit:
    return UrgeUnit(**{"assignment_id": (await desk.part(case)).id, "reason": "请立即上报。", **given})


async def test_urging_by_hand_leaves_in_the_window(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 24, 15)
    urging = await desk.do("duban.wu", urge_unit, await by_hand(desk, case))
    assert urging.key == f"urge:COMPLETION:{urging.assignment_id}:hand:2026-06-24:1"
    await desk.tick()
    assert (await desk.urging(case)).delivered_at is None
    await desk.on(6, 25, 8, 30)
    (urging,) = await desk.urgings(case)
    assert urging.delivered_at == shanghai(6, 25, 8, 30)
    assert await desk.history(case) == [
        "urging.issued",
        "deadline.passed",
        "deadline.overtaken",
        "deadline.overtaken",
        "urging.delivered",
    ]


async def test_by_hand_once_a_working_day(desk: Works) -> None:
    case = await desk.dispatched()
    await desk.on(6, 24)
    command = await by_hand(desk, case, slot_id=(await desk.slot(case)).id)
    await desk.do("duban.wu", urge_unit, command)
    assert (await desk.refused("duban.zheng", urge_unit, command)).code is RefusalCode.URGED_TODAY
    desk.at(6, 25)
    await desk.do("duban.zheng", urge_unit, command)
    assert [urging.kind.value for urging in await desk.urgings(case)] == ["AUTOMATIC", "MANUAL", "MANUAL"]


async def test_not_before_the_date(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 23, 23, 59)
    assert (await desk.refused("duban.wu", urge_unit, await by_hand(desk, case))).code is RefusalCode.DATE_NOT_PASSED


async def test_with_a_reason_by_the_office(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 24)
    refusal = await desk.refused("duban.wu", urge_unit, await by_hand(desk, case, reason=" "))
    assert problems(refusal) == [(RefusalCode.REQUIRED, ("input", "reason"))]
    assert (await desk.refused("chengguan.head", urge_unit, await by_hand(desk, case))).code is RefusalCode.NOT_ALLOWED
    assert CITY in desk.district.units


@from_scratch
async def test_who_supports_may_be_urged_by_hand_and_the_office_hears_of_its_silence(desk: Works) -> None:
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.JOINT)
    await desk.on(6, 23)
    part, slot = await desk.part(case, BUILDING), await desk.slot(case, BUILDING)
    await desk.do("duban.wu", urge_unit, UrgeUnit(part.id, "牵头单位等你单位的材料。", slot.id))
    await desk.tick()
    assert (await desk.urging(case, BUILDING)).delivered_at == shanghai(6, 23)
    before = (await desk.told("deadline.passed"))["duban.wu"]
    await desk.on(6, 24)
    assert (await desk.told("deadline.passed"))["duban.wu"] == before + 1
    await desk.on(6, 25)
    talks = await desk.rows(FormalTalk)
    assert [talk.unit_id for talk in talks] == [desk.district.units[CITY]]


async def test_who_supports_owes_no_completion(desk: Works) -> None:
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.JOINT)
    desk.at(6, 24)
    command = UrgeUnit((await desk.part(case, BUILDING)).id, "请立即反馈。")
    refusal = await desk.refused("duban.wu", urge_unit, command)
    assert problems(refusal) == [(RefusalCode.NOT_APPLICABLE, ("input", "slot"))]


async def test_two_urgings_for_one_date_lead_to_one_talk(desk: Works) -> None:
    case = await desk.dispatched()
    await desk.on(6, 24, 8, 30)
    await desk.do("duban.wu", urge_unit, await by_hand(desk, case, slot_id=(await desk.slot(case)).id))
    await desk.on(6, 24, 11)
    assert all(urging.delivered_at for urging in await desk.urgings(case))
    for day in (25, 26):
        await desk.on(6, day)
    assert (await desk.count(Urging), await desk.count(FormalTalk)) == (2, 1)


async def test_withdrawn_it_counts_nowhere_but_keeps_its_number(desk: Works) -> None:
    case = await desk.dispatched()
    await desk.tick()
    await desk.on(6, 24)
    urging = await desk.urging(case)
    desk.at(6, 24, 15)
    await desk.do("duban.wu", withdraw_urging, WithdrawUrging(urging.id, "误发。"))
    await desk.tick()
    urging = await desk.urging(case)
    assert urging.withdrawn_at == shanghai(6, 24, 15)
    assert await desk.text(urging.withdrawn_reason_id) == "误发。"
    assert (await desk.printed(urging.document_id))[:2] == ("道督催〔2026〕1号", "WITHDRAWN")
    assert await desk.running(case.id) == {}
    assert await desk.told("urging.withdrawn") == {"chengguan.head": 1, "chengguan.handler": 1}
    await desk.on(6, 25)
    assert await desk.count(FormalTalk) == 0
    await desk.do("duban.wu", urge_unit, await by_hand(desk, case))
    await desk.tick()
    assert (await desk.printed((await desk.urgings(case))[1].document_id))[0] == "道督催〔2026〕2号"


async def test_withdrawing_needs_a_reason_and_is_done_once(desk: Works) -> None:
    case = await desk.dispatched()
    await desk.on(6, 24)
    urging = await desk.urging(case)
    refusal = await desk.refused("duban.wu", withdraw_urging, WithdrawUrging(urging.id, ""))
    assert problems(refusal) == [(RefusalCode.REQUIRED, ("input", "reason"))]
    command = WithdrawUrging(urging.id, "误发。")
    assert (await desk.refused("chengguan.head", withdraw_urging, command)).code is RefusalCode.NOT_ALLOWED
    await desk.do("duban.wu", withdraw_urging, command)
    assert (await desk.refused("duban.zheng", withdraw_urging, command)).code is RefusalCode.ALREADY_DONE
