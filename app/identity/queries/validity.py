"""What "valid" means in SQL: posts and names by day, grants and clearances by instant."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.identity.models import PersonClearance, RoleGrant


def on_day(
    valid_from: InstrumentedAttribute[date], valid_until: InstrumentedAttribute[date | None], day: Any
) -> ColumnElement[bool]:
    """Both days included; no end means until further notice."""
    return and_(valid_from <= day, or_(valid_until.is_(None), valid_until >= day))


def at_instant(
    valid_from: InstrumentedAttribute[datetime], valid_until: InstrumentedAttribute[datetime | None], now: Any
) -> ColumnElement[bool]:
    """From the beginning on, up to and without the end."""
    return and_(valid_from <= now, or_(valid_until.is_(None), valid_until > now))


def in_force(held: type[RoleGrant | PersonClearance], now: Any) -> ColumnElement[bool]:
    """What nobody has to approve any more, nobody took back, and whose time it is."""
    return and_(held.pending.is_(False), held.revoked_at.is_(None), at_instant(held.valid_from, held.valid_until, now))
