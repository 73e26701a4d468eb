"""A year's notice is published late: dates counted without it move, in the ledger and wherever they are shown."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.assignments.service import import_calendar_year
from app.core.refusals import Refusal, RefusalCode
from app.identity.service import OPERATOR
from app.workdays import YearNotice
from app.workdays.rules import Holiday
from tests.bed.procedure import approve, dispatch, propose, register
from tests.bed.world import World

MONDAY_BEFORE_NEW_YEAR = datetime(2026, 12, 28, 1, tzinfo=UTC)
DATES = (
    "query D($id: ID) { case(id: $id) { dueOn assignments { completionDueOn slots { dueOn } } "
    "waitingFor { action dueOn } timeline(first: 1) { edges { node { type } } } } }"
)


def notice(new_year_until: date) -> YearNotice:
    festivals = {"春节": 2, "清明节": 4, "劳动节": 5, "端午节": 6, "中秋节": 9, "国庆节": 10}
    return YearNotice(
        year=2027,
        title="关于2027年部分节假日安排的通知",
        number="国办发明电〔2026〕9号",
        issued_on=date(2026, 12, 29),
        holidays=(
            Holiday(name="元旦", first=date(2027, 1, 1), last=new_year_until),
            *(
                Holiday(name=name, first=date(2027, month, 6), last=date(2027, month, 8))
                for name, month in festivals.items()
            ),
        ),
    )


async def out_in_december(world: World) -> Mapping[str, Any]:
    world.clock.move_to(MONDAY_BEFORE_NEW_YEAR)
    return await dispatch(world, await approve(world, await propose(world, await register(world))))


async def test_what_was_counted_without_the_notice_is_counted_again(world: World) -> None:
    case = await out_in_december(world)
    assert case["dueOn"] == "2027-01-05"  # 29, 30, 31 December, 4, 5 January: only the first of January is known

    async with world.workplace.open(OPERATOR, world.policy) as work:
        changed = await import_calendar_year(work, notice(date(2027, 1, 4)))
    assert len(changed) == 1

    seen = (await world.as_("duban.wu").ask(DATES, id=case["id"]))["case"]
    assert seen["dueOn"] == "2027-01-06"
    assert seen["assignments"] == [{"completionDueOn": "2027-01-06", "slots": [{"dueOn": "2027-01-06"}]}]
    dates = {todo["action"]: todo["dueOn"] for todo in seen["waitingFor"]}
    assert (dates["REPORT"], dates["COMPLETION"]) == ("2027-01-06", "2027-01-06")
    assert seen["timeline"]["edges"][0]["node"]["type"] == "case.dates_recounted"


async def test_the_same_notice_again_changes_nothing(world: World) -> None:
    await out_in_december(world)
    for expected in (1, 0):
        async with world.workplace.open(OPERATOR, world.policy) as work:
            assert len(await import_calendar_year(work, notice(date(2027, 1, 4)))) == expected


async def test_a_notice_without_all_festivals_is_refused(world: World) -> None:
    whole = notice(date(2027, 1, 3))
    broken = YearNotice(**{**whole.model_dump(), "holidays": whole.holidays[:3]})
    with pytest.raises(Refusal) as refused:
        async with world.workplace.open(OPERATOR, world.policy) as work:
            await import_calendar_year(work, broken)
    assert [(problem.code, problem.path) for problem in refused.value.problems] == [
        (RefusalCode.REQUIRED, ("input", "holidays"))
    ]
