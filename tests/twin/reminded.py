"""What leaves a world for its viewers by a channel, where each of them is told of all that lies in his inbox."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select

from app.cases.models import Case
from app.core.database import Database
from app.core.ids import new_id
from app.events.feed import give_places
from app.notifications.listing import PLACES
from app.notifications.models import Notification, NotificationAddress, NotificationChannel
from app.notifications.rules import ReminderChannel, ReminderKind
from tests.bed.world import World
from tests.notifications.bed import Mailbag, carried, courier_of
from tests.twin.cast import VIEWERS
from tests.twin.worlds import Twins, opened

REMINDED = tuple(login for login in VIEWERS if login not in (None, "system"))
Sent = dict[str, list[tuple[str, str]]]


@contextmanager
def copy_of(twins: Twins, name: str) -> Iterator[str]:
    with twins.server.database(twins.told[name].url) as url:
        yield url


async def cases_in(url: str) -> set[UUID]:
    database = Database(url)
    async with database.read() as session:
        found = set((await session.scalars(select(Case.id))).all())
    await database.close()
    return found


async def sent_in(twins: Twins, url: str, hidden: Collection[UUID] = ()) -> Sent:
    """By viewer words and link of what he is sent. Of `hidden` cases he was told while he knew of them."""
    async with opened(url, twins.ground) as world:
        async with world.database.write() as session:
            for number, login in enumerate(REMINDED):
                session.add(_address(world, login, number))
                session.add_all(_told(world, login, case_id) for case_id in hidden)
            session.add(NotificationChannel(channel=ReminderChannel.SMS, place=0))
        await give_places(world.database, PLACES)
        sms = Mailbag()
        await carried(world, courier_of(world, SMS=sms))
    sent: Sent = defaultdict(list)
    for (address, words), link in zip(sms.sent, sms.links, strict=True):
        sent[REMINDED[int(address)]].append((words, link))
    return {login: sorted(found) for login, found in sent.items()}


def _address(world: World, login: str, number: int) -> NotificationAddress:
    person = world.district.people[login]
    return NotificationAddress(
        person_id=person, channel=ReminderChannel.SMS, address=str(number), kinds=" ".join(ReminderKind)
    )


def _told(world: World, login: str, case_id: UUID) -> Notification:
    return Notification(
        person_id=world.district.people[login],
        case_id=case_id,
        topic="case.dispatched",
        subject_kind="case",
        subject_id=case_id,
        dedupe_key=str(new_id()),
        created_at=world.clock.now(),
    )
