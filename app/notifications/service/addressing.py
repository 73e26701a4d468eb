"""How a person is reached beside his inbox: set by himself, or by the system administrator."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.identity.models import Person
from app.notifications.models import NotificationAddress
from app.notifications.rules import ReminderChannel, ReminderKind, check_address, keeps_what_is_mandatory
from app.work import Work


@dataclass(frozen=True, slots=True)
class SetNotificationAddress:
    """`person_id` None: one's own. `address` None: not by this channel any more. `kinds` None: all."""

    channel: ReminderChannel
    person_id: UUID | None = None
    address: str | None = None
    kinds: tuple[ReminderKind, ...] | None = None


async def set_notification_address(work: Work, command: SetNotificationAddress) -> NotificationAddress:
    """Where what kinds of reminders go. As long as anything does, what is mandatory must go somewhere, too."""
    person_id = command.person_id or work.actor.person_id
    person = await work.session.get(Person, person_id, with_for_update=True) if person_id is not None else None
    known = await _known(work, person_id)
    is_new = command.channel not in known
    row = known.pop(command.channel, None) or NotificationAddress(
        id=new_id(), person_id=person_id, channel=command.channel
    )
    await work.require("notification_address.set", row)
    problems = Problems()
    problems.check(person is not None, RefusalCode.BAD_ID, "input", "person")
    kinds = " ".join(sorted(set(ReminderKind if command.kinds is None else command.kinds)))
    others = [one.kinds.split() for one in known.values()]
    if command.address is None:
        problems.check(command.kinds is None, RefusalCode.NOT_APPLICABLE, "input", "kinds")
        address, kept = None, others
    else:
        address = check_address(problems, command.channel, command.address, "input", "address")
        kept = [*others, kinds.split()]
    problems.check(keeps_what_is_mandatory(kept), RefusalCode.MANDATORY_REMINDER, "input", "kinds")
    problems.raise_if_any()
    if address is None:
        await _forget(work, row, is_new=is_new)
    else:
        await _keep(work, row, address, kinds, is_new=is_new)
    return row


async def _keep(work: Work, row: NotificationAddress, address: str, kinds: str, *, is_new: bool) -> None:
    if not is_new and (row.address, row.kinds) == (address, kinds):
        raise Refusal(RefusalCode.ALREADY_DONE)
    row.address, row.kinds = address, kinds
    work.session.add(row)
    subject = ("notification_address", row.id)
    await work.record_admin("notification_address.set", subject, action="notification_address.set")


async def _forget(work: Work, row: NotificationAddress, *, is_new: bool) -> None:
    if is_new:
        raise Refusal(RefusalCode.ALREADY_DONE)
    await work.session.delete(row)
    subject = ("notification_address", row.id)
    await work.record_admin("notification_address.removed", subject, action="notification_address.set")


async def _known(work: Work, person_id: UUID | None) -> dict[ReminderChannel, NotificationAddress]:
    statement = select(NotificationAddress).where(NotificationAddress.person_id == person_id)
    return {one.channel: one for one in await work.session.scalars(statement)}
