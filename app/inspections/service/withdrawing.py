"""撤回督查结论: a draft is dropped, an issued one is void (作废); its number stays."""

from dataclasses import dataclass
from uuid import UUID

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.core.refusals import Problems
from app.core.texts import PARAGRAPH, clean
from app.documents.service import withdraw
from app.inspections.models import InspectionConclusion
from app.inspections.queries import load_conclusion
from app.inspections.rules import ConclusionStatus, step
from app.todos.service import close_todos
from app.work import Work


@dataclass(frozen=True, slots=True)
class WithdrawConclusion:
    conclusion_id: UUID
    expected_version: int
    reason: str


async def withdraw_conclusion(work: Work, command: WithdrawConclusion) -> InspectionConclusion:
    """Take a conclusion back, with a reason. Refuses as every decision does."""
    case, conclusion = await load_conclusion(work, command.conclusion_id)
    await work.require("conclusion.withdraw", conclusion)
    work.expect_version(conclusion, command.expected_version)
    conclusion.status = step(conclusion.status, ConclusionStatus.WITHDRAWN)
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    conclusion.version += 1
    subject = ("conclusion", conclusion.id)
    decision = await decide(work, DecisionKind.CONCLUSION, Outcome.DECLINED, subject, case_id=case.id, comment=reason)
    if conclusion.document_id is not None:
        assert decision.comment_id is not None
        await withdraw(work.session, conclusion.document_id, decision.comment_id, work.now)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)
    known = conclusion.unit_id if conclusion.issued_at else None  # of a draft the unit never heard
    await work.record("conclusion.withdrawn", subject, case=case, action="conclusion.withdraw", unit_id=known)
    return conclusion
