"""The talk held and the conclusion issued: a circular that waits for its approver, or has it."""

from typing import Any

from app.acts.rules import Outcome
from app.circulars.models import Circular
from app.circulars.service import (
    ApproveCircular,
    PublishCircular,
    approve_circular,
    hold_talk_before_circular,
    issue_conclusion_before_circular,
    publish_circular,
)
from app.inspections.service import IssueConclusion
from app.talks.service import HoldTalk
from tests.reports.desk import Desk
from tests.talks.ladder import Ladder, issued

STATEMENT = "因人员调整，未及时上报。"


def held(desk: Desk, ladder: Ladder, **changes: Any) -> HoldTalk:
    given: dict[str, Any] = {
        "appeared_id": desk.district.people["chengguan.head"],
        "statement": STATEMENT,
        "minutes": "约谈纪要。",
    }
    return HoldTalk(ladder.talk_id, **(given | changes))


async def ready(desk: Desk, **dispatch: Any) -> Ladder:
    """Monday, 29 June 2026, 16:00: the circular lies before the 区长."""
    ladder = await issued(desk, **dispatch)
    await desk.do("quzhang", issue_conclusion_before_circular, IssueConclusion(ladder.conclusion_id, 1))
    desk.at(6, 29, 16)
    await desk.do("duban.wu", hold_talk_before_circular, held(desk, ladder))
    return ladder


async def approved(desk: Desk, circular: Circular | None = None, login: str = "quzhang") -> Circular:
    """Approved as it stands; by default the one that follows a talk."""
    row = circular or await desk.row(Circular, (await ready(desk)).circular_id)
    return await desk.do(login, approve_circular, ApproveCircular(row.id, row.version, Outcome.APPROVED))


async def published(desk: Desk) -> Circular:
    circular = await approved(desk)
    return await desk.do("duban.wu", publish_circular, PublishCircular(circular.id, circular.version))
