"""A courier in a world, with channels that keep what they are given."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.authz import Policy
from app.core.ids import decode_id, new_id
from app.events.feed import give_places
from app.notifications.channels import Delivered, Outcome, Reminder, Way
from app.notifications.courier import LEASE, Courier
from app.notifications.listing import PLACES
from app.notifications.models import Notification, NotificationDelivery
from app.notifications.rules import GATHER_FOR, ReminderChannel
from tests.bed.world import World

SMS, WECOM = ReminderChannel.SMS, ReminderChannel.WECOM
HANDLER, HEAD = "chengguan.handler", "chengguan.head"
MOBILES = {HANDLER: "13800000001", HEAD: "13800000002"}
FRONT_END = "https://duban.example.gov.cn"


@dataclass(slots=True)
class Mailbag:
    """A channel; `outcomes` are given first, then all is delivered."""

    sent: list[tuple[str, str]] = field(default_factory=list)  # address, words
    keys: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    outcomes: list[Outcome | BaseException] = field(default_factory=list)

    async def send(self, message: Reminder, key: str) -> Outcome:
        self.sent.append((message.address, message.words))
        self.keys.append(key)
        self.links.append(message.link)
        outcome = self.outcomes.pop(0) if self.outcomes else Delivered(f"p{len(self.sent)}")
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def taken(self) -> list[tuple[str, str]]:
        """What came since the last look, by address."""
        found, self.sent = sorted(self.sent), []
        return found


def courier_of(world: World, *, lease: timedelta = LEASE, **ways: Way) -> Courier:
    async def policy() -> Policy:
        return await world.policies.now()

    return Courier(
        world.workplace, policy, {ReminderChannel(name): way for name, way in ways.items()}, FRONT_END, lease=lease
    )


async def carried(world: World, courier: Courier) -> None:
    """What is new is handed out; when it was waited for what else belongs to it, it goes out."""
    await courier.round()
    world.clock.move(GATHER_FOR)
    await courier.round()
    await courier.finish()


async def reachable(world: World, *logins: str, channel: str = "SMS", **wishes: Any) -> None:
    for login in logins or (HANDLER,):
        given = {"channel": channel, "address": MOBILES.get(login, "13800000009")} | wishes
        await world.as_(login).do("setNotificationAddress", "address { id }", **given)


async def states(world: World) -> dict[str, int]:
    async with world.database.read() as session:
        return dict(Counter(one.value for one in await session.scalars(select(NotificationDelivery.state))))


async def ledger(world: World, **where: Any) -> list[NotificationDelivery]:
    async with world.database.read() as session:
        rows = select(NotificationDelivery).filter_by(**where).order_by(NotificationDelivery.place)
        return list(await session.scalars(rows))


async def noted(world: World, topic: str, case: Mapping[str, Any]) -> None:
    """A message of this topic in the handler's inbox."""
    key = decode_id(case["id"])
    assert key is not None
    async with world.database.write() as session:
        session.add(
            Notification(
                person_id=world.district.people[HANDLER],
                case_id=key[1],
                topic=topic,
                subject_kind="case",
                subject_id=key[1],
                dedupe_key=str(new_id()),
                created_at=world.clock.now(),
            )
        )
    await give_places(world.database, PLACES)  # each at a time of its own: their order is this one
