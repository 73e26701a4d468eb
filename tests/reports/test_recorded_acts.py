"""代录: what was done on paper, by phone or by voice, entered by one officer, checked by another."""

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter

from app.acts.checking import (
    CheckRecordedAct,
    ConfirmInWriting,
    RejectRecordedAct,
    begin_check,
    confirm_in_writing,
    reject_recorded_act,
)
from app.acts.models import Decision, RecordedAct
from app.acts.queries import awaiting_check
from app.acts.rules import DecisionKind, Outcome, RecordedActStatus
from app.assignments.rules import ReportContent, SlotState
from app.cases.models import Case
from app.content.models import Content, ContentKind
from app.core.refusals import Refusal, RefusalCode
from app.deadlines.models import Deadline
from app.deadlines.rules import DeadlineState, SubjectKind
from app.events.models import Event
from app.files.models import StoredFile
from app.reports.models import Report
from app.reports.rules import ReportStatus
from app.reports.service import (
    AcceptReport,
    ConfirmClosing,
    ProposeClosing,
    ReceiveReport,
    accept_report,
    confirm_closing,
    propose_closing,
    receive_report,
)
from app.work import Medium
from tests.reports.desk import CITY, WORDS, Desk, problems, shanghai

SHEET = TypeAdapter(ReceiveReport)
CLOSING = TypeAdapter(ConfirmClosing)


async def sheet(desk: Desk, case: Case, **changes: Any) -> RecordedAct:
    """A sealed sheet of the city management bureau, entered by one officer."""
    part = await desk.part(case)
    said: dict[str, Any] = {
        "assignment_id": part.id,
        "content": ReportContent.RESULT,
        "sections": WORDS,
        "contact_name": "杜鹃",
        "contact_phone": "0451-12345678",
    }
    details: dict[str, Any] = {
        "assignment_id": part.id,
        "decided_by": desk.district.people["chengguan.head"],
        "occurred_at": desk.clock.now(),
    }
    command = ReceiveReport(**(said | changes.pop("said", {})))
    return await desk.entered("duban.wu", "receiveReport", SHEET.dump_json(command).decode(), **(details | changes))


async def check_sheet(desk: Desk, recorded: RecordedAct) -> RecordedAct:
    return await desk.checked("duban.zheng", recorded, receive_report, SHEET.validate_json)


async def test_a_sheet_counts_as_of_the_day_it_came_when_a_second_officer_has_checked_it(desk: Desk) -> None:
    case = await desk.dispatched()
    desk.at(6, 24, 10)  # the day after the date: urged, perhaps
    recorded = await sheet(desk, case, occurred_at=shanghai(6, 23, 16))
    assert recorded.status is RecordedActStatus.AWAITING_CHECK
    assert "CHECK_RECORDED_ACT supervision_officer" in await desk.waiting(case.id)
    assert [slot.state for slot in await desk.slots(case)] == [SlotState.OPEN]
    desk.at(6, 24, 11)
    recorded = await check_sheet(desk, recorded)
    assert (recorded.status, recorded.checked_at) == (RecordedActStatus.EFFECTIVE, shanghai(6, 24, 11))
    (report,) = await desk.rows(Report, case_id=case.id)
    assert (recorded.result_id, report.status) == (report.id, ReportStatus.SUBMITTED)
    assert (report.submitted_at, report.received_at) == (shanghai(6, 23, 16), shanghai(6, 24, 11))
    assert report.seal_file_id == recorded.evidence_file_id
    (slot,), part = await desk.slots(case), await desk.part(case)
    assert (slot.state, slot.met_at, slot.met_on_time, part.in_review) == (
        SlotState.MET,
        shanghai(6, 23, 16),
        True,
        True,
    )
    assert await desk.waiting(case.id) == {f"ACKNOWLEDGE {CITY}", "REVIEW_REPORT supervision_officer"}


async def test_the_record_says_whose_act_it_was_who_entered_it_and_who_checked_it(desk: Desk) -> None:
    case = await desk.dispatched()
    recorded = await check_sheet(desk, await sheet(desk, case))
    people = {key: login for login, key in desk.district.people.items()}
    events = sorted(await desk.rows(Event, case_id=case.id), key=lambda event: event.case_seq or 0)[-5:]
    assert [(event.type, people[event.actor_person_id], event.act_id) for event in events if event.actor_person_id] == [
        ("act.recorded", "duban.wu", None),
        ("report.drafted", "chengguan.head", recorded.id),
        ("report.signed", "chengguan.head", recorded.id),
        ("report.submitted", "chengguan.head", recorded.id),
        ("act.checked", "duban.zheng", None),
    ]
    (signature,) = await desk.rows(Decision, case_id=case.id, kind=DecisionKind.SIGNATURE)
    assert (signature.medium, signature.recorded_act_id) == (Medium.PAPER, recorded.id)
    command = await desk.row(Content, recorded.command_id)
    assert command.kind is ContentKind.COMMAND


async def test_the_sheet_belongs_to_the_case_and_to_its_unit(desk: Desk) -> None:
    case = await desk.dispatched()
    recorded = await sheet(desk, case)
    evidence = await desk.row(StoredFile, recorded.evidence_file_id)
    assert (evidence.case_id, evidence.subject_id) == (case.id, recorded.id)
    assert evidence.unit_id == desk.district.units[CITY]
    refusal = await _not_entered(desk, case, evidence_file_id=recorded.evidence_file_id)
    assert problems(refusal) == [(RefusalCode.FILE_IN_USE, ("input", "recorded", "evidence"))]


async def test_what_a_sheet_lacks_is_refused_at_the_check_and_the_act_still_waits(desk: Desk) -> None:
    case = await desk.dispatched()
    recorded = await sheet(desk, case, said={"contact_phone": None})
    before = desk.everything()
    with pytest.raises(Refusal) as refused:
        await check_sheet(desk, recorded)
    assert problems(refused.value) == [(RefusalCode.CONTACT_MISSING, ("report", "contactPhone"))]
    assert desk.everything() == before


async def test_a_sheet_signed_by_who_does_not_head_the_unit(desk: Desk) -> None:
    case = await desk.dispatched()
    recorded = await sheet(desk, case, decided_by=desk.district.people["chengguan.handler"])
    with pytest.raises(Refusal) as refused:
        await check_sheet(desk, recorded)
    assert (refused.value.code, refused.value.params["action"]) == (RefusalCode.NOT_ALLOWED, "report.sign")


async def test_nobody_hands_in_a_sheet_for_himself(desk: Desk) -> None:
    case = await desk.dispatched()
    command = ReceiveReport(assignment_id=(await desk.part(case)).id, content=ReportContent.PROGRESS, sections=WORDS)
    refusal = await desk.refused("chengguan.head", receive_report, command)
    assert problems(refusal) == [(RefusalCode.REQUIRED, ("input", "recorded"))]


async def test_a_second_officer_and_no_other(desk: Desk) -> None:
    case = await desk.dispatched()
    recorded = await sheet(desk, case)
    for login, code, rule in (
        ("duban.wu", RefusalCode.NOT_ALLOWED, "SOD-9"),
        ("chengguan.head", RefusalCode.NOT_ALLOWED, "SOD-10"),
        ("zhuren", RefusalCode.NOT_ALLOWED, None),
        ("jiaoyu.head", RefusalCode.NOT_FOUND, None),
    ):
        refusal = await desk.refused(login, begin_check, CheckRecordedAct(recorded.id, recorded.version))
        assert (refusal.code, refusal.rule_id) == (code, rule)


async def test_an_act_takes_effect_once(desk: Desk) -> None:
    case = await desk.dispatched()
    recorded = await check_sheet(desk, await sheet(desk, case))
    refusal = await desk.refused("duban.zheng", begin_check, CheckRecordedAct(recorded.id, recorded.version))
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "EFFECTIVE")
    refusal = await desk.refused("duban.zheng", begin_check, CheckRecordedAct(recorded.id, recorded.version - 1))
    assert refusal.code is RefusalCode.VERSION_CONFLICT


async def test_a_rejected_act_changes_nothing_but_itself(desk: Desk) -> None:
    case = await desk.dispatched()
    recorded = await sheet(desk, case)
    command = RejectRecordedAct(recorded.id, recorded.version, " ")
    refusal = await desk.refused("duban.zheng", reject_recorded_act, command)
    assert problems(refusal) == [(RefusalCode.REQUIRED, ("input", "reason"))]
    command = RejectRecordedAct(recorded.id, recorded.version, "公章不清。")
    recorded = await desk.do("duban.zheng", reject_recorded_act, command)
    assert (recorded.status, recorded.result_id) == (RecordedActStatus.REJECTED, None)
    assert (await desk.row(Content, recorded.reason_id or recorded.id)).text == "公章不清。"
    assert [slot.state for slot in await desk.slots(case)] == [SlotState.OPEN]
    assert "CHECK_RECORDED_ACT supervision_officer" not in await desk.waiting(case.id)


async def test_nobody_is_urged_while_an_act_waits(desk: Desk) -> None:
    case, other = await desk.dispatched(), await desk.dispatched()
    parts = [(await desk.part(found)).id for found in (case, other)]

    async def waiting() -> frozenset[Any]:
        async with desk.workplace.database.read() as session:
            return await awaiting_check(session, parts)

    assert await waiting() == frozenset()
    recorded = await sheet(desk, case)
    assert await waiting() == {parts[0]}
    await check_sheet(desk, recorded)
    assert await waiting() == frozenset()


async def _not_entered(desk: Desk, case: Case, **changes: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await sheet(desk, case, **changes)
    assert await desk.count(RecordedAct) == await desk.count(Event, type="act.recorded")
    return refused.value


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"medium": Medium.SYSTEM}, [(RefusalCode.NOT_APPLICABLE, ("input", "recorded", "medium"))]),
        ({"occurred_at": shanghai(6, 15, 9, 1)}, [(RefusalCode.BAD_DATE, ("input", "recorded", "occurredAt"))]),
        ({"assignment_id": None}, [(RefusalCode.NOT_APPLICABLE, ("input", "recorded"))]),
    ],
)
async def test_what_cannot_be_entered(desk: Desk, changes: dict[str, Any], expected: list[Any]) -> None:
    case = await desk.dispatched()
    assert problems(await _not_entered(desk, case, **changes)) == expected


async def test_an_act_of_nobody_of_oneself_and_in_another_case(desk: Desk) -> None:
    case, other = await desk.dispatched(), await desk.dispatched()
    refusal = await _not_entered(desk, case, decided_by=case.id)
    assert problems(refusal) == [(RefusalCode.BAD_ID, ("input", "recorded", "decidedBy"))]
    refusal = await _not_entered(desk, case, evidence_file_id=case.id)
    assert problems(refusal) == [(RefusalCode.BAD_ID, ("input", "recorded", "evidence"))]
    refusal = await _not_entered(desk, case, decided_by=desk.district.people["duban.wu"])
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-8")
    refusal = await _not_entered(desk, case, case_id=other.id)
    assert problems(refusal) == [(RefusalCode.BAD_ID, ("input", "assignment"))]


async def closing_by_phone(desk: Desk) -> tuple[Case, RecordedAct]:
    case = await desk.dispatched()
    report = await desk.submitted(case)
    await desk.do("duban.wu", accept_report, AcceptReport(report.id, report.version))
    case = await desk.do("duban.wu", propose_closing, ProposeClosing(case.id, "已办结。"))
    command = ConfirmClosing(case.id, case.version, Outcome.APPROVED)
    recorded = await desk.entered(
        "duban.wu",
        "confirmClosing",
        CLOSING.dump_json(command).decode(),
        case_id=case.id,
        decided_by=desk.district.people["duban.zhu"],
        medium=Medium.PHONE,
        occurred_at=desk.clock.now(),
    )
    return case, recorded


async def test_spoken_words_take_effect_and_are_confirmed_in_writing(desk: Desk) -> None:
    case, recorded = await closing_by_phone(desk)
    assert (await desk.running(case.id))["ORAL_CONFIRMATION NOTICE"] == date(2026, 6, 16)
    assert "CONFIRM_IN_WRITING supervision_officer" in await desk.waiting(case.id)
    assert (await desk.row(StoredFile, recorded.evidence_file_id)).unit_id is None
    command = ConfirmInWriting(recorded.id, await desk.file("duban.zheng", "补签.pdf"))
    recorded = await desk.do("duban.zheng", confirm_in_writing, command)
    assert (recorded.confirmed_at, recorded.confirmation_file_id) == (desk.clock.now(), command.file_id)
    assert "ORAL_CONFIRMATION NOTICE" not in await desk.running(case.id)
    assert await desk.waiting(case.id) == {
        "CONFIRM_CLOSING supervision_head",
        "CHECK_RECORDED_ACT supervision_officer",
    }
    recorded = await desk.checked("duban.zheng", recorded, confirm_closing, CLOSING.validate_json)
    assert (await desk.row(Case, case.id)).status.value == "CLOSED"
    refusal = await desk.refused("duban.zheng", confirm_in_writing, command)
    assert refusal.code is RefusalCode.ALREADY_DONE


async def test_a_rejected_word_needs_no_writing_and_a_paper_never_does(desk: Desk) -> None:
    case, recorded = await closing_by_phone(desk)
    reject = RejectRecordedAct(recorded.id, recorded.version, "周正未曾同意。")
    recorded = await desk.do("duban.zheng", reject_recorded_act, reject)
    (deadline,) = await desk.rows(Deadline, case_id=case.id, subject_kind=SubjectKind.ORAL_CONFIRMATION)
    assert deadline.state is DeadlineState.CANCELLED
    other = await desk.dispatched()
    paper = await sheet(desk, other)
    file_id = await desk.file("duban.zheng", "补签.pdf")
    refusal = await desk.refused("duban.zheng", confirm_in_writing, ConfirmInWriting(paper.id, file_id))
    assert problems(refusal) == [(RefusalCode.NOT_APPLICABLE, ("input", "act"))]
