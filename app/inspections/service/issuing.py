"""印发督查结论 (条例 第十六条): signed by who may, delivered to its unit, open to review for thirty days (第十七条)."""

from dataclasses import dataclass
from uuid import UUID

import orjson

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.cases.models import Case
from app.content.service import text_of
from app.core.refusals import Problems
from app.core.texts import PARAGRAPH, clean_optional
from app.deadlines.rules import DayCount, count_days
from app.documents.models import Document
from app.documents.rules import Block, BlockKind, DocumentKind, printed_day
from app.documents.service import Issue, Recipient, issue
from app.identity.queries import unit_names_on
from app.inspections.models import InspectionConclusion
from app.inspections.queries import load_conclusion
from app.inspections.rules import ConclusionStatus, step
from app.todos.service import close_todos
from app.work import Work


@dataclass(frozen=True, slots=True)
class IssueConclusion:
    conclusion_id: UUID
    expected_version: int
    comment: str | None = None


async def issue_conclusion(work: Work, command: IssueConclusion) -> InspectionConclusion:
    """Sign and deliver a drafted conclusion. Refuses as every decision does."""
    case, conclusion = await load_conclusion(work, command.conclusion_id)
    await work.require("conclusion.issue", conclusion)
    work.expect_version(conclusion, command.expected_version)
    conclusion.status = step(conclusion.status, ConclusionStatus.ISSUED)
    problems = Problems()
    comment = clean_optional(problems, command.comment, PARAGRAPH, "input", "comment")
    problems.raise_if_any()
    subject = ("conclusion", conclusion.id)
    decision = await decide(
        work, DecisionKind.CONCLUSION, Outcome.APPROVED, subject, case_id=case.id, comment=comment
    )  # fmt: skip
    conclusion.decision_id = decision.id
    await _deliver(work, case, conclusion, decision.printed_name)
    conclusion.version += 1
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)
    await work.record("conclusion.issued", subject, case=case, action="conclusion.issue", unit_id=conclusion.unit_id)
    return conclusion


async def _deliver(work: Work, case: Case, conclusion: InspectionConclusion, signer_name: str) -> None:
    """Placed in the unit's inbox by the same commit; the days of review count from that day, which is not one."""
    rules = await work.rules_of(case.rule_set_id)
    days = rules.conclusion_review.request_days
    conclusion.review_until = count_days(await work.calendar(), work.today, days, DayCount.CALENDAR)
    conclusion.issued_at = conclusion.delivered_at = work.now
    document = await _issue_document(work, case, conclusion, signer_name, days)
    conclusion.document_id = document.id


async def _issue_document(
    work: Work, case: Case, conclusion: InspectionConclusion, signer_name: str, days: int
) -> Document:
    names = work.regulation.numbering
    title = await text_of(work.session, case.title_id) or ""
    unit_name = (await unit_names_on(work.session, [conclusion.unit_id], work.today))[conclusion.unit_id]
    order = Issue(
        kind=DocumentKind.CONCLUSION,
        title=f"关于{unit_name}办理{title}情况的督查结论",
        blocks=tuple(await _blocks(work, case, conclusion, unit_name, days)),
        issuer_name=names.government,
        signer_name=signer_name,
        code=names.conclusion,
        issued_on=work.today,
        classification=case.classification,
        restricted=case.restricted,
        recipients=(Recipient(conclusion.unit_id, unit_name),),
        case_ids=(case.id,),
    )
    return await issue(work.session, order, work.now)


async def _blocks(work: Work, case: Case, conclusion: InspectionConclusion, unit_name: str, days: int) -> list[Block]:
    assert conclusion.review_until is not None
    facts = orjson.loads(await text_of(work.session, conclusion.facts_id) or "[]")
    return [
        Block(BlockKind.FIELD, case.register_number or "", "督办编号"),
        Block(BlockKind.FIELD, unit_name, "督查对象"),
        *(Block(BlockKind(fact["kind"]), fact["text"], fact["label"]) for fact in facts),
        Block(
            BlockKind.PARAGRAPH,
            f"对本结论有异议的，可以自收到之日起{days}日内（至{printed_day(conclusion.review_until)}止）申请复核。",
        ),
    ]
