"""Units and posts in the course of time: a new name, a last day. Nothing is overwritten, nothing is deleted."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import NAME, clean, clean_optional
from app.identity.models import PostHolding, Unit, UnitName
from app.identity.service.units_and_people import refuse_taken_name
from app.work import Work


@dataclass(frozen=True, slots=True)
class RenameUnit:
    unit_id: UUID
    name: str
    valid_from: date
    short_name: str | None = None


@dataclass(frozen=True, slots=True)
class CloseUnit:
    """`last_day` is the last on which the unit exists."""

    unit_id: UUID
    last_day: date


@dataclass(frozen=True, slots=True)
class EndPost:
    """`last_day` is the last on which the post is held."""

    post_id: UUID
    last_day: date


async def rename_unit(work: Work, command: RenameUnit) -> Unit:
    """A unit's new name, from a day up to today on. What was printed before keeps the name of its day."""
    unit = await work.load(Unit, command.unit_id)
    await work.require("unit.rename", unit)
    if unit.valid_until is not None:
        raise Refusal(RefusalCode.STATUS_CONFLICT)
    problems = Problems()
    name = clean(problems, command.name, NAME, "input", "name")
    short_name = clean_optional(problems, command.short_name, NAME, "input", "shortName")
    present = await _present_name(work, unit)
    fine = present.valid_from < command.valid_from <= work.today
    problems.check(fine, RefusalCode.BAD_DATE, "input", "validFrom")
    problems.raise_if_any()
    await refuse_taken_name(work, name)
    present.valid_until = command.valid_from - timedelta(days=1)
    work.session.add(UnitName(unit_id=unit.id, name=name, valid_from=command.valid_from))
    unit.name, unit.short_name = name, short_name
    unit.version, unit.updated_at = unit.version + 1, work.now
    await work.record_admin("unit.renamed", ("unit", unit.id), action="unit.rename")
    return unit


async def close_unit(work: Work, command: CloseUnit) -> Unit:
    """From the next day on nothing is dispatched to it any more; what it has in hand stays its own."""
    unit = await work.load(Unit, command.unit_id)
    await work.require("unit.close", unit)
    if unit.valid_until is not None:
        raise Refusal(RefusalCode.ALREADY_DONE)
    present = await _present_name(work, unit)
    problems = Problems()
    problems.check(present.valid_from <= command.last_day, RefusalCode.BAD_DATE, "input", "lastDay")
    problems.raise_if_any()
    unit.valid_until = command.last_day
    unit.version, unit.updated_at = unit.version + 1, work.now
    await work.record_admin("unit.closed", ("unit", unit.id), action="unit.close")
    return unit


async def end_post(work: Work, command: EndPost) -> PostHolding:
    """A post's last day, or an earlier one than was known. The roles of its holder are taken on their own."""
    holding = await work.load(PostHolding, command.post_id)
    await work.require("post.end", holding)
    known = holding.valid_until
    if known == command.last_day:
        raise Refusal(RefusalCode.ALREADY_DONE)
    problems = Problems()
    fine = holding.valid_from <= command.last_day and (known is None or command.last_day < known)
    problems.check(fine, RefusalCode.BAD_DATE, "input", "lastDay")
    problems.raise_if_any()
    holding.valid_until = command.last_day
    await work.record_admin("post.ended", ("post", holding.id), action="post.end")
    return holding


async def _present_name(work: Work, unit: Unit) -> UnitName:
    statement = select(UnitName).where(UnitName.unit_id == unit.id, UnitName.valid_until.is_(None))
    return (await work.session.execute(statement)).scalar_one()
