"""The emergency account as administrators see it. Its secret is never shown."""

from datetime import datetime

import strawberry

from app.emergency import models
from app.emergency.rules import SealStanding, standing_of
from app.graphql.declarations import column, computed, global_id, reads, text, to_one
from app.graphql.node import Node
from app.graphql.units import Person
from app.reads.filters import Listing
from app.reads.keyset import descending


@strawberry.type(description="A sealing of the emergency account by two administrators (应急账号封存).")
@reads(models.EmergencySeal, object="emergency_seal")
class EmergencySeal(Node):
    id: strawberry.ID = global_id("emergencyseal")
    standing: SealStanding = computed(
        standing_of,
        models.EmergencySeal.state,
        models.EmergencySeal.open_until,
        models.EmergencySeal.closed_at,
        description="What it is worth now (封存状态).",
    )
    begun_by: Person | None = to_one(models.EmergencySeal.begun_by, description="Who was told the first half.")
    begun_at: datetime = column(models.EmergencySeal.begun_at, description="When.")
    completed_by: Person | None = to_one(
        models.EmergencySeal.completed_by, description="Who was told the second half; null while it is missing."
    )
    completed_at: datetime | None = column(models.EmergencySeal.completed_at, description="When.")
    opened_at: datetime | None = column(models.EmergencySeal.opened_at, description="When it was opened (启封).")
    open_until: datetime | None = column(
        models.EmergencySeal.open_until, description="When the opening ends, or would have ended, by itself."
    )
    reason: str | None = text(models.EmergencySeal.reason_id, description="What those who opened it gave as reason.")
    restorations: int = column(
        models.EmergencySeal.restorations, description="How many administrators' accounts were restored."
    )
    closed_at: datetime | None = column(
        models.EmergencySeal.closed_at, description="When it was ended before its time."
    )
    closed_by: Person | None = to_one(
        models.EmergencySeal.closed_by, description="By whom; null also where the account itself did it."
    )


EMERGENCY_SEALS = Listing(
    model=models.EmergencySeal, order=(descending(models.EmergencySeal.begun_at),), filters={}, orders={}
)
