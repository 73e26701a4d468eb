"""What holds of the records after anything that people did: unbroken chains, a history that tells the present."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from app.accountability.models import AccountabilityProposal
from app.audit.models import AdminRecord
from app.cases.models import Case, CaseParticipant
from app.core.database import Base
from app.events.changes import plain, plain_columns
from app.events.history import State, fold
from app.events.models import Event, OutboxMessage
from app.events.verifying import verify_chains
from app.statistics.listing import CASE_LISTING
from tests.bed.world import World


async def events_of(world: World) -> list[Event]:
    """All events in the order in which they were recorded."""
    async with world.database.read() as session:
        statement = select(Event).join(OutboxMessage, OutboxMessage.event_id == Event.id)
        return list(await session.scalars(statement.order_by(OutboxMessage.position)))


async def administered_in(world: World) -> list[str]:
    """The acts of administration in the order of their chain."""
    async with world.database.read() as session:
        return list(await session.scalars(select(AdminRecord.action).order_by(AdminRecord.seq)))


async def live(world: World, told: State) -> State:
    """The plain fields of every row, as the tables of which the history tells hold them."""
    tables = {table for table, _ in told}
    found: State = {}
    async with world.database.read() as session:
        for mapper in Base.registry.mappers:
            table = mapper.class_.__table__
            if table.name not in tables:
                continue
            for row in (await session.execute(select(table))).mappings():
                fields = {name: plain(row[name]) for name in plain_columns(mapper) if row[name] is not None}
                found[table.name, tuple(plain(row[column.name]) for column in table.primary_key)] = fields
    return found


def differences(told: State, held: State) -> dict[Any, Any]:
    """Where the history and the tables do not agree: field by field what each says."""
    found = {}
    for key in told.keys() | held.keys():
        of_history = {name: value for name, value in told.get(key, {}).items() if value is not None}
        of_table = held.get(key, {})
        if key[0] == "stored_file":  # taken in by no event; tied to its case by one
            of_history = of_table | of_history
        wrong = {name for name, _ in of_history.items() ^ of_table.items()}
        if wrong:
            found[key] = {name: (of_history.get(name), of_table.get(name)) for name in wrong}
    return found


async def check_records(world: World) -> None:
    async with world.database.read() as session:
        _, broken = await verify_chains(session, Case, AccountabilityProposal)
    assert broken == [], broken
    told = fold(await events_of(world))
    found = differences(told, await live(world, told))
    assert found == {}, found
    assert await stale_copies(world) == []


async def stale_copies(world: World) -> list[UUID]:
    """The cases whose participants hold something else than the case itself of what lists are sorted and ruled by."""
    assert CASE_LISTING.copies is not None
    copies = CASE_LISTING.copies.columns
    stale = or_(*(copy.is_distinct_from(getattr(Case, name)) for name, copy in copies.items()))
    async with world.database.read() as session:
        statement = select(Case.id).join(CaseParticipant, CaseParticipant.case_id == Case.id).where(stale)
        return list(await session.scalars(statement.distinct()))
