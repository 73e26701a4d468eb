"""全区通报 (第七条(三)): only after the statement or the no-show, on an issued conclusion, in the unit's words."""

import pytest

from app.acts.models import Decision
from app.acts.rules import DecisionKind, Outcome
from app.cases.models import Case
from app.circulars.models import Circular
from app.circulars.rules import CircularScope, CircularStatus
from app.circulars.service import (
    ApproveCircular,
    PublishCircular,
    ReviseCircular,
    approve_circular,
    hold_talk_before_circular,
    issue_conclusion_before_circular,
    publish_circular,
    revise_circular,
)
from app.core.refusals import RefusalCode
from app.documents.rules import Block, BlockKind
from app.identity.models import Unit
from app.identity.rules import UnitKind
from app.inspections.service import IssueConclusion
from app.talks.service import HoldTalk
from tests.circulars.ladder import STATEMENT, approved, held, ready
from tests.reports.desk import CITY, Desk
from tests.talks.ladder import Ladder, events, issued, printed, problems_of, text

SUPERVISING = (UnitKind.GOVERNMENT, UnitKind.SUPERVISION_OFFICE)


def approval(circular: Circular, outcome: Outcome = Outcome.APPROVED, comment: str | None = None) -> ApproveCircular:
    return ApproveCircular(circular.id, circular.version, outcome, comment)


async def _waiting(desk: Desk, ladder: Ladder) -> set[str]:
    return {todo for todo in await desk.waiting(ladder.case.id) if "CIRCULAR" in todo}


@pytest.mark.parametrize("conclusion_first", [True, False])
async def test_it_is_laid_before_the_head_of_the_district_when_both_are_there(
    desk: Desk, conclusion_first: bool
) -> None:
    ladder = await issued(desk)
    circular = await desk.row(Circular, ladder.circular_id)
    early = await desk.refused("quzhang", approve_circular, approval(circular))
    assert (early.code, early.state, early.version) == (RefusalCode.STATEMENT_PENDING, "DRAFT", 1)
    desk.at(6, 29, 16)
    conclusion, talk = IssueConclusion(ladder.conclusion_id, 1), held(desk, ladder)
    if conclusion_first:
        await desk.do("quzhang", issue_conclusion_before_circular, conclusion)
        assert (await desk.refused("quzhang", approve_circular, approval(circular))).code is (
            RefusalCode.STATEMENT_PENDING
        )
        assert await _waiting(desk, ladder) == set()
        await desk.do("duban.wu", hold_talk_before_circular, talk)
    else:
        await desk.do("duban.wu", hold_talk_before_circular, talk)
        assert (await desk.refused("quzhang", approve_circular, approval(circular))).code is (
            RefusalCode.CONCLUSION_PENDING
        )
        assert await _waiting(desk, ladder) == set()
        await desk.do("quzhang", issue_conclusion_before_circular, conclusion)
    assert await _waiting(desk, ladder) == {"APPROVE_CIRCULAR district_head"}
    assert (await events(desk, ladder.case.id))[-1] == ("circular.submitted", False)


async def test_approved_published_and_shown_with_the_statement(desk: Desk) -> None:
    ladder = await ready(desk)
    before = (await desk.row(Case, ladder.case.id)).record_seq
    circular = await approved(desk, await desk.row(Circular, ladder.circular_id))
    assert (circular.status, circular.approved_at, circular.version) == (
        CircularStatus.APPROVED,
        desk.clock.now(),
        2,
    )
    (decision,) = await desk.rows(Decision, subject_id=circular.id)
    assert (decision.kind, decision.outcome, decision.id) == (
        DecisionKind.CIRCULAR,
        Outcome.APPROVED,
        circular.approval_id,
    )
    assert await _waiting(desk, ladder) == {"PUBLISH_CIRCULAR supervision_officer"}
    circular = await desk.do("duban.wu", publish_circular, PublishCircular(circular.id, circular.version))
    assert (circular.status, circular.published_at, circular.version) == (
        CircularStatus.PUBLISHED,
        desk.clock.now(),
        3,
    )
    document = await printed(desk, circular.document_id)
    assert (document.number, document.signer) == ("道督通〔2026〕1号", "李振华")
    units = [unit.name for unit in await desk.rows(Unit) if unit.kind not in SUPERVISING]
    assert document.recipients == sorted(units)
    assert document.title == "关于通江街占道经营整治的通报"
    assert document.blocks == [
        (None, "予以全区通报。"),
        ("所依据的督查结论", "道督结〔2026〕1号"),
        (None, "被约谈单位说明情况"),
        (None, STATEMENT),
    ]
    assert await _waiting(desk, ladder) == set()
    assert await events(desk, ladder.case.id, since=before) == [
        ("circular.decided", False),
        ("circular.published", True),
    ]


async def test_a_no_show_is_said_as_one(desk: Desk) -> None:
    ladder = await issued(desk)
    await desk.do("quzhang", issue_conclusion_before_circular, IssueConclusion(ladder.conclusion_id, 1))
    desk.at(6, 29, 16)
    await desk.do("duban.wu", hold_talk_before_circular, HoldTalk(ladder.talk_id, no_show=True))
    circular = await approved(desk, await desk.row(Circular, ladder.circular_id))
    circular = await desk.do("duban.wu", publish_circular, PublishCircular(circular.id, circular.version))
    assert (await printed(desk, circular.document_id)).blocks[-1] == (None, "有关负责人经通知未到场说明情况。")


async def test_nobody_else_approves_or_publishes(desk: Desk) -> None:
    ladder = await ready(desk)
    draft = await desk.row(Circular, ladder.circular_id)
    for login, code in {
        "duban.zhu": RefusalCode.NOT_ALLOWED,
        "zhuren": RefusalCode.NOT_ALLOWED,  # may approve what informs, not what criticises
        "fuquzhang": RefusalCode.NOT_ALLOWED,
        "chengguan.head": RefusalCode.NOT_FOUND,
    }.items():
        assert (login, (await desk.refused(login, approve_circular, approval(draft))).code) == (login, code)
    circular = await approved(desk, draft)
    command = PublishCircular(circular.id, circular.version)
    for login, code in {"quzhang": RefusalCode.NOT_ALLOWED, "chengguan.head": RefusalCode.NOT_FOUND}.items():
        assert (login, (await desk.refused(login, publish_circular, command)).code) == (login, code)


async def test_sent_back_revised_and_laid_before_him_again(desk: Desk) -> None:
    ladder = await ready(desk)
    draft = await desk.row(Circular, ladder.circular_id)
    without = await desk.refused("quzhang", approve_circular, approval(draft, Outcome.RETURNED))
    assert problems_of(without) == [("REQUIRED", "input.comment")]
    back = await desk.do("quzhang", approve_circular, approval(draft, Outcome.RETURNED, "语气过重。"))
    assert (back.status, back.version, back.approval_id) == (CircularStatus.DRAFT, 2, None)
    assert await _waiting(desk, ladder) == {"REVISE_CIRCULAR supervision_officer"}
    words = (Block(BlockKind.PARAGRAPH, "现予通报。"),)
    command = ReviseCircular(draft.id, 2, "关于通江街整治进展的通报", words, CircularScope.GOVERNMENT_SYSTEM)
    revised = await desk.do("duban.wu", revise_circular, command)
    assert (revised.version, revised.drafted_by) == (3, desk.district.people["duban.wu"])
    assert await text(desk, revised.title_id) == "关于通江街整治进展的通报"
    assert await _waiting(desk, ladder) == {"APPROVE_CIRCULAR district_head"}
    circular = await approved(desk, revised)
    late = await desk.refused("duban.wu", revise_circular, ReviseCircular(draft.id, 4, "题", words, revised.scope))
    assert (late.code, late.state) == (RefusalCode.STATUS_CONFLICT, "APPROVED")
    circular = await desk.do("duban.wu", publish_circular, PublishCircular(circular.id, circular.version))
    document = await printed(desk, circular.document_id)
    assert document.blocks[0] == (None, "现予通报。")
    assert document.blocks[-1] == (None, STATEMENT)  # whoever revised it, the unit's words stay
    assert "临江供热有限公司" not in document.recipients
    assert "区税务局" not in document.recipients
    assert CITY in document.recipients


async def test_declined_is_the_end_of_it(desk: Desk) -> None:
    ladder = await issued(desk)  # he need not wait for the statement to say no
    draft = await desk.row(Circular, ladder.circular_id)
    circular = await desk.do("quzhang", approve_circular, approval(draft, Outcome.DECLINED, "不再通报。"))
    assert circular.status is CircularStatus.WITHDRAWN
    assert await _waiting(desk, ladder) == set()
    again = await desk.refused("quzhang", approve_circular, approval(circular))
    assert (again.code, again.state) == (RefusalCode.STATUS_CONFLICT, "WITHDRAWN")
    for outcome in (Outcome.NOTED, Outcome.APPROVED_WITH_CHANGES):
        other = await desk.refused("quzhang", approve_circular, approval(circular, outcome))
        assert other.code is RefusalCode.STATUS_CONFLICT


async def test_outcomes_and_versions(desk: Desk) -> None:
    ladder = await ready(desk)
    draft = await desk.row(Circular, ladder.circular_id)
    for outcome in (Outcome.NOTED, Outcome.APPROVED_WITH_CHANGES):
        refusal = await desk.refused("quzhang", approve_circular, approval(draft, outcome))
        assert problems_of(refusal) == [("NOT_APPLICABLE", "input.outcome")]
    stale = await desk.refused("quzhang", approve_circular, ApproveCircular(draft.id, 7, Outcome.APPROVED))
    assert (stale.code, stale.version) == (RefusalCode.VERSION_CONFLICT, 1)
    early = await desk.refused("duban.wu", publish_circular, PublishCircular(draft.id, 1))
    assert (early.code, early.state) == (RefusalCode.STATUS_CONFLICT, "DRAFT")
