"""Writing down who decided what, in which post, on which day."""

from typing import Any
from uuid import UUID

from app.acts.models import Decision
from app.acts.queries import post_on
from app.acts.rules import DecisionKind, Outcome
from app.content.service import put_optional
from app.core.clock import local_date
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean_optional
from app.identity.models import Person, PostHolding
from app.identity.queries import unit_names_on
from app.work import Work

_ON_A_DRAFT = frozenset({Outcome.APPROVED, Outcome.RETURNED, Outcome.DECLINED})


def checked_comment(outcome: Outcome, comment: str | None) -> str | None:
    """The words of a decision on a draft: approved, sent back or declined, the last two with a reason."""
    problems = Problems()
    problems.check(outcome in _ON_A_DRAFT, RefusalCode.NOT_APPLICABLE, "input", "outcome")
    words = clean_optional(problems, comment, PARAGRAPH, "input", "comment")
    with_reason = outcome in {Outcome.RETURNED, Outcome.DECLINED}
    problems.check(not with_reason or words is not None, RefusalCode.REQUIRED, "input", "comment")
    problems.raise_if_any()
    return words


async def decide(
    work: Work,
    kind: DecisionKind,
    outcome: Outcome,
    subject: tuple[str, UUID],
    *,
    case_id: UUID | None,
    comment: str | None = None,
    changes: list[dict[str, Any]] | None = None,
    post: PostHolding | None = None,
) -> Decision:
    """Record the act of the person for whom this work runs. Without `post`, the one held longest on that day."""
    person_id = work.actor.person_id
    if person_id is None:
        raise Refusal(RefusalCode.NOT_ALLOWED)
    post = post or await post_on(work.session, person_id, local_date(work.act.occurred_at))
    comment_id = put_optional(work.session, comment, work.now)
    await work.session.flush()
    decision = Decision(
        id=new_id(),
        case_id=case_id,
        subject_kind=subject[0],
        subject_id=subject[1],
        kind=kind,
        outcome=outcome,
        changes=changes or [],
        comment_id=comment_id,
        decided_by=person_id,
        post_id=post.id if post else None,
        printed_name=(await work.session.get_one(Person, person_id)).name,
        printed_post=post.post if post else None,
        printed_unit=await _unit_name(work, post),
        acted_for=work.acts_for,
        medium=work.act.medium,
        recorded_act_id=work.act.recorded_act_id,
        occurred_at=work.act.occurred_at,
        recorded_at=work.now,
    )
    work.session.add(decision)
    await work.session.flush()
    return decision


async def _unit_name(work: Work, post: PostHolding | None) -> str | None:
    if post is None:
        return None
    return (await unit_names_on(work.session, [post.unit_id], local_date(work.act.occurred_at)))[post.unit_id]
