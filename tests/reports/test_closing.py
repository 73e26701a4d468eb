"""办结: proposed by one, confirmed by another; 呈阅 before it; 恢复办理 after it (第十二条)."""

from dataclasses import replace
from datetime import date
from typing import Any

from app.acts.models import Decision
from app.acts.rules import DecisionKind, Outcome
from app.assignments.rules import AssignmentStatus, EndedReason, SlotState
from app.cases.models import Case, CaseParticipant, Closure, Instruction, Reading
from app.cases.rules import CaseStatus, Disclosure, Handling, MatterType
from app.cases.service import InstructionInput, RecordInstruction, record_instruction
from app.core.refusals import RefusalCode
from app.reports.rules import Remedy, ReturnGround
from app.reports.service import (
    AcceptReport,
    ConfirmClosing,
    ProposeClosing,
    RecordReading,
    ReopenCase,
    ReturnReport,
    SubmitContribution,
    SubmitForReading,
    accept_report,
    confirm_closing,
    propose_closing,
    record_reading,
    reopen_case,
    return_report,
    submit_contribution,
    submit_for_reading,
)
from tests.reports.desk import BUILDING, CITY, ENVIRONMENT, WORDS, Desk, problems, shanghai


async def done(desk: Desk, case: Case, unit: str = CITY, login: str = "chengguan") -> None:
    report = await desk.submitted(case, unit, login)
    await desk.do("duban.wu", accept_report, AcceptReport(report.id, report.version))


async def proposed(desk: Desk, case: Case) -> Case:
    return await desk.do("duban.wu", propose_closing, ProposeClosing(case.id, "已全部整改。"))


async def confirmed(desk: Desk, case: Case, outcome: Outcome = Outcome.APPROVED, comment: str | None = None) -> Case:
    command = ConfirmClosing(case.id, case.version, outcome, comment)
    return await desk.do("duban.zhu", confirm_closing, command)


async def closed(desk: Desk) -> Case:
    case = await desk.dispatched()
    await done(desk, case)
    return await confirmed(desk, await proposed(desk, case))


async def test_a_case_is_closed_by_two(desk: Desk) -> None:
    case = await desk.dispatched()
    await done(desk, case)
    case = await proposed(desk, case)
    assert case.status is CaseStatus.CLOSING
    assert await desk.waiting(case.id) == {"CONFIRM_CLOSING supervision_head"}
    assert await desk.running(case.id) == {"CLOSING NOTICE": date(2026, 6, 17)}
    desk.at(6, 16)
    case = await confirmed(desk, case)
    assert (case.status, case.closed_at, case.next_fire_at) == (CaseStatus.CLOSED, shanghai(6, 16), None)
    (closure,) = await desk.rows(Closure, case_id=case.id)
    assert (closure.nth, closure.on_time, closure.closed_at) == (1, True, shanghai(6, 16))
    assert closure.proposed_by == desk.district.people["duban.wu"]
    (decision,) = await desk.rows(Decision, case_id=case.id, kind=DecisionKind.CLOSING)
    assert (decision.outcome, decision.printed_name) == (Outcome.APPROVED, "周正")
    assert (await desk.waiting(case.id), await desk.running(case.id)) == (set(), {})


async def test_late_units_close_late(desk: Desk) -> None:
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.SEPARATE)
    await done(desk, case)
    desk.at(6, 24)
    await done(desk, case, BUILDING, "zhujian")
    await confirmed(desk, await proposed(desk, case))
    (closure,) = await desk.rows(Closure, case_id=case.id)
    assert closure.on_time is False


async def test_nothing_is_closed_while_a_unit_owes(desk: Desk) -> None:
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.SEPARATE)
    await done(desk, case)
    refusal = await desk.refused("duban.wu", propose_closing, ProposeClosing(case.id, "已办结。"))
    assert (refusal.code, refusal.state) == (RefusalCode.STILL_OWED, "DISPATCHED")


async def test_who_proposes_does_not_confirm(desk: Desk) -> None:
    case = await desk.dispatched()
    await done(desk, case)
    case = await desk.do("duban.zhu", propose_closing, ProposeClosing(case.id, "已办结。"))
    command = ConfirmClosing(case.id, case.version, Outcome.APPROVED)
    refusal = await desk.refused("duban.zhu", confirm_closing, command)
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-6")
    refusal = await desk.refused("duban.wu", confirm_closing, command)
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, None)
    assert (await desk.do("zhuren", confirm_closing, command)).status is CaseStatus.CLOSED


async def test_a_proposal_sent_back_is_proposed_again_as_the_same_closing(desk: Desk) -> None:
    case = await desk.dispatched()
    await done(desk, case)
    case = await confirmed(desk, await proposed(desk, case), Outcome.RETURNED, "请补充长效机制。")
    assert case.status is CaseStatus.DISPATCHED
    assert await desk.waiting(case.id) == {"CLOSE supervision_officer"}
    case = await desk.do("duban.zheng", propose_closing, ProposeClosing(case.id, "已补充。"))
    await confirmed(desk, case)
    (closure,) = await desk.rows(Closure, case_id=case.id)
    assert (closure.nth, closure.proposed_by) == (1, desk.district.people["duban.zheng"])


async def test_how_a_closing_is_not_decided(desk: Desk) -> None:
    case = await desk.dispatched()
    await done(desk, case)
    case = await proposed(desk, case)
    for outcome, comment, problem in (
        (Outcome.NOTED, None, (RefusalCode.NOT_APPLICABLE, ("input", "outcome"))),
        (Outcome.RETURNED, None, (RefusalCode.REQUIRED, ("input", "comment"))),
        (Outcome.APPROVED, "长" * 2_001, (RefusalCode.TOO_LONG, ("input", "comment"))),
    ):
        command = ConfirmClosing(case.id, case.version, outcome, comment)
        assert problems(await desk.refused("duban.zhu", confirm_closing, command)) == [problem]


async def test_only_a_proposal_is_confirmed_or_sent_back(desk: Desk) -> None:
    case = await closed(desk)
    for outcome in (Outcome.APPROVED, Outcome.RETURNED):
        command = ConfirmClosing(case.id, case.version, outcome, "再看。")
        refusal = await desk.refused("zhuren", confirm_closing, command)
        assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "CLOSED")
    refusal = await desk.refused("duban.wu", propose_closing, ProposeClosing(case.id, "已办结。"))
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "CLOSED")


async def test_supporting_units_end_with_the_case(desk: Desk) -> None:
    case = await desk.dispatched(CITY, BUILDING, ENVIRONMENT, handling=Handling.JOINT)
    helped, silent = await desk.part(case, BUILDING), await desk.part(case, ENVIRONMENT)
    await desk.do("zhujian.handler", submit_contribution, SubmitContribution(helped.id, WORDS))
    report = await desk.submitted(case, missing_contributions=(silent.id,))
    await desk.do("duban.wu", accept_report, AcceptReport(report.id, report.version))
    await confirmed(desk, await proposed(desk, case))
    helped, silent = await desk.part(case, BUILDING), await desk.part(case, ENVIRONMENT)
    assert (helped.status, helped.ended_reason) == (AssignmentStatus.COMPLETED, None)
    assert (silent.status, silent.ended_reason) == (AssignmentStatus.ENDED, EndedReason.CASE_ENDED)
    assert [slot.state for slot in await desk.slots(case, ENVIRONMENT)] == [SlotState.CANCELLED]
    assert (await desk.waiting(case.id), await desk.running(case.id)) == (set(), {})


async def instructed(desk: Desk) -> Case:
    case = await desk.dispatched(matter_type=MatterType.LEADER_INSTRUCTION)
    await done(desk, case)
    return case


async def read(desk: Desk, case: Case) -> Reading:
    reading = await desk.do("duban.wu", submit_for_reading, SubmitForReading(case.id))
    return await desk.do("fuquzhang", record_reading, RecordReading(reading.id, "阅。"))


async def refused_to_close(desk: Desk, case: Case) -> RefusalCode:
    return (await desk.refused("duban.wu", propose_closing, ProposeClosing(case.id, "已办结。"))).code


async def test_a_leaders_matter_is_closed_after_the_leader_has_read_and_kept_silent(desk: Desk) -> None:
    case = await instructed(desk)
    assert await refused_to_close(desk, case) is RefusalCode.READING_REQUIRED
    reading = await desk.do("duban.wu", submit_for_reading, SubmitForReading(case.id))
    assert "READ_RESULT fuquzhang" in await desk.waiting(case.id)
    assert await refused_to_close(desk, case) is RefusalCode.READING_REQUIRED
    desk.at(6, 16)
    reading = await desk.do("fuquzhang", record_reading, RecordReading(reading.id, "阅。"))
    assert reading.read_on == date(2026, 6, 16)
    assert await desk.running(case.id) == {"READING LAPSE": date(2026, 6, 24)}  # five working days
    desk.at(6, 24, 23, 59)
    refusal = await desk.refused("duban.wu", propose_closing, ProposeClosing(case.id, "已办结。"))
    assert refusal.code is RefusalCode.READING_PENDING
    desk.at(6, 25, 0)
    assert (await proposed(desk, case)).status is CaseStatus.CLOSING


async def instruct(desk: Desk, case: Case, day: date, **changes: Any) -> Instruction:
    words = InstructionInput(desk.district.people["fuquzhang"], "再查一次。", day, Disclosure.FULL)
    return await desk.do("duban.wu", record_instruction, RecordInstruction(case.id, replace(words, **changes)))


async def test_new_words_ask_for_a_new_reading(desk: Desk) -> None:
    case = await instructed(desk)
    await read(desk, case)
    desk.at(6, 18)
    await instruct(desk, case, date(2026, 6, 18))
    desk.at(7, 10)
    assert await refused_to_close(desk, case) is RefusalCode.READING_REQUIRED
    await read(desk, case)
    desk.at(7, 20)
    case = await proposed(desk, case)
    assert case.status is CaseStatus.CLOSING
    await instruct(desk, case, date(2026, 7, 20))  # while it waits for its confirmation
    command = ConfirmClosing(case.id, case.version, Outcome.APPROVED)
    assert (await desk.refused("duban.zhu", confirm_closing, command)).code is RefusalCode.READING_REQUIRED
    returned = await confirmed(desk, case, Outcome.RETURNED, "领导又有批示。")
    assert returned.status is CaseStatus.DISPATCHED


async def test_who_instructs_a_matter_takes_part_in_it_until_it_is_over(desk: Desk) -> None:
    case = await desk.dispatched()
    other = desk.district.people["fuquzhang2"]
    await instruct(desk, case, date(2026, 6, 15), leader_id=other, disclosure=Disclosure.EXCERPT, excerpt="请速办。")
    (participant,) = await desk.rows(CaseParticipant, case_id=case.id, person_id=other)
    assert participant.leader
    words = InstructionInput(desk.district.people["duban.wu"], " ", date(2026, 6, 16), Disclosure.EXCERPT)
    refusal = await desk.refused("duban.wu", record_instruction, RecordInstruction(case.id, words))
    assert problems(refusal) == [
        (RefusalCode.BAD_ID, ("input", "leaderId")),
        (RefusalCode.BAD_DATE, ("input", "givenOn")),
        (RefusalCode.REQUIRED, ("input", "excerpt")),
        (RefusalCode.REQUIRED, ("input", "words")),
    ]
    over = await closed(desk)
    late = InstructionInput(other, "再查一次。", date(2026, 6, 15), Disclosure.FULL)
    refusal = await desk.refused("duban.wu", record_instruction, RecordInstruction(over.id, late))
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "CLOSED")


async def test_only_who_instructed_reads_and_only_once(desk: Desk) -> None:
    case = await instructed(desk)
    reading = await desk.do("duban.wu", submit_for_reading, SubmitForReading(case.id))
    again = await desk.refused("duban.wu", submit_for_reading, SubmitForReading(case.id))
    assert again.code is RefusalCode.ALREADY_DONE
    assert (await desk.refused("quzhang", record_reading, RecordReading(reading.id))).code is RefusalCode.NOT_ALLOWED
    await desk.do("fuquzhang", record_reading, RecordReading(reading.id))
    assert (await desk.refused("fuquzhang", record_reading, RecordReading(reading.id))).code is RefusalCode.ALREADY_DONE
    other = SubmitForReading(case.id, desk.district.people["quzhang"])
    assert problems(await desk.refused("duban.wu", submit_for_reading, other)) == [
        (RefusalCode.BAD_ID, ("input", "leader"))
    ]


async def test_what_is_not_laid_before_a_leader(desk: Desk) -> None:
    task = await desk.dispatched()
    assert problems(await desk.refused("duban.wu", submit_for_reading, SubmitForReading(task.id))) == [
        (RefusalCode.NOT_APPLICABLE, ("input", "case"))
    ]
    unfinished = await desk.dispatched(matter_type=MatterType.LEADER_INSTRUCTION)
    refusal = await desk.refused("duban.wu", submit_for_reading, SubmitForReading(unfinished.id))
    assert refusal.code is RefusalCode.STILL_OWED


async def test_a_closed_case_is_handled_again(desk: Desk) -> None:
    case = await closed(desk)
    desk.at(7, 1)
    case = await desk.do("duban.zhu", reopen_case, ReopenCase(case.id, "群众反映反弹。", date(2026, 7, 10)))
    assert (case.status, case.closed_at, case.due_on) == (CaseStatus.DISPATCHED, None, date(2026, 7, 10))
    part = await desk.part(case)
    assert (part.status, part.completed_at, part.completed_on_time) == (AssignmentStatus.ISSUED, None, None)
    assert (part.completion_due_on, part.original_completion_due_on) == (date(2026, 7, 10), date(2026, 6, 23))
    assert await desk.waiting(case.id) == {f"COMPLETION {CITY}"}
    assert await desk.running(case.id) == {"COMPLETION URGE": date(2026, 7, 10)}
    (first,) = await desk.rows(Closure, case_id=case.id)
    assert (first.nth, first.closed_at, first.reopened_at) == (1, shanghai(6, 15), shanghai(7, 1))
    await done(desk, case)
    await confirmed(desk, await proposed(desk, case))
    assert sorted([row.nth for row in await desk.rows(Closure, case_id=case.id)]) == [1, 2]


async def test_a_result_before_the_reopening_does_not_make_the_next_one_timely(desk: Desk) -> None:
    case = await closed(desk)
    assert (await desk.part(case)).completed_on_time is True
    desk.at(7, 1)
    case = await desk.do("duban.zhu", reopen_case, ReopenCase(case.id, "群众反映反弹。", date(2026, 7, 10)))
    desk.at(7, 13)
    await done(desk, case)
    assert (await desk.part(case)).completed_on_time is False
    await confirmed(desk, await proposed(desk, case))
    assert [row.on_time for row in sorted(await desk.rows(Closure, case_id=case.id), key=lambda row: row.nth)] == [
        True,
        False,
    ]


async def test_one_of_many_is_handled_again(desk: Desk) -> None:
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.SEPARATE)
    await done(desk, case)
    await done(desk, case, BUILDING, "zhujian")
    case = await confirmed(desk, await proposed(desk, case))
    chosen = ((await desk.part(case)).id,)
    await desk.do("duban.zhu", reopen_case, ReopenCase(case.id, "城管部分反弹。", date(2026, 7, 10), chosen))
    assert (await desk.part(case)).status is AssignmentStatus.ISSUED
    assert (await desk.part(case, BUILDING)).status is AssignmentStatus.COMPLETED


async def test_who_may_reopen_and_with_what(desk: Desk) -> None:
    case = await closed(desk)
    good = ReopenCase(case.id, "反弹。", date(2026, 7, 10))
    assert (await desk.refused("zhuren", reopen_case, good)).code is RefusalCode.NOT_ALLOWED  # confirmed by another
    bad = ReopenCase(case.id, " ", date(2026, 6, 14), (case.id,))
    assert problems(await desk.refused("duban.zhu", reopen_case, bad)) == [
        (RefusalCode.REQUIRED, ("input", "reason")),
        (RefusalCode.BAD_DATE, ("input", "completionDueOn")),
        (RefusalCode.BAD_ID, ("input", "assignments", 0)),
    ]
    none = ReopenCase(case.id, "反弹。", date(2026, 7, 10), ())
    assert problems(await desk.refused("duban.zhu", reopen_case, none)) == [
        (RefusalCode.REQUIRED, ("input", "assignments"))
    ]
    await desk.do("duban.zhu", reopen_case, good)
    refusal = await desk.refused("duban.zhu", reopen_case, good)
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "DISPATCHED")


async def test_nothing_is_reported_reviewed_or_returned_in_a_closed_case(desk: Desk) -> None:
    case = await desk.dispatched()
    waiting = await desk.submitted(case, slot_ids=())
    await done(desk, case)
    await confirmed(desk, await proposed(desk, case))
    refusal = await desk.refused("duban.wu", accept_report, AcceptReport(waiting.id, waiting.version))
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "CLOSED")
    command = ReturnReport(waiting.id, waiting.version, (ReturnGround.UNCLEAR,), Remedy.REDO, "不清楚。")
    refusal = await desk.refused("duban.wu", return_report, command)
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "CLOSED")
