"""What follows from a message: the table of topics. It lies here because every feature lies below.

A reaction runs in a transaction of its own, in the machine's name, as often as the message is delivered: what it does
a second time changes nothing.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accountability.models import AccountabilityProposal
from app.cases.models import Case
from app.circulars.models import Circular
from app.circulars.queries import recipients_of
from app.core.zone import local_date
from app.deadlines.dates import Reckoning
from app.deadlines.hours import after_quiet_hours, next_urging_window
from app.deadlines.rules import SubjectKind
from app.escalation.delivering import deliver_urging
from app.escalation.drafting import draft_talk
from app.escalation.handing_on import hand_on
from app.escalation.rules import Audience
from app.escalation.settling import settle_urgings
from app.evaluations.queries import sheets_of
from app.evaluations.rules import SheetStanding
from app.notifications.addressees import Addressees, of_audiences, of_todos, of_units, who_may_see
from app.notifications.occasion import Occasion
from app.notifications.service import tell
from app.work import Work

Hours = Callable[[Reckoning, datetime], datetime]


@dataclass(frozen=True, slots=True)
class Reaction:
    """`hours` gives the first moment, from a moment on, at which it may run."""

    run: Callable[[Work, Occasion], Awaitable[None]]
    hours: Hours


# Who hears of what waits for nobody. Where something waits, those hear for whom it does.
_TOLD: dict[str, tuple[Audience, ...]] = {
    "case.amended": (Audience.ALL_UNITS,),
    "case.suspended": (Audience.ALL_UNITS,),
    "case.resumed": (Audience.ALL_UNITS,),
    "case.cancelled": (Audience.ALL_UNITS,),
    "case.closed": (Audience.ALL_UNITS,),
    "case.reopened": (Audience.ALL_UNITS,),
    "report.accepted": (Audience.UNIT,),
    "report.returned": (Audience.UNIT,),
    "contribution.submitted": (Audience.LEAD_UNIT,),
    "explanation.answered": (Audience.UNIT,),
    "extension.decided": (Audience.UNIT,),
    "reassignment.decided": (Audience.UNIT,),
    "urging.withdrawn": (Audience.UNIT,),
    "evaluation.objection_answered": (Audience.UNIT,),
    "circular.reply_reviewed": (Audience.UNIT,),
    "talk.issued": (Audience.UNIT,),
    "talk.postponed": (Audience.UNIT,),
    "talk.cancelled": (Audience.UNIT,),
    "conclusion.issued": (Audience.UNIT,),
    "conclusion.withdrawn": (Audience.UNIT,),
}


def concerns_somebody(occasion: Occasion) -> bool:
    """Whether anything follows from a message at all."""
    return occasion.topic in _REACTIONS or occasion.topic in _TOLD or bool(occasion.todos_opened)


def reaction_to(occasion: Occasion) -> Reaction:
    return _REACTIONS.get(occasion.topic, _NOTIFY)


async def _notify(work: Work, occasion: Occasion) -> None:
    """Tell those who come to owe something, and those who must hear of it; not who did it."""
    about = await _about(work, occasion)
    case = about if isinstance(about, Case) else None
    found = await of_audiences(work, _TOLD.get(occasion.topic, ()), case, occasion.unit_id)
    found = await of_todos(work, occasion.todos_opened) | found
    if occasion.actor_id is not None:
        found.pop(occasion.actor_id, None)
    await _tell(work, occasion, about, found)


async def _settle(work: Work, occasion: Occasion) -> None:
    """A report came or went."""
    if occasion.case_id is not None:
        await settle_urgings(work, occasion.case_id)
    await _notify(work, occasion)


async def _deliver_urging(work: Work, occasion: Occasion) -> None:
    """The urging reaches its unit. Several that reach it on one day are one message: they are of one stage."""
    urging = await deliver_urging(work, UUID(occasion.message.payload["urging"]))
    if urging is None or urging.delivered_at is None:
        return
    case = await work.session.get_one(Case, urging.case_id)
    found = await who_may_see(work, case, await of_units(work, [urging.unit_id]))
    await tell(
        work,
        found,
        key=f"urged:{urging.assignment_id}:{work.today.isoformat()}",
        topic="urging.delivered",
        subject=("urging", urging.id),
        case_id=case.id,
    )


async def _draft_talk(work: Work, occasion: Occasion) -> None:
    """Those who issue the drafts hear of it by the message of the drafts."""
    await draft_talk(work, UUID(occasion.message.payload["urging"]))


async def _pass_on(work: Work, occasion: Occasion) -> None:
    """A date of somebody has passed: who watches over it hears; an explanation goes on to who leads the office."""
    payload = occasion.message.payload
    kind, key = payload["subject"]
    if kind == SubjectKind.EXPLANATION:
        await hand_on(work, UUID(key))  # told by the message of that
        return
    case = await _case(work, occasion)
    unit_id = UUID(payload["unit"]) if payload["unit"] else None
    audiences = [Audience(name) for name in payload["audiences"]]
    await _tell(work, occasion, case, await of_audiences(work, audiences, case, unit_id))


async def _circulate(work: Work, occasion: Occasion) -> None:
    """To all its units, most of which see nothing of the case: the message does not name it, and so is seen."""
    circular = await work.session.get_one(Circular, occasion.subject[1])
    if circular.document_id is None:  # a draft that was dropped
        return
    recipients = await recipients_of(work.session, circular.document_id)
    found = await of_units(work, [recipient.unit_id for recipient in recipients if recipient.unit_id])
    await tell(
        work,
        found,
        key=occasion.message.dedupe_key,
        topic=occasion.topic,
        subject=occasion.subject,
        case_id=None,
    )


async def _show_sheets(work: Work, occasion: Occasion) -> None:
    """Every unit that is assessed hears that it may see its sheet."""
    sheets = await sheets_of(work.session, occasion.subject[1])
    assessed = [sheet.unit_id for sheet in sheets if sheet.standing is not SheetStanding.NONE]
    found = await of_units(work, assessed) | await of_todos(work, occasion.todos_opened)
    await _tell(work, occasion, None, found)


async def _nothing(_work: Work, _occasion: Occasion) -> None:
    pass


async def _case(work: Work, occasion: Occasion) -> Case | None:
    return await work.session.get_one(Case, occasion.case_id) if occasion.case_id else None


async def _about(work: Work, occasion: Occasion) -> Case | AccountabilityProposal | None:
    """In whose chain it was recorded: acts done outside are of either kind."""
    if occasion.subject[0] in {"accountability", "recorded_act"} and occasion.case_id is not None:
        proposal = await work.session.get(AccountabilityProposal, occasion.case_id)
        if proposal is not None:
            return proposal
    return await _case(work, occasion)


async def _tell(work: Work, occasion: Occasion, about: Case | AccountabilityProposal | None, found: Addressees) -> None:
    await tell(
        work,
        await who_may_see(work, about, found),
        key=occasion.message.dedupe_key,
        topic=occasion.topic,
        subject=occasion.subject,
        case_id=about.id if isinstance(about, Case) else None,
        accountability_id=about.id if isinstance(about, AccountabilityProposal) else None,
    )


def _on_workdays(reckoning: Reckoning, at: datetime) -> datetime:
    """By day on a working day."""
    awake = after_quiet_hours(reckoning, at)
    worked = reckoning.calendar.is_workday(local_date(awake))
    return awake if worked else next_urging_window(reckoning, awake)


_NOTIFY = Reaction(_notify, after_quiet_hours)
_REACTIONS: dict[str, Reaction] = {
    "urging.issued": Reaction(_deliver_urging, next_urging_window),
    "urging.delivered": Reaction(_nothing, after_quiet_hours),  # told by the delivery itself
    "urging.unanswered": Reaction(_draft_talk, _on_workdays),
    "report.submitted": Reaction(_settle, after_quiet_hours),
    "report.withdrawn": Reaction(_settle, after_quiet_hours),
    "deadline.passed": Reaction(_pass_on, after_quiet_hours),
    "evaluation.shown": Reaction(_show_sheets, after_quiet_hours),
    "circular.published": Reaction(_circulate, after_quiet_hours),
    "circular.withdrawn": Reaction(_circulate, after_quiet_hours),
}
