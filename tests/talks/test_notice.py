"""发出约谈通知, 改期 (第七条(三)): who may, for which units, on which day; what the unit gets."""

from dataclasses import replace
from datetime import date

import pytest

from app.acts.models import Decision
from app.acts.rules import DecisionKind, Outcome
from app.cases.models import Case
from app.core.ids import new_id
from app.core.refusals import RefusalCode
from app.documents.models import Document
from app.talks.models import FormalTalk
from app.talks.rules import TalkStatus
from app.talks.service import PostponeTalk, issue_talk_notice, postpone_talk
from app.todos.models import Todo
from tests.reports.desk import CITY, ENVIRONMENT, Desk, shanghai
from tests.talks.ladder import TALK_AT, drafted, events, issued, notice, printed, problems_of, text

OPEN_TODOS = {
    f"ACKNOWLEDGE {CITY}",
    f"REPORT {CITY}",
    f"COMPLETION {CITY}",
    "ISSUE_CONCLUSION district_head",
}


async def test_the_notice_goes_to_the_unit_with_its_number_and_the_date_stands_in_the_ledger(desk: Desk) -> None:
    ladder = await drafted(desk)
    before = (await desk.row(Case, ladder.case.id)).record_seq
    talk = await desk.do("duban.zhu", issue_talk_notice, notice(desk, ladder))
    assert (talk.status, talk.scheduled_at, talk.place, talk.version) == (
        TalkStatus.ISSUED,
        TALK_AT,
        "区政府二楼会议室",
        2,
    )
    people = desk.district.people
    assert (talk.issued_by, talk.holder_id, talk.second_officer_id) == (
        people["duban.zhu"],
        people["duban.zhu"],
        people["duban.wu"],
    )
    document = await printed(desk, talk.document_id)
    assert (document.number, document.status, document.signer) == ("道督约〔2026〕1号", "ISSUED", "周正")
    assert (document.title, document.recipients) == ("关于通江街占道经营整治的约谈通知", [CITY])
    assert document.blocks == [
        ("督办编号", "道督〔2026〕1号"),
        ("被约谈单位", CITY),
        (None, "经催办仍不按要求报告。"),
        ("约谈时间", "2026年6月29日14：30"),
        ("约谈地点", "区政府二楼会议室"),
        ("约谈人", "周正"),
        (None, "请有关负责人按时到场，说明情况。"),
    ]
    assert await desk.waiting(ladder.case.id) == OPEN_TODOS | {"HOLD_TALK duban.zhu"}
    assert (await desk.running(ladder.case.id))["TALK NOTICE"] == date(2026, 6, 29)
    (todo,) = await desk.rows(Todo, subject_id=talk.id, closed_at=None)
    assert (todo.due_on, todo.due_at) == (date(2026, 6, 29), TALK_AT)
    (decision,) = await desk.rows(Decision, subject_id=talk.id)
    assert (decision.kind, decision.outcome, decision.printed_post) == (
        DecisionKind.TALK_NOTICE,
        Outcome.APPROVED,
        "督办科科长",
    )
    assert await events(desk, ladder.case.id, since=before) == [("talk.issued", True)]


async def test_a_leader_of_the_office_may_issue_and_hold_it_too(desk: Desk) -> None:
    ladder = await drafted(desk, ENVIRONMENT)  # under two: open to talks
    command = notice(desk, ladder, holder_id=desk.district.people["zhuren"])
    talk = await desk.do("zhuren", issue_talk_notice, command)
    assert (talk.status, talk.holder_id) == (TalkStatus.ISSUED, desk.district.people["zhuren"])


@pytest.mark.parametrize("unit", ["区税务局", "临江城市投资有限公司"])
async def test_other_units_get_a_letter_not_a_talk(desk: Desk, unit: str) -> None:
    ladder = await drafted(desk, unit)
    refusal = await desk.refused("duban.zhu", issue_talk_notice, notice(desk, ladder))
    assert refusal.code is RefusalCode.NOT_OPEN_TO_UNIT


async def test_nobody_else_issues_it(desk: Desk) -> None:
    ladder = await drafted(desk)
    for login, code in {
        "duban.wu": RefusalCode.NOT_ALLOWED,
        "quzhang": RefusalCode.NOT_ALLOWED,
        "fuquzhang": RefusalCode.NOT_ALLOWED,
        "chengguan.head": RefusalCode.NOT_FOUND,  # a draft does not exist for the unit
        "taiping.head": RefusalCode.NOT_FOUND,
        "quanxian": RefusalCode.NOT_FOUND,
    }.items():
        assert (login, (await desk.refused(login, issue_talk_notice, notice(desk, ladder))).code) == (login, code)


async def test_all_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    ladder, people = await drafted(desk), desk.district.people
    for changes, problems in (
        ({"scheduled_at": shanghai(6, 27, 9)}, [("BAD_DATE", "input.scheduledAt")]),  # a Saturday
        ({"scheduled_at": shanghai(6, 25, 9)}, [("BAD_DATE", "input.scheduledAt")]),  # this very moment
        ({"place": " "}, [("REQUIRED", "input.place")]),
        (
            {"holder_id": people["duban.wu"], "second_officer_id": people["duban.zheng"]},  # neither heads the office
            [("BAD_ID", "input.holder")],
        ),
        ({"holder_id": people["chengguan.head"]}, [("BAD_ID", "input.holder")]),
        ({"second_officer_id": people["taiping.handler"]}, [("BAD_ID", "input.secondOfficer")]),
        ({"second_officer_id": people["duban.zhu"]}, [("DUPLICATE", "input.secondOfficer")]),
        (
            {"scheduled_at": shanghai(6, 20), "place": "", "holder_id": new_id(), "second_officer_id": new_id()},
            [
                ("BAD_DATE", "input.scheduledAt"),
                ("REQUIRED", "input.place"),
                ("BAD_ID", "input.holder"),
                ("BAD_ID", "input.secondOfficer"),
            ],
        ),
    ):
        refusal = await desk.refused("duban.zhu", issue_talk_notice, notice(desk, ladder, **changes))
        assert (refusal.code, problems_of(refusal)) == (RefusalCode.INVALID_INPUT, problems)


async def test_one_version_one_notice(desk: Desk) -> None:
    ladder = await drafted(desk)
    stale = await desk.refused("duban.zhu", issue_talk_notice, notice(desk, ladder, expected_version=2))
    assert (stale.code, stale.version, stale.state) == (RefusalCode.VERSION_CONFLICT, 1, "DRAFT")
    await desk.do("duban.zhu", issue_talk_notice, notice(desk, ladder))
    again = await desk.refused("duban.zhu", issue_talk_notice, notice(desk, ladder, expected_version=2))
    assert (again.code, again.state) == (RefusalCode.STATUS_CONFLICT, "ISSUED")


async def test_it_is_put_off_once_and_the_unit_gets_another_notice(desk: Desk) -> None:
    ladder = await issued(desk)
    first = (await desk.row(FormalTalk, ladder.talk_id)).document_id
    command = PostponeTalk(ladder.talk_id, shanghai(7, 1, 10), "负责人因公外出。")
    talk = await desk.do("duban.zhu", postpone_talk, command)
    assert (talk.status, talk.postponed_from, talk.scheduled_at) == (TalkStatus.ISSUED, TALK_AT, shanghai(7, 1, 10))
    assert await text(desk, talk.postpone_reason_id) == "负责人因公外出。"
    assert (await printed(desk, first)).status == "SUPERSEDED"
    document = await printed(desk, talk.document_id)
    assert (document.number, document.blocks[3]) == ("道督约〔2026〕2号", ("约谈时间", "2026年7月1日10：00"))
    assert document.blocks[4] == ("约谈地点", "区政府二楼会议室")
    assert talk.document_id is not None
    assert (await desk.row(Document, talk.document_id)).supersedes_id == first
    assert (await desk.running(ladder.case.id))["TALK NOTICE"] == date(2026, 7, 1)
    assert [todo.due_on for todo in await desk.rows(Todo, subject_id=talk.id, closed_at=None)] == [date(2026, 7, 1)]
    again = await desk.refused("duban.zhu", postpone_talk, replace(command, scheduled_at=shanghai(7, 2, 10)))
    assert again.code is RefusalCode.ALREADY_DONE


async def test_what_a_postponement_must_be(desk: Desk) -> None:
    ladder = await drafted(desk)
    command = PostponeTalk(ladder.talk_id, shanghai(7, 1, 10), "负责人因公外出。")
    draft = await desk.refused("duban.zhu", postpone_talk, command)
    assert (draft.code, draft.state) == (RefusalCode.STATUS_CONFLICT, "DRAFT")
    await desk.do("duban.zhu", issue_talk_notice, notice(desk, ladder))
    earlier = replace(command, scheduled_at=shanghai(6, 26, 10), reason="")
    assert problems_of(await desk.refused("duban.zhu", postpone_talk, earlier)) == [
        ("BAD_DATE", "input.scheduledAt"),
        ("REQUIRED", "input.reason"),
    ]
    for login, code in (("duban.wu", RefusalCode.NOT_ALLOWED), ("chengguan.head", RefusalCode.NOT_ALLOWED)):
        assert (await desk.refused(login, postpone_talk, command)).code is code
