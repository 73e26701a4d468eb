"""督查结论 (条例 第十六条, 第十七条): signed by the chief leader, delivered, open to review for thirty days."""

from datetime import date

from app.acts.models import Decision
from app.acts.rules import DecisionKind, Outcome
from app.cases.models import Case
from app.circulars.models import Circular
from app.circulars.rules import CircularStatus
from app.circulars.service import withdraw_conclusion_and_circular
from app.core.refusals import RefusalCode
from app.inspections.models import InspectionConclusion
from app.inspections.rules import ConclusionStatus
from app.inspections.service import IssueConclusion, WithdrawConclusion, issue_conclusion, withdraw_conclusion
from tests.circulars.ladder import approved, published
from tests.reports.desk import CITY, Desk
from tests.talks.ladder import drafted, events, printed, problems_of, text


async def test_it_goes_to_the_unit_signed_and_says_until_when_a_review_may_be_asked_for(desk: Desk) -> None:
    ladder = await drafted(desk)
    before = (await desk.row(Case, ladder.case.id)).record_seq
    conclusion = await desk.do("quzhang", issue_conclusion, IssueConclusion(ladder.conclusion_id, 1, "同意。"))
    now = desk.clock.now()
    assert (conclusion.status, conclusion.issued_at, conclusion.delivered_at, conclusion.version) == (
        ConclusionStatus.ISSUED,
        now,
        now,
        2,
    )
    assert conclusion.review_until == date(2026, 7, 25)  # 25 June is not counted
    document = await printed(desk, conclusion.document_id)
    assert (document.number, document.signer, document.recipients) == ("道督结〔2026〕1号", "李振华", [CITY])
    assert document.title == "关于区城市管理局办理通江街占道经营整治情况的督查结论"
    assert document.blocks == [
        ("督办编号", "道督〔2026〕1号"),
        ("督查对象", CITY),
        ("上报时限", "2026年6月23日"),
        (None, "经催办仍未上报。"),
        (None, "对本结论有异议的，可以自收到之日起30日内（至2026年7月25日止）申请复核。"),
    ]
    (decision,) = await desk.rows(Decision, subject_id=conclusion.id)
    assert (decision.kind, decision.outcome, decision.id) == (
        DecisionKind.CONCLUSION,
        Outcome.APPROVED,
        conclusion.decision_id,
    )
    assert await text(desk, decision.comment_id) == "同意。"
    assert "ISSUE_CONCLUSION district_head" not in await desk.waiting(ladder.case.id)
    assert await events(desk, ladder.case.id, since=before) == [("conclusion.issued", True)]


async def test_nobody_else_issues_or_withdraws_it(desk: Desk) -> None:
    ladder = await drafted(desk)
    for login, code in {
        "duban.zhu": RefusalCode.NOT_ALLOWED,
        "zhuren": RefusalCode.NOT_ALLOWED,
        "fuquzhang": RefusalCode.NOT_ALLOWED,
        "chengguan.head": RefusalCode.NOT_FOUND,
    }.items():
        issue = await desk.refused(login, issue_conclusion, IssueConclusion(ladder.conclusion_id, 1))
        withdrawal = WithdrawConclusion(ladder.conclusion_id, 1, "事实有误。")
        withdraw = await desk.refused(login, withdraw_conclusion, withdrawal)
        assert (login, issue.code, withdraw.code) == (login, code, code)


async def test_states_versions_and_reasons(desk: Desk) -> None:
    ladder = await drafted(desk)
    stale = await desk.refused("quzhang", issue_conclusion, IssueConclusion(ladder.conclusion_id, 9))
    assert (stale.code, stale.version, stale.state) == (RefusalCode.VERSION_CONFLICT, 1, "DRAFT")
    await desk.do("quzhang", issue_conclusion, IssueConclusion(ladder.conclusion_id, 1))
    again = await desk.refused("quzhang", issue_conclusion, IssueConclusion(ladder.conclusion_id, 2))
    assert (again.code, again.state) == (RefusalCode.STATUS_CONFLICT, "ISSUED")
    without = await desk.refused("quzhang", withdraw_conclusion, WithdrawConclusion(ladder.conclusion_id, 2, " "))
    assert problems_of(without) == [("REQUIRED", "input.reason")]


async def test_a_draft_is_dropped_and_the_unit_never_hears_of_it(desk: Desk) -> None:
    ladder = await drafted(desk)
    before = (await desk.row(Case, ladder.case.id)).record_seq
    command = WithdrawConclusion(ladder.conclusion_id, 1, "已于今晨上报。")
    conclusion = await desk.do("quzhang", withdraw_conclusion_and_circular, command)
    assert (conclusion.status, conclusion.document_id) == (ConclusionStatus.WITHDRAWN, None)
    (decision,) = await desk.rows(Decision, subject_id=conclusion.id)
    assert (decision.outcome, await text(desk, decision.comment_id)) == (Outcome.DECLINED, "已于今晨上报。")
    assert await events(desk, ladder.case.id, since=before) == [
        ("conclusion.withdrawn", False),
        ("circular.withdrawn", False),
    ]
    assert (await desk.row(Circular, ladder.circular_id)).status is CircularStatus.WITHDRAWN


async def test_an_issued_one_is_void_and_what_rests_on_it_falls(desk: Desk) -> None:
    circular = await approved(desk)
    assert circular.conclusion_id is not None
    assert circular.case_id is not None
    conclusion = await desk.row(InspectionConclusion, circular.conclusion_id)
    command = WithdrawConclusion(conclusion.id, conclusion.version, "事实有误。")
    await desk.do("quzhang", withdraw_conclusion_and_circular, command)
    document = await printed(desk, conclusion.document_id)
    assert (document.number, document.status) == ("道督结〔2026〕1号", "WITHDRAWN")
    assert (await desk.row(Circular, circular.id)).status is CircularStatus.WITHDRAWN
    assert not {todo for todo in await desk.waiting(circular.case_id) if "CIRCULAR" in todo}


async def test_a_circular_that_is_out_is_withdrawn_by_an_act_of_its_own(desk: Desk) -> None:
    circular = await published(desk)
    assert circular.conclusion_id is not None
    conclusion = await desk.row(InspectionConclusion, circular.conclusion_id)
    command = WithdrawConclusion(conclusion.id, conclusion.version, "事实有误。")
    await desk.do("quzhang", withdraw_conclusion_and_circular, command)
    assert (await desk.row(Circular, circular.id)).status is CircularStatus.PUBLISHED
