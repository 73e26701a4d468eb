"""Reading the parameter file, recording its versions, and finding the version that something was decided under."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.paths import shipped
from app.core.zone import local_date
from app.regulation.models import RuleSet
from app.regulation.rules import Regulation, filled, parse_regulation, regulation_of_body

_known: dict[UUID, Regulation] = {}  # a handful in the life of an installation; ids say what they hold


def load_regulation(path: Path | None = None) -> Regulation:
    """The shipped `policies/regulation.toml`, or another file. ValueError says what is wrong with it."""
    return parse_regulation((path or shipped("policies") / "regulation.toml").read_text(encoding="utf-8"))


def rule_set_id(regulation: Regulation) -> UUID:
    """Derived from the content, so that two processes that start at once agree, and a cache by id cannot lie."""
    return UUID(hex=regulation.digest()[:32])


async def current_rule_set(session: AsyncSession, regulation: Regulation, now: datetime) -> RuleSet:
    """The row of these parameters; an unknown digest becomes a new row. Safe with several processes at once."""
    if regulation.effective_from > local_date(now):
        raise ValueError(f"regulation.toml takes effect on {regulation.effective_from}, not yet")
    key = rule_set_id(regulation)
    found = await session.get(RuleSet, key)
    if found is None:
        await _record(session, key, regulation, now)
        found = await session.get_one(RuleSet, key)
    return found


async def _record(session: AsyncSession, key: UUID, regulation: Regulation, now: datetime) -> None:
    row = {
        "id": key,
        "digest": regulation.digest(),
        "body": regulation.body(),
        "effective_from": regulation.effective_from,
        "recorded_at": now,
    }
    try:
        async with session.begin_nested():
            await session.execute(insert(RuleSet).values(row))
    except IntegrityError:
        return  # another process was faster with the same content; its row is read next


async def rule_set_of(session: AsyncSession, rule_set_id: UUID) -> Regulation:
    """The parameters of a recorded version; what it did not know yet, as it is shipped now."""
    if rule_set_id not in _known:
        body = await session.scalar(select(RuleSet.body).where(RuleSet.id == rule_set_id))
        if body is None:
            raise LookupError(f"no rule set {rule_set_id}")
        _known[rule_set_id] = regulation_of_body(filled(body, load_regulation().body()))
    return _known[rule_set_id]
