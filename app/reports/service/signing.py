"""签发 (第七条(二)): who heads the unit on the day of the act signs, in the post that he then holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.cases.models import Case
from app.core.clock import local_date
from app.core.refusals import RefusalCode, invalid
from app.identity.models import PostHolding
from app.identity.queries import signing_posts
from app.reports.models import Report
from app.reports.queries import load_report
from app.reports.rules import ReportStatus, step
from app.work import Work


@dataclass(frozen=True, slots=True)
class SignReport:
    """Without `acting_post_id` the signer's fullest capacity counts: 主要领导, 代理, 主持工作, 授权."""

    report_id: UUID
    expected_version: int
    acting_post_id: UUID | None = None


async def sign_report(work: Work, command: SignReport) -> Report:
    """Sign a report for its unit. Refuses NOT_ALLOWED, NOT_FOUND, VERSION_ and STATUS_CONFLICT."""
    report, parts = await load_report(work, command.report_id)
    await work.require("report.sign", report)
    work.expect_version(report, command.expected_version)
    report.status = step(report.status, ReportStatus.SIGNED)
    post = await _post(work, [part.case for part in parts], report, command.acting_post_id)
    decision = await decide(
        work,
        DecisionKind.SIGNATURE,
        Outcome.APPROVED,
        ("report", report.id),
        case_id=report.case_id,
        post=post,
    )
    report.signature_id = decision.id
    report.version += 1
    report.updated_at = work.now
    await work.record(
        "report.signed", ("report", report.id), case=parts[0].case, action="report.sign", unit_id=report.unit_id
    )
    return report


async def _post(work: Work, cases: Sequence[Case], report: Report, acting_post_id: UUID | None) -> PostHolding:
    """In which he signs. That he holds one is his right to sign, and was asked before."""
    assert work.actor.person_id is not None
    day = local_date(work.act.occurred_at)
    major = any(case.major for case in cases)
    posts = await signing_posts(work.session, work.actor.person_id, report.unit_id, day, major=major)
    chosen = [post for post in posts if acting_post_id in (None, post.id)]
    if not chosen:
        raise invalid(RefusalCode.BAD_ID, "input", "actingPost")
    return chosen[0]
