"""说明情况: filed before or after the date, by the unit or told by phone; what the office answers, and what follows."""

from datetime import date
from typing import Any

import pytest

from app.assignments.models import FollowUp
from app.assignments.rules import FollowUpChannel
from app.assignments.service import RecordFollowUp
from app.cases.models import Case
from app.cases.rules import Handling
from app.core.refusals import RefusalCode
from app.deadlines.models import Deadline
from app.deadlines.rules import DeadlineState, SubjectKind
from app.escalation.models import Explanation, ExtensionRequest, Urging
from app.escalation.rules import DueClock, ExplanationAnswer, ExtensionStatus, UrgingKind
from app.escalation.service import (
    AnswerExplanation,
    ExplainDelay,
    RecordExplanation,
    answer_explanation,
    explain_delay,
    record_explanation,
)
from app.talks.models import FormalTalk
from tests.escalation.works import Works, on_sqlite
from tests.reports.desk import BUILDING, CITY, problems, shanghai

pytestmark = on_sqlite
DUE = date(2026, 6, 23)


async def explained(desk: Works, case: Case, **given: Any) -> Explanation:
    """The handler of the city's department files one for the report date."""
    usual: dict[str, Any] = {"assignment_id": (await desk.part(case)).id, "slot_id": (await desk.slot(case)).id}
    command = ExplainDelay(text="正在核查。", **(usual | given))
    return await desk.do("chengguan.handler", explain_delay, command)


def answer(explanation: Explanation, answer: ExplanationAnswer, **given: Any) -> AnswerExplanation:
    return AnswerExplanation(explanation.id, explanation.version, answer, **given)


async def test_filing_one(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 23, 17)
    explanation = await explained(desk, case, blocking_unit_id=desk.district.units[BUILDING])
    part = await desk.part(case)
    assert (explanation.clock, explanation.for_due_on, explanation.assignment_id) == (DueClock.REPORT, DUE, part.id)
    assert (explanation.filed_by, explanation.filed_at) == (
        desk.district.people["chengguan.handler"],
        shanghai(6, 23, 17),
    )
    assert explanation.blocking_unit_id == desk.district.units[BUILDING]
    assert await desk.text(explanation.text_id) == "正在核查。"
    assert "ANSWER_EXPLANATION supervision_officer" in await desk.waiting(case.id)
    assert (await desk.running(case.id))["EXPLANATION NOTICE"] == date(2026, 6, 24)
    assert await desk.history(case) == ["explanation.filed"]
    assert (await desk.slot(case)).due_on == DUE  # it never moves a date


async def test_it_rests_the_urging_until_it_is_answered(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 23, 17)
    await explained(desk, case)
    await desk.on(6, 24)
    assert await desk.count(Urging) == 0
    assert await desk.next_look(case) == shanghai(6, 25, 8, 30)
    assert (await desk.part(case)).red_from == shanghai(6, 24, 0)  # the light does not rest


async def test_it_rests_both_clocks_of_that_date(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 23, 17)
    await explained(desk, case, slot_id=None)
    await desk.on(6, 24)
    assert await desk.count(Urging) == 0


async def test_unanswered_for_a_day_it_goes_to_the_leader_of_the_office(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 22, 17)
    explanation = await explained(desk, case)
    await desk.on(6, 24)
    assert "ANSWER_EXPLANATION office_leader" in await desk.waiting(case.id)
    assert "ANSWER_EXPLANATION supervision_officer" not in await desk.waiting(case.id)
    assert await desk.told("explanation.handed_on") == {"zhuren": 1}
    await desk.tick()
    noted = answer(explanation, ExplanationAnswer.NOTED, check_on=date(2026, 6, 25))
    await desk.do("duban.wu", answer_explanation, noted)
    assert not any(todo.startswith("ANSWER_EXPLANATION") for todo in await desk.waiting(case.id))


async def test_noted_it_rests_until_the_day_of_the_check(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 23, 17)
    explanation = await explained(desk, case)
    done = await desk.do(
        "duban.wu", answer_explanation, answer(explanation, ExplanationAnswer.NOTED, check_on=date(2026, 6, 26))
    )
    assert (done.answer, done.check_on, done.version) == (ExplanationAnswer.NOTED, date(2026, 6, 26), 2)
    (deadline,) = await desk.rows(Deadline, subject_kind=SubjectKind.EXPLANATION)
    assert deadline.state is DeadlineState.CANCELLED
    for day in (24, 25):
        await desk.on(6, day)
    assert await desk.count(Urging) == 0
    assert await desk.next_look(case) == shanghai(6, 26, 8, 30)
    await desk.on(6, 26)
    assert (await desk.urging(case)).issued_at == shanghai(6, 26)


async def test_insufficient_it_is_urged_for_by_hand(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 24, 8)
    explanation = await explained(desk, case)
    desk.at(6, 24, 10)
    await desk.do(
        "duban.wu", answer_explanation, answer(explanation, ExplanationAnswer.INSUFFICIENT, reason="未说明原因。")
    )
    await desk.tick()
    urging = await desk.urging(case)
    assert (urging.kind, urging.issued_by) == (UrgingKind.MANUAL, desk.district.people["duban.wu"])
    assert await desk.text(urging.reason_id) == "未说明原因。"
    assert urging.delivered_at == shanghai(6, 24, 10)
    assert (None, "未说明原因。") in (await desk.printed(urging.document_id))[2]
    await desk.on(6, 25)
    assert (await desk.count(Urging), await desk.count(FormalTalk)) == (1, 1)


async def test_insufficient_before_the_date_leaves_it_to_the_date(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 22, 10)
    explanation = await explained(desk, case)
    await desk.do(
        "duban.wu", answer_explanation, answer(explanation, ExplanationAnswer.INSUFFICIENT, reason="未说明原因。")
    )
    assert await desk.count(Urging) == 0
    await desk.on(6, 24)
    assert (await desk.urging(case)).kind is UrgingKind.AUTOMATIC


async def test_turned_into_a_request_it_waits_for_the_leader(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 24, 8)
    explanation = await explained(desk, case, slot_id=None)
    convert = answer(explanation, ExplanationAnswer.CONVERT, requested_due_on=date(2026, 6, 30))
    await desk.do("duban.wu", answer_explanation, convert)
    (request,) = await desk.rows(ExtensionRequest)
    assert (request.status, request.clock) == (ExtensionStatus.REQUESTED, DueClock.COMPLETION)
    assert (request.current_due_on, request.requested_due_on) == (DUE, date(2026, 6, 30))
    assert request.requested_by == desk.district.people["chengguan.handler"]
    assert "DECIDE_EXTENSION fuquzhang" in await desk.waiting(case.id)


async def test_after_the_urging_it_stops_nothing_unless_it_is_noted(desk: Works) -> None:
    case = await desk.dispatched()
    await desk.on(6, 24)
    explanation = await explained(desk, case)
    noted = answer(explanation, ExplanationAnswer.NOTED, check_on=date(2026, 6, 26))
    await desk.do("duban.wu", answer_explanation, noted)
    await desk.on(6, 25)
    assert await desk.count(FormalTalk) == 0
    await desk.on(6, 26)
    assert await desk.count(FormalTalk) == 1


async def test_unanswered_after_the_urging_it_stops_nothing(desk: Works) -> None:
    case = await desk.dispatched()
    await desk.on(6, 24)
    await explained(desk, case)
    await desk.on(6, 25)
    assert await desk.count(FormalTalk) == 1


async def test_told_by_phone_it_counts_from_the_call(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 24, 8)
    called = RecordFollowUp(
        (await desk.part(case)).id,
        FollowUpChannel.PHONE,
        "已与街道对接，明日上报。",
        person_reached="杜鹃",
        promised_on=date(2026, 6, 25),
        occurred_at=shanghai(6, 23, 17),
    )
    command = RecordExplanation(called, (await desk.slot(case)).id)
    explanation = await desk.do("duban.wu", record_explanation, command)
    follow_up = await desk.row(FollowUp, explanation.follow_up_id or explanation.id)
    assert (follow_up.explains, follow_up.words_id) == (True, explanation.text_id)
    assert (explanation.filed_at, explanation.filed_by) == (shanghai(6, 23, 17), None)
    assert await desk.history(case) == ["assignment.followed_up", "explanation.filed"]
    await desk.on(6, 24)
    assert await desk.count(Urging) == 0


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"text": " "}, RefusalCode.REQUIRED, "text"),
        ({"text": "长" * 2001}, RefusalCode.TOO_LONG, "text"),
        ({"blocking": CITY}, RefusalCode.BAD_ID, "blockingUnit"),
        ({"blocking": "nobody"}, RefusalCode.BAD_ID, "blockingUnit"),
    ],
)
async def test_what_an_explanation_must_be(desk: Works, given: dict[str, str], code: RefusalCode, path: str) -> None:
    case = await desk.dispatched()
    part = await desk.part(case)
    blocking = given.pop("blocking", None)
    unit_id = desk.district.units.get(blocking, case.id) if blocking else None
    command = ExplainDelay(part.id, given.get("text", "正在核查。"), blocking_unit_id=unit_id)
    refusal = await desk.refused("chengguan.handler", explain_delay, command)
    assert problems(refusal) == [(code, ("input", path))]


async def test_a_slot_of_somebody_else(desk: Works) -> None:
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.SEPARATE)
    command = ExplainDelay((await desk.part(case)).id, "正在核查。", (await desk.slot(case, BUILDING)).id)
    refusal = await desk.refused("duban.wu", explain_delay, command)
    assert problems(refusal) == [(RefusalCode.BAD_ID, ("input", "slot"))]


async def test_one_at_a_time(desk: Works) -> None:
    case = await desk.dispatched()
    await explained(desk, case)
    command = ExplainDelay((await desk.part(case)).id, "再说明一次。")
    refusal = await desk.refused("chengguan.handler", explain_delay, command)
    assert refusal.code is RefusalCode.ALREADY_DONE


async def test_what_is_not_owed_needs_no_explanation(desk: Works) -> None:
    case = await desk.dispatched()
    await desk.submitted(case)
    command = ExplainDelay((await desk.part(case)).id, "正在核查。", (await desk.slot(case)).id)
    refusal = await desk.refused("chengguan.handler", explain_delay, command)
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "MET")


@pytest.mark.parametrize(
    ("login", "code"), [("zhujian.handler", RefusalCode.NOT_FOUND), ("duban.wu", RefusalCode.NOT_ALLOWED)]
)
async def test_only_the_unit_explains_itself(desk: Works, login: str, code: RefusalCode) -> None:
    case = await desk.dispatched()
    command = ExplainDelay((await desk.part(case)).id, "正在核查。", (await desk.slot(case)).id)
    assert (await desk.refused(login, explain_delay, command)).code is code


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"answer": ExplanationAnswer.NOTED}, [(RefusalCode.REQUIRED, "checkOn")]),
        ({"answer": ExplanationAnswer.CONVERT}, [(RefusalCode.REQUIRED, "requestedDueOn")]),
        ({"answer": ExplanationAnswer.INSUFFICIENT}, [(RefusalCode.REQUIRED, "reason")]),
        (
            {"answer": ExplanationAnswer.INSUFFICIENT, "reason": "无", "check_on": date(2026, 6, 24)},
            [(RefusalCode.NOT_APPLICABLE, "checkOn")],
        ),
        (
            {"answer": ExplanationAnswer.NOTED, "check_on": date(2026, 6, 15), "reason": "无"},
            [(RefusalCode.NOT_APPLICABLE, "reason"), (RefusalCode.OUT_OF_RANGE, "checkOn")],
        ),
        (
            # three working days from Monday end on Thursday
            {"answer": ExplanationAnswer.NOTED, "check_on": date(2026, 6, 19)},
            [(RefusalCode.OUT_OF_RANGE, "checkOn")],
        ),
    ],
)
async def test_what_an_answer_must_be(desk: Works, given: dict[str, Any], found: list[tuple[RefusalCode, str]]) -> None:
    case = await desk.dispatched()
    explanation = await explained(desk, case)
    refusal = await desk.refused("duban.wu", answer_explanation, answer(explanation, **given))
    assert problems(refusal) == [(code, ("input", name)) for code, name in found]


async def test_an_answer_is_given_once_by_the_office(desk: Works) -> None:
    case = await desk.dispatched()
    explanation = await explained(desk, case)
    noted = answer(explanation, ExplanationAnswer.NOTED, check_on=date(2026, 6, 16))
    assert (await desk.refused("chengguan.head", answer_explanation, noted)).code is RefusalCode.NOT_ALLOWED
    await desk.do("duban.wu", answer_explanation, noted)
    assert (await desk.refused("duban.wu", answer_explanation, noted)).code is RefusalCode.VERSION_CONFLICT
    again = AnswerExplanation(explanation.id, 2, ExplanationAnswer.INSUFFICIENT, reason="另有情况。")
    assert (await desk.refused("duban.wu", answer_explanation, again)).code is RefusalCode.ALREADY_DONE
