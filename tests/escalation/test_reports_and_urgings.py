"""What a report means for an urging: none is issued, it is answered, it was issued in vain, or it is open again."""

from datetime import date
from typing import Any

from pydantic import TypeAdapter

from app.assignments.rules import ReportContent
from app.cases.models import Case
from app.circulars.rules import CircularStatus
from app.deadlines.models import Deadline
from app.deadlines.rules import DeadlineState, Stage
from app.escalation.models import Urging
from app.inspections.rules import ConclusionStatus
from app.reports.service import (
    AcceptReport,
    ReceiveReport,
    SubmitReport,
    WithdrawReport,
    accept_report,
    receive_report,
    submit_report,
    withdraw_report,
)
from app.talks.models import FormalTalk
from app.talks.rules import TalkStatus
from app.work import Medium
from tests.escalation.works import Works, on_sqlite
from tests.reports.desk import WORDS, shanghai


async def urged(desk: Works, **how: Any) -> Case:
    case = await desk.dispatched(**how)
    await desk.tick()
    await desk.on(6, 24)
    return case


async def sheet(desk: Works, case: Case, day: int, hour: int = 16) -> None:
    """A sealed sheet that came on a day of June, entered now and checked by another officer."""
    command = ReceiveReport(
        assignment_id=(await desk.part(case)).id,
        content=ReportContent.RESULT,
        sections=WORDS,
        contact_name="杜鹃",
        contact_phone="0451-12345678",
    )
    adapter = TypeAdapter(ReceiveReport)
    act = await desk.entered(
        "duban.wu",
        "receiveReport",
        adapter.dump_json(command).decode(),
        assignment_id=command.assignment_id,
        decided_by=desk.district.people["chengguan.head"],
        medium=Medium.PAPER,
        occurred_at=shanghai(6, day, hour),
    )
    await desk.checked("duban.zheng", act, receive_report, adapter.validate_json)


async def test_a_report_in_time_is_not_urged_for(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 23, 17)
    await desk.submitted(case)
    await desk.on(6, 24)
    assert await desk.count(Urging) == 0
    assert (await desk.part(case)).in_review


async def test_a_result_that_comes_late_but_first_is_not_urged_for(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 24, 7)
    await desk.submitted(case)
    await desk.on(6, 24)
    assert await desk.count(Urging) == 0


async def test_progress_leaves_the_completion_clock_running(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 23, 17)
    await desk.submitted(case, content=ReportContent.PROGRESS)
    await desk.on(6, 24)
    urging = await desk.urging(case)
    assert (urging.slot_id, urging.for_due_on) == (None, date(2026, 6, 23))


async def test_a_report_on_the_day_answers_the_urging(desk: Works) -> None:
    case = await urged(desk)
    desk.at(6, 24, 16)
    await desk.submitted(case, content=ReportContent.PROGRESS)
    await desk.tick()
    urging = await desk.urging(case)
    assert (urging.answered_at, urging.withdrawn_at) == (shanghai(6, 24, 16), None)
    assert await desk.history(case, "urging.delivered") == [
        "report.drafted",
        "report.signed",
        "report.submitted",
        "urging.answered",
    ]
    assert not any(todo.startswith("RESPOND") for todo in await desk.waiting(case.id))
    await desk.on(6, 25)
    assert await desk.count(FormalTalk) == 0
    assert await desk.broken_chains() == []


async def test_the_next_stage_looks_at_the_report_itself(desk: Works) -> None:
    """Nobody carried the report's message in time."""
    case = await urged(desk)
    desk.at(6, 24, 16)
    await desk.submitted(case)
    desk.at(6, 25, 9)
    await desk.escalate()
    assert await desk.history(case, "report.submitted") == ["deadline.overtaken"]
    await desk.tick()
    assert await desk.count(FormalTalk) == 0
    assert (await desk.urging(case)).answered_at == shanghai(6, 24, 16)


async def test_a_report_between_the_deadline_and_the_draft_stops_the_draft(desk: Works) -> None:
    case = await urged(desk)
    desk.at(6, 25, 8, 30)
    await desk.escalate()
    assert await desk.unsent() == {"urging.unanswered": 1}
    await desk.submitted(case)
    await desk.tick()
    assert await desk.count(FormalTalk) == 0


async def test_a_sheet_that_waits_for_its_check_rests_the_urging(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 24, 8)
    await desk.entered(
        "duban.wu",
        "receiveReport",
        "{}",
        assignment_id=(await desk.part(case)).id,
        decided_by=desk.district.people["chengguan.head"],
        medium=Medium.PAPER,
        occurred_at=shanghai(6, 23, 16),
    )
    await desk.on(6, 24)
    assert await desk.count(Urging) == 0
    assert await desk.next_look(case) == shanghai(6, 25, 8, 30)


async def test_a_town_that_sent_its_sheet_in_time_was_never_late(desk: Works) -> None:
    """Received on Tuesday, entered on Wednesday after the urging had gone out."""
    case = await urged(desk)
    desk.at(6, 24, 15)
    await sheet(desk, case, 23)
    await desk.tick()
    urging = await desk.urging(case)
    assert (urging.withdrawn_at, urging.answered_at) == (shanghai(6, 24, 15), None)
    assert await desk.text(urging.withdrawn_reason_id) == "办理情况在催办之前已经上报，催办予以撤回。"
    assert (await desk.printed(urging.document_id))[:2] == ("道督催〔2026〕1号", "WITHDRAWN")
    assert await desk.history(case, "report.submitted") == ["act.checked", "urging.withdrawn"]
    (waiting,) = await desk.rows(Deadline, case_id=case.id, stage=Stage.TALK)
    assert waiting.state is DeadlineState.CANCELLED
    assert not any(todo.startswith("RESPOND") for todo in await desk.waiting(case.id))
    assert await desk.told("urging.withdrawn") == {"chengguan.head": 1, "chengguan.handler": 1}
    await desk.on(6, 25)
    assert await desk.count(FormalTalk) == 0
    assert await desk.broken_chains() == []


async def test_with_the_urging_its_drafts_fall(desk: Works) -> None:
    case = await urged(desk)
    await desk.on(6, 25)
    desk.at(6, 25, 15)
    await sheet(desk, case, 23)
    await desk.tick()
    talk, conclusion, circular = await desk.drafts()
    assert (talk.status, conclusion.status, circular.status) == (
        TalkStatus.CANCELLED,
        ConclusionStatus.WITHDRAWN,
        CircularStatus.WITHDRAWN,
    )
    assert not {"ISSUE_TALK_NOTICE supervision_head", "ISSUE_CONCLUSION district_head"} & await desk.waiting(case.id)
    assert not any(date_.startswith("TALK") for date_ in await desk.running(case.id))


async def test_what_came_before_the_delivery_is_never_seen(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 24)
    await desk.escalate()
    await desk.submitted(case)
    await desk.tick()
    urging = await desk.urging(case)
    assert (urging.delivered_at, urging.document_id) == (None, None)
    assert urging.withdrawn_at == shanghai(6, 24)
    assert await desk.told("urging.delivered") == {}
    assert await desk.told("urging.withdrawn") == {}


@on_sqlite
async def test_a_report_that_is_taken_back_opens_the_urging_again(desk: Works) -> None:
    case = await urged(desk)
    desk.at(6, 24, 16)
    report = await desk.submitted(case)
    await desk.tick()
    assert (await desk.urging(case)).answered_at is not None
    desk.at(6, 24, 17)
    await desk.do("chengguan.handler", withdraw_report, WithdrawReport(report.id, report.version))
    await desk.tick()
    assert (await desk.urging(case)).answered_at is None
    assert "RESPOND_TO_URGING 区城市管理局" in await desk.waiting(case.id)
    await desk.on(6, 25)
    assert await desk.count(FormalTalk) == 1
    assert await desk.count(Urging) == 1  # one for one date


@on_sqlite
async def test_an_accepted_result_ends_everything(desk: Works) -> None:
    case = await urged(desk)
    desk.at(6, 24, 16)
    report = await desk.submitted(case)
    report = await desk.do("duban.wu", accept_report, AcceptReport(report.id, report.version))
    await desk.tick()
    assert await desk.running(case.id) == {}
    assert (await desk.urging(case)).answered_at == shanghai(6, 24, 16)
    # the unit hears of it, and the other officer, because the case may now be closed
    assert await desk.told("report.accepted") == {"chengguan.head": 1, "chengguan.handler": 1, "duban.zheng": 1}


@on_sqlite
async def test_a_signed_sheet_in_the_drawer_is_no_report(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 23, 17)
    report = await desk.signed(case)
    await desk.on(6, 24)
    assert await desk.count(Urging) == 1
    desk.at(6, 24, 10)
    await desk.do("chengguan.handler", submit_report, SubmitReport(report.id, report.version))
    await desk.tick()
    assert (await desk.urging(case)).answered_at == shanghai(6, 24, 10)
