"""A unit stays silent: 催办 on the day after, its whole day, then the drafts of 约谈, 督查结论 and 通报."""

from datetime import date
from typing import Any

from app.cases.models import Case
from app.cases.rules import Handling, MatterType
from app.circulars.models import Circular
from app.circulars.rules import CircularKind, CircularScope, CircularStatus
from app.deadlines.models import Deadline
from app.deadlines.rules import DeadlineState, Stage, SubjectKind
from app.documents.models import DocumentRecipient
from app.escalation.models import Urging
from app.escalation.rules import DueClock, UrgingKind
from app.inspections.models import InspectionConclusion
from app.inspections.rules import ConclusionStatus
from app.talks.models import FormalTalk
from app.talks.rules import TalkStatus
from app.todos.models import Todo
from app.todos.rules import TodoAction
from tests.escalation.works import Works, from_scratch, on_sqlite
from tests.reports.desk import BUILDING, CITY, ENVIRONMENT, shanghai

DUE = date(2026, 6, 23)  # five working days from Monday, 15 June; 19 to 21 June are 端午
TAX, HEATING = "区税务局", "临江供热有限公司"


async def silent(desk: Works, unit: str = CITY, **how: Any) -> Case:
    """Dispatched and told, two days later late, and urged on Wednesday, 24 June."""
    case = await desk.dispatched(unit, **how)
    await desk.tick()
    await desk.on(6, 24)
    return case


async def test_nothing_happens_while_the_date_lasts(desk: Works) -> None:
    case = await desk.dispatched()
    await desk.tick()
    assert (await desk.slot(case)).due_on == DUE
    for day in (16, 18, 22, 23):
        await desk.on(6, day, 11)
    await desk.on(6, 23, 23, 59)
    assert await desk.count(Urging) == 0
    assert await desk.next_look(case) == shanghai(6, 24, 8, 30)


@from_scratch
async def test_the_urging_of_the_day_after(desk: Works) -> None:
    case = await silent(desk)
    urging, part, slot = await desk.urging(case), await desk.part(case), await desk.slot(case)
    assert urging.key == f"urge:REPORT:{slot.id}:1:URGE"
    assert (urging.assignment_id, urging.slot_id, urging.unit_id) == (part.id, slot.id, part.unit_id)
    assert (urging.clock, urging.kind, urging.for_due_on) == (DueClock.REPORT, UrgingKind.AUTOMATIC, DUE)
    assert (urging.issued_at, urging.delivered_at) == (shanghai(6, 24), shanghai(6, 24))
    assert urging.respond_by == shanghai(6, 25, 0)
    assert (urging.issued_by, urging.answered_at, urging.withdrawn_at) == (None, None, None)
    assert await desk.history(case) == ["deadline.passed", "urging.issued", "urging.delivered"]
    assert await desk.running(case.id) == {"URGE_RESPONSE TALK": date(2026, 6, 24)}
    assert await desk.next_look(case) == shanghai(6, 25, 8, 30)
    assert await desk.waiting(case.id) == {
        f"{action} {CITY}" for action in ("ACKNOWLEDGE", "REPORT", "COMPLETION", "RESPOND_TO_URGING")
    }
    assert await desk.told("urging.delivered") == {"chengguan.head": 1, "chengguan.handler": 1}
    assert await desk.unsent() == {}
    assert await desk.broken_chains() == []


@from_scratch
async def test_the_notice_names_the_date_and_the_day(desk: Works) -> None:
    case = await silent(desk)
    urging = await desk.urging(case)
    assert await desk.printed(urging.document_id) == (
        "道督催〔2026〕1号",
        "ISSUED",
        [
            ("督办编号", "道督〔2026〕1号"),
            ("被催办单位", CITY),
            ("督办通知", "道政督〔2026〕1号"),
            ("上报时限", "2026年6月23日"),
            (None, "上述时限已过，尚未收到报告。请于2026年6月24日当日上报办理情况。"),
        ],
    )
    (recipient,) = await desk.rows(DocumentRecipient, document_id=urging.document_id)
    assert (recipient.printed_name, recipient.delivered_at) == (CITY, shanghai(6, 24))


@from_scratch
async def test_the_drafts_of_the_day_after_that(desk: Works) -> None:
    case = await silent(desk)
    await desk.on(6, 24, 23, 59)
    assert await desk.count(FormalTalk) == 0
    await desk.on(6, 25, 8, 30)
    urging = await desk.urging(case)
    talk, conclusion, circular = await desk.drafts()
    assert (talk.urging_id, talk.status, talk.unit_id) == (urging.id, TalkStatus.DRAFT, urging.unit_id)
    assert await desk.text(talk.ground_id) == "经催办仍未按要求报告，请有关负责人说明情况。"
    assert (conclusion.urging_id, conclusion.status) == (urging.id, ConclusionStatus.DRAFT)
    assert (circular.talk_id, circular.conclusion_id) == (talk.id, conclusion.id)
    assert (circular.kind, circular.scope) == (CircularKind.AFTER_TALK, CircularScope.DISTRICT)
    assert (circular.status, circular.drafted_by) == (CircularStatus.DRAFT, None)
    assert await desk.text(circular.title_id) == "关于区城市管理局办理通江街占道经营整治情况的通报"
    assert await desk.history(case, "urging.delivered") == ["urging.unanswered", "talk.drafted"]
    assert {"ISSUE_TALK_NOTICE supervision_head", "ISSUE_CONCLUSION district_head"} < await desk.waiting(case.id)
    assert await desk.running(case.id) == {"TALK NOTICE": date(2026, 6, 26)}
    assert await desk.told("talk.drafted") == {"duban.zhu": 1, "quzhang": 1}
    assert await desk.broken_chains() == []


@from_scratch
@on_sqlite
async def test_the_conclusion_states_what_the_ledger_knows(desk: Works) -> None:
    await silent(desk)
    await desk.on(6, 25, 8, 30)
    (conclusion,) = await desk.rows(InspectionConclusion)
    assert await desk.blocks(conclusion.facts_id) == [
        ("事项", "通江街占道经营整治"),
        ("承办单位", CITY),
        ("督办通知", "道政督〔2026〕1号，2026年6月15日09：00送达"),
        ("上报时限", "2026年6月23日"),
        ("催办通知", "道督催〔2026〕1号，2026年6月24日09：00送达"),
        ("催办要求", "2026年6月24日当日上报办理情况"),
        ("说明情况", "无"),
        ("上报情况", "截至2026年6月25日08：30，未按要求上报"),
    ]
    (circular,) = await desk.rows(Circular)
    first, *rest = await desk.blocks(circular.body_id)
    assert first == (None, "区城市管理局经催办仍未按要求报告，现予通报。")
    assert rest == await desk.blocks(conclusion.facts_id)


@from_scratch
async def test_nothing_more_comes_by_itself(desk: Works) -> None:
    case = await silent(desk)
    for day in (25, 26, 29, 30):
        await desk.on(6, day)
    assert [await desk.count(one) for one in (Urging, FormalTalk, InspectionConclusion, Circular)] == [1, 1, 1, 1]
    assert await desk.history(case, "talk.drafted") == ["deadline.passed"]
    assert await desk.told("deadline.passed") == {
        "chengguan.head": 1,
        "chengguan.handler": 1,
        "duban.wu": 1,
        "duban.zheng": 1,
        "duban.zhu": 1,
        "zhuren": 1,
    }


@from_scratch
async def test_both_clocks_on_one_date_are_one_urging(desk: Works) -> None:
    case = await silent(desk)
    fired = await desk.rows(Deadline, case_id=case.id, stage=Stage.URGE)
    assert {(row.subject_kind, row.state) for row in fired} == {
        (SubjectKind.SLOT, DeadlineState.FIRED),
        (SubjectKind.COMPLETION, DeadlineState.FIRED),
    }
    assert await desk.count(Urging) == 1


async def test_the_completion_date_is_urged_for_by_itself(desk: Works) -> None:
    case = await desk.dispatched(completion_due_on=date(2026, 6, 26))
    await desk.on(6, 24)
    await desk.on(6, 29)
    first, second = await desk.urgings(case)
    assert (first.clock, first.for_due_on) == (DueClock.REPORT, DUE)
    assert (second.clock, second.for_due_on, second.slot_id) == (DueClock.COMPLETION, date(2026, 6, 26), None)
    assert second.key == f"urge:COMPLETION:{(await desk.part(case)).id}:1:URGE"
    assert ("办结时限", "2026年6月26日") in (await desk.printed(second.document_id))[2]


@from_scratch
async def test_every_principal_is_urged_by_itself(desk: Works) -> None:
    units = (CITY, BUILDING, ENVIRONMENT, "区教育局", "区财政局")
    case = await desk.dispatched(*units, handling=Handling.SEPARATE)
    await desk.on(6, 24)
    urgings = {unit: await desk.urging(case, unit) for unit in units}
    assert len({urging.document_id for urging in urgings.values()}) == 5
    numbers = {(await desk.printed(urging.document_id))[0] for urging in urgings.values()}
    assert numbers == {f"道督催〔2026〕{number}号" for number in range(1, 6)}
    await desk.on(6, 25)
    assert await desk.count(FormalTalk) == 5
    assert await desk.broken_chains() == []


@from_scratch
async def test_who_supports_is_not_urged_but_the_lead_hears_of_it(desk: Works) -> None:
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.JOINT)
    await desk.on(6, 23)  # contributions were due a working day before the lead's date
    assert await desk.told("deadline.passed") == {
        "duban.wu": 2,  # two units have not acknowledged
        "duban.zheng": 2,
        "chengguan.head": 2,
        "chengguan.handler": 2,
        "zhujian.head": 2,
        "zhujian.handler": 2,
    }
    await desk.on(6, 24)
    await desk.on(6, 25)
    assert (len(await desk.urgings(case)), len(await desk.urgings(case, BUILDING))) == (1, 0)


@from_scratch
@on_sqlite
async def test_of_units_that_are_not_the_districts_the_leader_hears(desk: Works) -> None:
    for unit in (TAX, HEATING):
        await desk.dispatched(unit)
    await desk.tick()
    await desk.on(6, 24)
    await desk.on(6, 25)
    assert [await desk.count(one) for one in (Urging, FormalTalk, Circular)] == [2, 0, 0]
    told = await desk.told("deadline.passed")
    assert (told["fuquzhang"], told["duban.zhu"]) == (2, 2)


@from_scratch
@on_sqlite
async def test_under_procedure_b_a_person_decides_on_the_talk(desk: Works) -> None:
    case = await silent(desk, matter_type=MatterType.MEETING_DECISION)
    await desk.on(6, 25)
    assert await desk.history(case, "urging.delivered") == ["deadline.passed"]
    assert await desk.count(FormalTalk) == 0
    assert (await desk.told("deadline.passed"))["duban.zhu"] == 1


@from_scratch
@on_sqlite
async def test_what_was_drafted_has_its_todos_by_the_next_working_day(desk: Works) -> None:
    await silent(desk)
    await desk.on(6, 25)
    for action in (TodoAction.ISSUE_TALK_NOTICE, TodoAction.ISSUE_CONCLUSION):
        (todo,) = await desk.rows(Todo, action=action)
        assert (todo.due_on, todo.closed_at) == (date(2026, 6, 26), None)
