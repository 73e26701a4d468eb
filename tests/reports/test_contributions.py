"""协办反馈: what supporting units tell the lead, and what the lead says of it (第八条(四)1)."""

from typing import Any

import pytest

from app.assignments.rules import SlotKind, SlotState
from app.cases.models import Case
from app.cases.rules import Handling
from app.core.refusals import RefusalCode
from app.reports.models import Report
from app.reports.rules import ReportStatus
from app.reports.service import (
    AcceptReport,
    SubmitContribution,
    SubmitReport,
    accept_report,
    submit_contribution,
    submit_report,
)
from tests.reports.desk import BUILDING, CITY, ENVIRONMENT, WORDS, Desk, problems


async def joint(desk: Desk) -> Case:
    return await desk.dispatched(CITY, BUILDING, ENVIRONMENT, handling=Handling.JOINT)


async def contribution(desk: Desk, case: Case, unit: str, **changes: Any) -> SubmitContribution:
    given: dict[str, Any] = {"assignment_id": (await desk.part(case, unit)).id, "sections": WORDS} | changes
    return SubmitContribution(**given)


async def contribute(desk: Desk, case: Case, unit: str, login: str) -> Report:
    return await desk.do(f"{login}.handler", submit_contribution, await contribution(desk, case, unit))


async def test_a_contribution_needs_no_signature_and_meets_what_was_owed(desk: Desk) -> None:
    case = await joint(desk)
    desk.at(6, 18)
    report = await contribute(desk, case, BUILDING, "zhujian")
    assert (report.status, report.contribution, report.signature_id) == (ReportStatus.SUBMITTED, True, None)
    (slot,) = await desk.slots(case, BUILDING)
    assert (slot.slot, slot.state, slot.met_on_time) == (SlotKind.CONTRIBUTION, SlotState.MET, True)
    assert f"CONTRIBUTE {BUILDING}" not in await desk.waiting(case.id)
    assert f"CONTRIBUTE {ENVIRONMENT}" in await desk.waiting(case.id)
    again = await contribute(desk, case, BUILDING, "zhujian")
    assert again.id != report.id


async def test_the_lead_takes_in_or_names_every_supporting_unit(desk: Desk) -> None:
    case = await joint(desk)
    await contribute(desk, case, BUILDING, "zhujian")
    silent = (await desk.part(case, ENVIRONMENT)).id
    report = await desk.signed(case)
    refusal = await desk.refused("chengguan.handler", submit_report, SubmitReport(report.id, report.version))
    assert problems(refusal) == [(RefusalCode.CONTRIBUTION_MISSING, ("report", "contributions"))]
    assert dict(refusal.problems[0].params) == {"unit": ENVIRONMENT}
    report = await desk.submitted(case, missing_contributions=(silent,))
    assert (report.status, report.missing_contributions) == (ReportStatus.SUBMITTED, [str(silent)])


async def test_what_came_after_all_is_no_longer_missing(desk: Desk) -> None:
    case = await joint(desk)
    missing = tuple([(await desk.part(case, unit)).id for unit in (BUILDING, ENVIRONMENT)])
    report = await desk.signed(case, missing_contributions=missing)
    await contribute(desk, case, BUILDING, "zhujian")
    report = await desk.do("chengguan.handler", submit_report, SubmitReport(report.id, report.version))
    assert report.missing_contributions == [str(missing[1])]


async def test_a_contribution_is_neither_reviewed_nor_submitted(desk: Desk) -> None:
    case = await joint(desk)
    report = await contribute(desk, case, BUILDING, "zhujian")
    refusal = await desk.refused("duban.wu", accept_report, AcceptReport(report.id, report.version))
    assert problems(refusal) == [(RefusalCode.NOT_APPLICABLE, ("input", "report"))]


@pytest.mark.parametrize(
    ("login", "unit", "changes", "expected"),
    [
        ("chengguan.handler", CITY, {}, [(RefusalCode.NOT_APPLICABLE, ("input", "assignment"))]),
        ("zhujian.handler", BUILDING, {"sections": ()}, [(RefusalCode.REQUIRED, ("input", "sections"))]),
    ],
)
async def test_who_may_contribute_what(
    desk: Desk, login: str, unit: str, changes: dict[str, Any], expected: list[Any]
) -> None:
    case = await joint(desk)
    refusal = await desk.refused(login, submit_contribution, await contribution(desk, case, unit, **changes))
    assert problems(refusal) == expected


async def test_nobody_contributes_for_another_unit(desk: Desk) -> None:
    case = await joint(desk)
    command = await contribution(desk, case, BUILDING)
    assert (await desk.refused("chengguan.head", submit_contribution, command)).code is RefusalCode.NOT_ALLOWED
    assert (await desk.refused("huanbao.head", submit_contribution, command)).code is RefusalCode.NOT_FOUND
    assert (await desk.refused("duban.wu", submit_contribution, command)).code is RefusalCode.NOT_ALLOWED
