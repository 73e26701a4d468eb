"""约谈 (第七条(三)): who appeared and in which post, the statement, the minutes, the commitments; the no-show."""

from dataclasses import replace
from datetime import date

from app.acts.models import Decision
from app.acts.rules import Outcome
from app.assignments.rules import ReportContent, SlotKind, SlotState
from app.cases.models import Case
from app.circulars.service import cancel_talk_and_circular
from app.core.refusals import RefusalCode
from app.talks.models import FormalTalk, TalkCommitment
from app.talks.rules import TalkStatus
from app.talks.service import CancelTalk, CommitmentInput, HoldTalk, cancel_talk, hold_talk
from tests.reports.desk import BUILDING, CITY, Desk, shanghai
from tests.talks.ladder import Ladder, drafted, events, issued, printed, problems_of, text


def held(desk: Desk, ladder: Ladder) -> HoldTalk:
    return HoldTalk(
        talk_id=ladder.talk_id,
        appeared_id=desk.district.people["chengguan.head"],
        statement="因人员调整，未及时上报。",
        minutes="约谈纪要。",
    )


async def test_who_came_what_was_said_and_what_was_promised(desk: Desk) -> None:
    ladder = await issued(desk)
    desk.at(6, 29, 16)
    before = (await desk.row(Case, ladder.case.id)).record_seq
    promises = (
        CommitmentInput("七月三日前上报办理结果。", date(2026, 7, 3)),
        CommitmentInput("建立台账。", date(2026, 7, 3)),
        CommitmentInput("每周巡查。", date(2026, 7, 10)),
    )
    command = replace(held(desk, ladder), commitments=promises, held_at=shanghai(6, 29, 14, 40))
    talk = await desk.do("duban.wu", hold_talk, command)
    assert (talk.status, talk.held_at, talk.appeared_post, talk.version) == (
        TalkStatus.HELD,
        shanghai(6, 29, 14, 40),
        "主要负责人",
        3,
    )
    assert await text(desk, talk.statement_id) == "因人员调整，未及时上报。"
    assert await text(desk, talk.minutes_id) == "约谈纪要。"
    commitments = sorted(await desk.rows(TalkCommitment, talk_id=talk.id), key=lambda row: row.due_on)
    assert [row.due_on for row in commitments] == [date(2026, 7, 3), date(2026, 7, 3), date(2026, 7, 10)]
    slots = await desk.slots(ladder.case)  # the completion date has passed, so these are the dates that count now
    assert [(slot.slot, slot.content, slot.due_on, slot.state) for slot in slots[1:]] == [
        (SlotKind.ON_REQUEST, ReportContent.PROGRESS, date(2026, 7, 3), SlotState.OPEN),
        (SlotKind.ON_REQUEST, ReportContent.PROGRESS, date(2026, 7, 10), SlotState.OPEN),
    ]
    assert "HOLD_TALK duban.zhu" not in await desk.waiting(ladder.case.id)
    assert "TALK NOTICE" not in await desk.running(ladder.case.id)
    assert await events(desk, ladder.case.id, since=before) == [("talk.held", True)]


async def test_nobody_came(desk: Desk) -> None:
    ladder = await issued(desk)
    command = HoldTalk(ladder.talk_id, no_show=True)
    early = await desk.refused("duban.wu", hold_talk, command)
    assert problems_of(early) == [("BAD_DATE", "input.noShow")]
    desk.at(6, 29, 15)
    too_much = replace(
        held(desk, ladder),
        no_show=True,
        held_at=shanghai(6, 29, 15),
        commitments=(CommitmentInput("整改。", date(2026, 7, 3)),),
    )
    assert problems_of(await desk.refused("duban.wu", hold_talk, too_much)) == [
        ("NOT_APPLICABLE", "input.appeared"),
        ("NOT_APPLICABLE", "input.statement"),
        ("NOT_APPLICABLE", "input.commitments"),
        ("NOT_APPLICABLE", "input.heldAt"),
    ]
    talk = await desk.do("duban.wu", hold_talk, replace(command, minutes="等候三十分钟，无人到场。"))
    assert (talk.status, talk.held_at, talk.appeared_id, talk.statement_id) == (TalkStatus.NO_SHOW, None, None, None)
    again = await desk.refused("duban.wu", hold_talk, command)
    assert (again.code, again.state) == (RefusalCode.STATUS_CONFLICT, "NO_SHOW")


async def test_what_a_record_of_a_talk_must_hold(desk: Desk) -> None:
    ladder = await issued(desk)
    desk.at(6, 29, 16)
    promise = (CommitmentInput(" ", date(2026, 6, 28)),)
    empty = HoldTalk(ladder.talk_id, statement=" ", commitments=promise, held_at=shanghai(6, 29, 17))
    assert problems_of(await desk.refused("duban.wu", hold_talk, empty)) == [
        ("BAD_DATE", "input.heldAt"),  # still to come
        ("REQUIRED", "input.statement"),
        ("REQUIRED", "input.minutes"),
        ("REQUIRED", "input.appeared"),
        ("BAD_DATE", "input.commitments.0.dueOn"),
        ("REQUIRED", "input.commitments.0.text"),
    ]
    stranger = replace(held(desk, ladder), appeared_id=desk.district.people["taiping.head"])
    assert problems_of(await desk.refused("duban.wu", hold_talk, stranger)) == [("BAD_ID", "input.appeared")]
    for login, code in (
        ("chengguan.head", RefusalCode.NOT_ALLOWED),  # sees it, and does not write its record
        ("quzhang", RefusalCode.NOT_ALLOWED),
        ("taiping.head", RefusalCode.NOT_FOUND),
    ):
        assert (await desk.refused(login, hold_talk, held(desk, ladder))).code is code


async def test_a_talk_without_notice_is_not_held(desk: Desk) -> None:
    ladder = await drafted(desk)
    refusal = await desk.refused("duban.wu", hold_talk, held(desk, ladder))
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "DRAFT")


async def test_a_commitment_never_outlasts_a_completion_date_that_is_still_to_come(desk: Desk) -> None:
    ladder = await issued(desk, BUILDING, completion_due_on=date(2026, 7, 5))
    desk.at(6, 29, 16)
    promises = tuple(CommitmentInput("上报。", day) for day in (date(2026, 7, 3), date(2026, 7, 8)))
    who = desk.district.people["zhujian.handler"]
    await desk.do("zhuren", hold_talk, replace(held(desk, ladder), appeared_id=who, commitments=promises))
    slots = await desk.slots(ladder.case, BUILDING)
    assert [slot.due_on for slot in slots] == [date(2026, 6, 23), date(2026, 7, 3)]


async def test_a_talk_that_is_dropped_takes_its_notice_and_its_circular_along(desk: Desk) -> None:
    ladder = await issued(desk)
    before = (await desk.row(Case, ladder.case.id)).record_seq
    command = CancelTalk(ladder.talk_id, 2, "已于约谈前上报。")
    talk = await desk.do("duban.zhu", cancel_talk_and_circular, command)
    assert talk.status is TalkStatus.CANCELLED
    notice = await printed(desk, talk.document_id)
    assert (notice.number, notice.status) == ("道督约〔2026〕1号", "WITHDRAWN")
    decisions = await desk.rows(Decision, subject_id=talk.id, outcome=Outcome.DECLINED)
    assert [await text(desk, decision.comment_id) for decision in decisions] == ["已于约谈前上报。"]
    assert await events(desk, ladder.case.id, since=before) == [("talk.cancelled", True), ("circular.withdrawn", False)]
    assert await desk.waiting(ladder.case.id) == {
        f"ACKNOWLEDGE {CITY}",
        f"REPORT {CITY}",
        f"COMPLETION {CITY}",
        "ISSUE_CONCLUSION district_head",
    }
    assert "TALK NOTICE" not in await desk.running(ladder.case.id)


async def test_what_cancelling_takes(desk: Desk) -> None:
    ladder = await drafted(desk)
    command = CancelTalk(ladder.talk_id, 1, "已上报。")
    assert problems_of(await desk.refused("duban.zhu", cancel_talk, replace(command, reason=""))) == [
        ("REQUIRED", "input.reason")
    ]
    for login, code in (("duban.wu", RefusalCode.NOT_ALLOWED), ("chengguan.head", RefusalCode.NOT_FOUND)):
        assert (await desk.refused(login, cancel_talk, command)).code is code
    stale = await desk.refused("zhuren", cancel_talk, replace(command, expected_version=4))
    assert (stale.code, stale.version) == (RefusalCode.VERSION_CONFLICT, 1)
    before = (await desk.row(Case, ladder.case.id)).record_seq
    await desk.do("zhuren", cancel_talk, command)
    assert await events(desk, ladder.case.id, since=before) == [("talk.cancelled", False)]  # the unit never heard of it
    talk = await desk.row(FormalTalk, ladder.talk_id)
    again = await desk.refused("zhuren", cancel_talk, replace(command, expected_version=talk.version))
    assert (again.code, again.state) == (RefusalCode.STATUS_CONFLICT, "CANCELLED")
