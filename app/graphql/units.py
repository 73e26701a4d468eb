"""Units and people as the schema shows them, and how people are reached."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from app.graphql.declarations import column, global_id, reads, to_many, to_one
from app.graphql.made import made
from app.graphql.node import Node
from app.identity import models
from app.identity.rules import ContactKind, LeaderSystem, PostCapacity, Subordination, UnitKind
from app.notifications import models as notifications
from app.notifications.rules import ReminderChannel, ReminderKind
from app.reads.keyset import ascending


@strawberry.type(description="A unit (单位): a town, subdistrict, department, enterprise, institution, or the office.")
@reads(models.Unit, object="unit")
class Unit(Node):
    id: strawberry.ID = global_id("unit")
    name: str = column(models.Unit.name, description="Its name today (名称).")
    short_name: str | None = column(models.Unit.short_name, description="Its short name (简称).")
    kind: UnitKind = column(models.Unit.kind, description="Kind (单位类别).")
    subordination: Subordination = column(models.Unit.subordination, description="Whose unit it is (隶属关系).")
    valid_from: date = column(models.Unit.valid_from, description="First day.")
    valid_until: date | None = column(models.Unit.valid_until, description="Last day; null: not yet known.")
    parent: Annotated["Unit", strawberry.lazy("app.graphql.units")] | None = to_one(
        models.Unit.parent_id, description="The unit above it (上级单位)."
    )
    posts: list[Annotated["Post", strawberry.lazy("app.graphql.units")]] = to_many(
        models.PostHolding.unit_id,
        order=[ascending(models.PostHolding.valid_from)],
        description="Who holds which post there, past ones included (任职).",
    )
    contacts: list[Annotated["UnitContact", strawberry.lazy("app.graphql.units")]] = to_many(
        models.UnitContact.unit_id,
        order=[ascending(models.UnitContact.kind)],
        where=lambda row: row.c.removed_at.is_(None),
        description="Whom its notices go to, and whom to call (联系人).",
    )


@strawberry.type(description="A person (人员).")
@reads(models.Person, object="person")
class Person(Node):
    id: strawberry.ID = global_id("person")
    name: str = column(models.Person.name, description="Name (姓名).")
    system: LeaderSystem | None = column(
        models.Person.system, description="The leading body of a leader (领导系统); null for others."
    )
    portfolio: str | None = column(models.Person.portfolio, description="What a leader is in charge of (分管).")
    notification_addresses: list[Annotated["NotificationAddress", strawberry.lazy("app.graphql.units")]] = to_many(
        notifications.NotificationAddress.person_id,
        order=[ascending(notifications.NotificationAddress.channel)],
        description="Where reminders go beside his inbox, for himself and the system administrator (提醒地址).",
    )


@strawberry.type(description="A post as held by a person (任职).")
@reads(models.PostHolding)
class Post(Node):
    id: strawberry.ID = global_id("post")
    post: str = column(models.PostHolding.post, description="The post (职务).")
    capacity: PostCapacity = column(models.PostHolding.capacity, description="How it is held (任职方式).")
    valid_from: date = column(models.PostHolding.valid_from, description="First day.")
    valid_until: date | None = column(models.PostHolding.valid_until, description="Last day; null: not yet known.")
    person: Person | None = to_one(models.PostHolding.person_id, description="Who holds it.")
    unit: Unit | None = to_one(models.PostHolding.unit_id, description="Where.")


@strawberry.type(description="Whom to reach in a unit, for what (联系人). It gives no right.")
@reads(models.UnitContact, object="contact")
class UnitContact(Node):
    id: strawberry.ID = global_id("contact")
    kind: ContactKind = column(models.UnitContact.kind, description="For what (类别).")
    phone: str | None = column(models.UnitContact.phone, description="Telephone (电话).")
    person: Person | None = to_one(models.UnitContact.person_id, description="Who.")
    unit: Unit | None = to_one(models.UnitContact.unit_id, description="Where.")
    removed_at: datetime | None = column(models.UnitContact.removed_at, description="When it ended; null: it has not.")


@strawberry.type(description="A name for many units (单位组), resolved when a case is dispatched.")
@reads(models.UnitGroup)
class UnitGroup(Node):
    id: strawberry.ID = global_id("group")
    name: str = column(models.UnitGroup.name, description="Its name, e.g. 各街道办事处.")
    members: list[Unit] = to_many(
        models.UnitGroupMember.group_id,
        through=models.UnitGroupMember.unit_id,
        order=[ascending(models.Unit.name)],
        description="The units of today (成员).",
    )


def _kinds(stored: str) -> list[ReminderKind]:
    return [ReminderKind(one) for one in stored.split()]


@strawberry.type(description="Where reminders of a person go by a channel (提醒地址).")
@reads(notifications.NotificationAddress, object="notification_address")
class NotificationAddress(Node):
    id: strawberry.ID = global_id("address")
    channel: ReminderChannel = column(notifications.NotificationAddress.channel, description="By which channel.")
    address: str = column(
        notifications.NotificationAddress.address,
        description="Mobile number, mail address, or the provider's id of him.",
    )
    kinds: list[ReminderKind] = made(
        _kinds, notifications.NotificationAddress.kinds, description="Which reminders go there."
    )
    person: Person | None = to_one(notifications.NotificationAddress.person_id, description="Whose it is.")
