"""审核: accepted, or returned as often as it takes (第十条); taken back before it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.assignments.rules import AssignmentStatus, ReportContent, SlotKind, SlotState
from app.authz import Role
from app.cases.models import Case
from app.cases.rules import Handling
from app.core.refusals import RefusalCode
from app.identity.models import RoleGrant
from app.regulation.rules import TimeLimitTier
from app.reports.models import Report
from app.reports.queries import results_under_review
from app.reports.rules import Remedy, ReportStatus, ReturnGround
from app.reports.service import (
    AcceptReport,
    DraftReport,
    ReturnReport,
    SignReport,
    SubmitReport,
    WithdrawReport,
    accept_report,
    draft_report,
    return_report,
    sign_report,
    submit_report,
    withdraw_report,
)
from tests.reports.desk import BUILDING, CITY, OFFICE, WORDS, Desk, problems, shanghai

PROGRESS = ReportContent.PROGRESS


async def accept(desk: Desk, report: Report, login: str = "duban.wu") -> Report:
    return await desk.do(login, accept_report, AcceptReport(report.id, report.version))


def returned(report: Report, remedy: Remedy = Remedy.SUPPLEMENT, **changes: Any) -> ReturnReport:
    given: dict[str, Any] = {
        "report_id": report.id,
        "expected_version": report.version,
        "grounds": (ReturnGround.UNCLEAR,),
        "remedy": remedy,
        "comment": "请补充整治前后对比。",
    }
    return ReturnReport(**(given | changes))


async def send_back(desk: Desk, report: Report, remedy: Remedy = Remedy.SUPPLEMENT, **changes: Any) -> Report:
    return await desk.do("duban.wu", return_report, returned(report, remedy, **changes))


async def test_an_accepted_result_ends_the_part_and_asks_the_office_to_close(desk: Desk) -> None:
    case = await desk.dispatched()
    desk.at(6, 18)
    report = await desk.submitted(case)
    desk.at(6, 22)
    report = await accept(desk, report)
    part = await desk.part(case)
    assert (report.status, part.status) == (ReportStatus.ACCEPTED, AssignmentStatus.COMPLETED)
    assert (part.completed_at, part.completed_on_time, part.in_review) == (shanghai(6, 18), True, False)
    assert await desk.waiting(case.id) == {"CLOSE supervision_officer"}
    assert await desk.running(case.id) == {}


async def test_a_result_that_came_late_completes_late(desk: Desk) -> None:
    case = await desk.dispatched()
    desk.at(6, 24, 8)
    await accept(desk, await desk.submitted(case))
    assert (await desk.part(case)).completed_on_time is False


async def test_accepted_progress_completes_nothing(desk: Desk) -> None:
    case = await desk.dispatched(completion_due_on=date(2026, 7, 31))
    await accept(desk, await desk.submitted(case, content=PROGRESS))
    part = await desk.part(case)
    assert (part.status, part.due_on) == (AssignmentStatus.ISSUED, date(2026, 7, 31))
    assert await desk.waiting(case.id) == {f"ACKNOWLEDGE {CITY}", f"COMPLETION {CITY}"}


async def test_the_case_is_ready_when_the_last_principal_is_done(desk: Desk) -> None:
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.SEPARATE)
    await accept(desk, await desk.submitted(case))
    assert "CLOSE supervision_officer" not in await desk.waiting(case.id)
    await accept(desk, await desk.submitted(case, BUILDING, "zhujian"))
    assert await desk.waiting(case.id) == {"CLOSE supervision_officer"}


async def test_an_open_slot_ends_with_the_part(desk: Desk) -> None:
    case = await desk.dispatched()
    report = await desk.submitted(case, slot_ids=())
    assert [slot.state for slot in await desk.slots(case)] == [SlotState.OPEN]
    await accept(desk, report)
    assert [slot.state for slot in await desk.slots(case)] == [SlotState.SUPERSEDED]


async def test_who_reports_does_not_accept_and_one_review_is_enough(desk: Desk) -> None:
    case = await desk.dispatched()
    report = await desk.submitted(case)
    refusal = await desk.refused("chengguan.head", accept_report, AcceptReport(report.id, report.version))
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-3")
    accepted = await accept(desk, report)
    refusal = await desk.refused("duban.wu", accept_report, AcceptReport(report.id, report.version))
    assert (refusal.code, refusal.version) == (RefusalCode.VERSION_CONFLICT, accepted.version)
    refusal = await desk.refused("duban.wu", return_report, returned(accepted))
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "ACCEPTED")


async def test_what_the_office_itself_reports_is_reviewed_by_its_leader(desk: Desk) -> None:
    await _lets_the_office_report(desk)
    case = await desk.dispatched(OFFICE)
    report = await _reported_by_the_office(desk, case)
    assert "REVIEW_REPORT office_leader" in await desk.waiting(case.id)
    refusal = await desk.refused("duban.wu", accept_report, AcceptReport(report.id, report.version))
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-4")
    assert (await accept(desk, report, "zhuren")).status is ReportStatus.ACCEPTED


async def _lets_the_office_report(desk: Desk) -> None:
    async with desk.workplace.database.write() as session:
        session.add(
            RoleGrant(
                person_id=desk.district.people["duban.zhu"],
                role=Role.UNIT_HEAD,
                unit_id=desk.district.units[OFFICE],
                valid_from=datetime(2026, 1, 1, tzinfo=UTC),
                basis="临政办〔2026〕1号",
            )
        )


async def _reported_by_the_office(desk: Desk, case: Case) -> Report:
    command = DraftReport(
        assignment_id=(await desk.part(case, OFFICE)).id,
        content=ReportContent.RESULT,
        sections=WORDS,
        contact_name="周正",
        contact_phone="110",
        seal_file_id=await desk.file("duban.zhu"),
    )
    report = await desk.do("duban.zhu", draft_report, command)
    report = await desk.do("duban.zhu", sign_report, SignReport(report.id, report.version))
    return await desk.do("duban.zhu", submit_report, SubmitReport(report.id, report.version))


async def test_a_returned_result_is_owed_again_with_a_new_date(desk: Desk) -> None:
    case = await desk.dispatched()
    desk.at(6, 18)
    report = await desk.submitted(case)
    desk.at(6, 22)
    grounds = (ReturnGround.NO_CONCLUSION, ReturnGround.BAD_FORM)
    report = await send_back(desk, report, grounds=grounds)
    assert (report.status, report.return_grounds) == (ReportStatus.RETURNED, ["NO_CONCLUSION", "BAD_FORM"])
    assert (report.remedy, report.rework_due_on) == (Remedy.SUPPLEMENT, date(2026, 6, 24))  # 2 working days
    first, rework = await desk.slots(case)
    assert (first.state, first.met_at, first.met_on_time) == (SlotState.RETURNED, shanghai(6, 18), True)
    assert (rework.slot, rework.content, rework.due_on) == (SlotKind.REWORK, ReportContent.RESULT, date(2026, 6, 24))
    part = await desk.part(case)
    assert (part.in_review, part.returned_count, part.due_on) == (False, 1, date(2026, 6, 23))
    waiting = {f"ACKNOWLEDGE {CITY}", f"COMPLETION {CITY}", f"REWORK {CITY}"}
    assert await desk.waiting(case.id) == waiting
    assert (await desk.running(case.id))["SLOT URGE"] == date(2026, 6, 24)


@pytest.mark.parametrize(
    ("remedy", "tier", "given", "due_on"),
    [
        (Remedy.REDO, TimeLimitTier.GENERAL, None, date(2026, 6, 29)),  # 5 working days
        (Remedy.REDO, TimeLimitTier.GENERAL, date(2026, 7, 31), date(2026, 7, 31)),
        (Remedy.REDO, TimeLimitTier.COMPLEX, None, date(2026, 7, 7)),  # 15 days
        (Remedy.SUPPLEMENT, TimeLimitTier.LEADER_SPECIFIED, None, date(2026, 6, 24)),
        (Remedy.REDO, TimeLimitTier.LEADER_SPECIFIED, None, date(2026, 6, 25)),  # the leader's date
    ],
)
async def test_the_date_of_rework(
    desk: Desk, remedy: Remedy, tier: TimeLimitTier, given: date | None, due_on: date
) -> None:
    named: dict[str, Any] = {"report_due_on": date(2026, 6, 25)} if tier is TimeLimitTier.LEADER_SPECIFIED else {}
    case = await desk.dispatched(tier=tier, **named)
    report = await desk.submitted(case)
    desk.at(6, 22)
    assert (await send_back(desk, report, remedy, due_on=given)).rework_due_on == due_on


async def test_a_given_date_of_rework_stays_before_the_superiors(desk: Desk) -> None:
    case = await desk.dispatched(superior_due_on=date(2026, 6, 30))  # inner dates: until the 26th
    report = await desk.submitted(case)
    for day in (date(2026, 6, 14), date(2026, 6, 27)):
        refusal = await desk.refused("duban.wu", return_report, returned(report, due_on=day))
        assert problems(refusal) == [(RefusalCode.OUT_OF_RANGE, ("input", "dueOn"))]
        assert dict(refusal.problems[0].params) == {"low": date(2026, 6, 15), "high": date(2026, 6, 26)}
    assert (await send_back(desk, report, due_on=date(2026, 6, 26))).rework_due_on == date(2026, 6, 26)


async def test_a_return_says_why(desk: Desk) -> None:
    case = await desk.dispatched()
    report = await desk.submitted(case)
    command = returned(report, grounds=(), comment=" ", due_on=date(2026, 6, 14))
    refusal = await desk.refused("duban.wu", return_report, command)
    assert problems(refusal) == [
        (RefusalCode.REQUIRED, ("input", "comment")),
        (RefusalCode.REQUIRED, ("input", "grounds")),
        (RefusalCode.BAD_DATE, ("input", "dueOn")),
    ]
    refusal = await desk.refused("duban.wu", return_report, returned(report, grounds=(ReturnGround.UNLAWFUL,) * 2))
    assert problems(refusal) == [(RefusalCode.DUPLICATE, ("input", "grounds"))]


async def test_returned_twice_and_yet_in_time(desk: Desk) -> None:
    case = await desk.dispatched()
    desk.at(6, 18)
    await send_back(desk, await desk.submitted(case))
    desk.at(6, 24)
    await send_back(desk, await desk.submitted(case))
    desk.at(6, 25)
    await accept(desk, await desk.submitted(case))
    part = await desk.part(case)
    assert (part.returned_count, part.completed_at) == (2, shanghai(6, 25))
    assert part.completed_on_time is True  # the first of the three came in time
    assert [slot.state for slot in await desk.slots(case)] == [SlotState.RETURNED, SlotState.RETURNED, SlotState.MET]
    assert await desk.count(Report, case_id=case.id) == 3


async def test_progress_does_not_answer_for_a_returned_result(desk: Desk) -> None:
    case = await desk.dispatched()
    await send_back(desk, await desk.submitted(case))
    await desk.submitted(case, content=PROGRESS)
    assert [slot.state for slot in await desk.slots(case)] == [SlotState.RETURNED, SlotState.OPEN]


async def test_results_that_lie_with_the_office(desk: Desk) -> None:
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.SEPARATE)
    other = await desk.dispatched()
    desk.at(6, 24)
    slot = (await desk.slots(other))[0].id
    await desk.submitted(case, slot_ids=(slot,))
    await desk.submitted(case, BUILDING, "zhujian", content=PROGRESS)
    parts = [await desk.part(case), await desk.part(case, BUILDING), await desk.part(other)]
    async with desk.workplace.database.read() as session:
        assert await results_under_review(session, [part.id for part in parts]) == {parts[0].id, parts[2].id}
        assert await results_under_review(session, [parts[1].id]) == frozenset()


async def test_a_report_taken_back_is_owed_by_its_own_date(desk: Desk) -> None:
    case = await desk.dispatched()
    before = await desk.running(case.id), await desk.waiting(case.id), (await desk.row(Case, case.id)).due_on
    report = await desk.submitted(case)
    report = await desk.do("chengguan.handler", withdraw_report, WithdrawReport(report.id, report.version))
    assert report.status is ReportStatus.WITHDRAWN
    after = await desk.running(case.id), await desk.waiting(case.id), (await desk.row(Case, case.id)).due_on
    assert after == before
    (slot,) = await desk.slots(case)
    assert (slot.state, slot.met_at, slot.met_on_time) == (SlotState.OPEN, None, None)
    assert (await desk.part(case)).in_review is False


async def test_what_was_reviewed_is_not_taken_back(desk: Desk) -> None:
    case = await desk.dispatched()
    report = await accept(desk, await desk.submitted(case))
    refusal = await desk.refused("chengguan.head", withdraw_report, WithdrawReport(report.id, report.version))
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "ACCEPTED")


async def test_a_draft_is_taken_back_and_nothing_moves(desk: Desk) -> None:
    case = await desk.dispatched()
    before = await desk.running(case.id)
    report = await desk.drafted(case)
    report = await desk.do("chengguan.handler", withdraw_report, WithdrawReport(report.id, report.version))
    assert (report.status, report.submitted_at) == (ReportStatus.WITHDRAWN, None)
    assert await desk.running(case.id) == before
