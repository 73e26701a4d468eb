"""延期: asked for before the date by the unit's leader, decided by who decided the date, within the superior's."""

from datetime import date
from typing import Any

import pytest

from app.acts.models import Decision
from app.acts.rules import DecisionKind, Outcome
from app.cases.models import Case
from app.core.refusals import RefusalCode
from app.deadlines.models import Deadline
from app.deadlines.rules import DateSource, DeadlineState, Stage, SubjectKind
from app.escalation.models import ExtensionRequest, Urging
from app.escalation.rules import DueClock, ExtensionStatus
from app.escalation.service import DecideExtension, RequestExtension, decide_extension, request_extension
from app.todos.models import Todo
from app.todos.rules import TodoAction
from tests.escalation.works import Works, on_sqlite
from tests.reports.desk import problems, shanghai

pytestmark = on_sqlite
DUE, LATER = date(2026, 6, 23), date(2026, 6, 30)


async def asked(desk: Works, case: Case, **given: Any) -> ExtensionRequest:
    """The head of the city's department asks for another completion date."""
    return await desk.do("chengguan.head", request_extension, await wish(desk, case, **given))


async def wish(desk: Works, case: Case, **given: Any) -> RequestExtension:
    usual: dict[str, Any] = {"requested_due_on": LATER, "reason": "需多部门会商。", "progress": "已完成摸底。"}
    return RequestExtension(assignment_id=(await desk.part(case)).id, **(usual | given))


async def decided(
    desk: Works, request: ExtensionRequest, outcome: Outcome = Outcome.APPROVED, **given: Any
) -> ExtensionRequest:
    command = DecideExtension(request.id, request.version, outcome, **given)
    return await desk.do("fuquzhang", decide_extension, command)


async def test_asking(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 22, 15)
    request = await asked(desk, case)
    assert (request.clock, request.status) == (DueClock.COMPLETION, ExtensionStatus.REQUESTED)
    assert (request.current_due_on, request.requested_due_on) == (DUE, LATER)
    assert await desk.text(request.reason_id) == "需多部门会商。"
    assert await desk.text(request.progress_id) == "已完成摸底。"
    assert "DECIDE_EXTENSION fuquzhang" in await desk.waiting(case.id)
    assert (await desk.running(case.id))["EXTENSION NOTICE"] == date(2026, 6, 23)
    await desk.tick()
    assert await desk.told("extension.requested") == {"fuquzhang": 1}


async def test_granted_the_date_moves_and_the_first_one_stays_on_record(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 22, 15)
    request = await decided(desk, await asked(desk, case))
    part, slot = await desk.part(case), await desk.slot(case)
    assert (request.status, request.granted_due_on) == (ExtensionStatus.GRANTED, LATER)
    assert (part.completion_due_on, part.original_completion_due_on) == (LATER, DUE)
    assert (slot.due_on, slot.original_due_on) == (LATER, DUE)  # it was one printed date
    assert (await desk.row(Case, case.id)).due_on == LATER
    pending = await desk.rows(Deadline, case_id=case.id, state=DeadlineState.PENDING, stage=Stage.URGE)
    assert {(row.subject_kind, row.generation, row.due_on, row.source) for row in pending} == {
        (kind, 2, LATER, DateSource.LEADER) for kind in (SubjectKind.SLOT, SubjectKind.COMPLETION)
    }
    todos = await desk.rows(Todo, case_id=case.id, closed_at=None)
    assert {todo.due_on for todo in todos if todo.action in {TodoAction.REPORT, TodoAction.COMPLETION}} == {LATER}
    decision = await desk.row(Decision, request.decision_id or request.id)
    assert (decision.kind, decision.outcome) == (DecisionKind.EXTENSION, Outcome.APPROVED)
    assert await desk.history(case) == ["extension.requested", "extension.decided"]
    await desk.on(6, 24)
    assert await desk.count(Urging) == 0
    await desk.on(7, 1)
    urging = await desk.urging(case)
    assert (urging.key, urging.for_due_on) == (f"urge:REPORT:{slot.id}:2:URGE", LATER)


async def test_a_report_date_alone(desk: Works) -> None:
    case = await desk.dispatched(completion_due_on=LATER)
    slot_id = (await desk.slot(case)).id
    request = await decided(desk, await asked(desk, case, slot_id=slot_id, requested_due_on=date(2026, 6, 26)))
    assert (await desk.slot(case)).due_on == date(2026, 6, 26)
    assert (await desk.part(case)).completion_due_on == LATER
    assert request.clock is DueClock.REPORT


async def test_the_leader_may_grant_another_date(desk: Works) -> None:
    case = await desk.dispatched()
    request = await asked(desk, case)
    request = await decided(desk, request, Outcome.APPROVED_WITH_CHANGES, granted_due_on=date(2026, 6, 26))
    assert (request.granted_due_on, request.requested_due_on) == (date(2026, 6, 26), LATER)
    assert (await desk.part(case)).completion_due_on == date(2026, 6, 26)


async def test_declined_nothing_moves(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 22)
    request = await decided(desk, await asked(desk, case), Outcome.DECLINED, comment="请按时办结。")
    assert (request.status, request.granted_due_on) == (ExtensionStatus.DECLINED, None)
    assert (await desk.part(case)).completion_due_on == DUE
    await desk.on(6, 24)
    assert await desk.count(Urging) == 1


async def test_while_it_waits_the_urging_rests(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 23, 17)
    request = await asked(desk, case)
    await desk.on(6, 24)
    assert (await desk.urging(case)).clock is DueClock.REPORT  # only the completion date was asked for
    await decided(desk, request)
    await desk.tick()
    assert (await desk.urging(case)).withdrawn_at == shanghai(6, 24)  # it was the same printed date
    assert (await desk.part(case)).completion_due_on == LATER


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"requested_due_on": DUE}, [(RefusalCode.BAD_DATE, "requestedDueOn")]),
        ({"requested_due_on": date(2026, 6, 1)}, [(RefusalCode.BAD_DATE, "requestedDueOn")]),
        ({"reason": "", "progress": " "}, [(RefusalCode.REQUIRED, "reason"), (RefusalCode.REQUIRED, "progress")]),
    ],
)
async def test_what_a_request_must_be(desk: Works, given: dict[str, Any], found: list[tuple[RefusalCode, str]]) -> None:
    case = await desk.dispatched()
    refusal = await desk.refused("chengguan.head", request_extension, await wish(desk, case, **given))
    assert problems(refusal) == [(code, ("input", name)) for code, name in found]


async def test_a_report_is_not_due_after_the_completion(desk: Works) -> None:
    case = await desk.dispatched()
    command = await wish(desk, case, slot_id=(await desk.slot(case)).id)
    refusal = await desk.refused("chengguan.head", request_extension, command)
    assert problems(refusal) == [(RefusalCode.BAD_DATE, ("input", "requestedDueOn"))]


async def test_never_beyond_the_superiors_date(desk: Works) -> None:
    case = await desk.dispatched(superior_due_on=date(2026, 7, 1))  # inner dates end two working days before
    refusal = await desk.refused("chengguan.head", request_extension, await wish(desk, case))
    assert problems(refusal) == [(RefusalCode.BAD_DATE, ("input", "requestedDueOn"))]
    request = await asked(desk, case, requested_due_on=date(2026, 6, 29))
    command = DecideExtension(request.id, 1, Outcome.APPROVED_WITH_CHANGES, granted_due_on=LATER)
    refusal = await desk.refused("fuquzhang", decide_extension, command)
    assert problems(refusal) == [(RefusalCode.BAD_DATE, ("input", "grantedDueOn"))]


async def test_after_the_date_it_can_only_be_explained(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 24, 0)
    refusal = await desk.refused("chengguan.head", request_extension, await wish(desk, case))
    assert refusal.code is RefusalCode.TOO_LATE_TO_EXTEND


async def test_one_request_at_a_time(desk: Works) -> None:
    case = await desk.dispatched()
    await asked(desk, case)
    refusal = await desk.refused("chengguan.head", request_extension, await wish(desk, case))
    assert refusal.code is RefusalCode.ALREADY_DONE


@pytest.mark.parametrize(
    ("login", "code"),
    [
        ("chengguan.handler", RefusalCode.NOT_ALLOWED),  # 单位领导同意: not the handler alone
        ("duban.wu", RefusalCode.NOT_ALLOWED),
        ("zhujian.head", RefusalCode.NOT_FOUND),
    ],
)
async def test_the_units_leader_asks(desk: Works, login: str, code: RefusalCode) -> None:
    case = await desk.dispatched()
    assert (await desk.refused(login, request_extension, await wish(desk, case))).code is code


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"outcome": Outcome.DECLINED}, [(RefusalCode.REQUIRED, "comment")]),
        ({"outcome": Outcome.NOTED}, [(RefusalCode.NOT_APPLICABLE, "outcome")]),
        ({"outcome": Outcome.RETURNED}, [(RefusalCode.NOT_APPLICABLE, "outcome")]),
        ({"outcome": Outcome.APPROVED, "granted_due_on": LATER}, [(RefusalCode.NOT_APPLICABLE, "grantedDueOn")]),
        ({"outcome": Outcome.APPROVED_WITH_CHANGES}, [(RefusalCode.REQUIRED, "grantedDueOn")]),
    ],
)
async def test_what_a_decision_must_be(
    desk: Works, given: dict[str, Any], found: list[tuple[RefusalCode, str]]
) -> None:
    case = await desk.dispatched()
    request = await asked(desk, case)
    refusal = await desk.refused("fuquzhang", decide_extension, DecideExtension(request.id, 1, **given))
    assert problems(refusal) == [(code, ("input", name)) for code, name in found]


async def test_who_decided_the_date_decides_once(desk: Works) -> None:
    case = await desk.dispatched()
    request = await asked(desk, case)
    command = DecideExtension(request.id, 1, Outcome.APPROVED)
    for login, code in (
        ("duban.zhu", RefusalCode.NOT_ALLOWED),
        ("chengguan.head", RefusalCode.NOT_ALLOWED),
        ("fuquzhang2", RefusalCode.NOT_FOUND),
    ):
        assert (await desk.refused(login, decide_extension, command)).code is code
    await decided(desk, request)
    again = DecideExtension(request.id, 2, Outcome.APPROVED)
    assert (await desk.refused("fuquzhang", decide_extension, again)).code is RefusalCode.ALREADY_DONE
    assert (await desk.refused("fuquzhang", decide_extension, command)).code is RefusalCode.VERSION_CONFLICT


async def test_what_was_reported_meanwhile_is_not_extended(desk: Works) -> None:
    case = await desk.dispatched(completion_due_on=LATER)
    request = await asked(desk, case, slot_id=(await desk.slot(case)).id, requested_due_on=date(2026, 6, 26))
    await desk.submitted(case)
    refusal = await desk.refused("fuquzhang", decide_extension, DecideExtension(request.id, 1, Outcome.APPROVED))
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "MET")
