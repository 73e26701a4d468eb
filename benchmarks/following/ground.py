"""A database with one case in which many units take part, and accounts that may follow it, each with a session.

An account holds as many sockets as it may. The first are people of the office; the others are outside systems that work
for a few of the units. So there are several rights, and many accounts.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from uuid import UUID

import asyncpg
from pydantic import SecretStr
from sqlalchemy import insert, make_url, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.authz import Role
from app.cases.models import Case
from app.core.clock import SystemClock
from app.core.database import Database
from app.core.ids import new_id
from app.core.migrate import upgrade
from app.core.settings import Settings
from app.demo.district import UNITS
from app.identity.models import Account, RoleGrant, Session
from app.identity.rules import AccountKind, Subordination
from app.identity.token_keys import signing_key
from app.identity.tokens import LONGEST_LIFE, Tokens
from app.regulation import load_regulation
from app.web.websocket import SocketLimits
from app.work.opening import load_policy
from benchmarks.crowd import Crowd, gather, settle

PEOPLE = ("duban.zhu", "duban.wu", "duban.zheng", "zhuren")
RIGHTS = 5  # units for which outside systems work
_LASTS = timedelta(hours=12)
_INSERT = """INSERT INTO event
(id, type, case_id, case_seq, subject_kind, subject_id, actor_kind, occurred_on, recorded_at, changes)
SELECT gen_random_uuid(), 'case.amended', $1, $2 + n, 'case', $1, 'MACHINE', current_date, now(), '[]'
FROM generate_series(1, $3) n"""


@dataclass(slots=True)
class Ground:
    """The database, the case, and sessions by account, each account as often as it may open sockets."""

    url: str
    case_id: UUID
    sessions: list[tuple[UUID, UUID]]
    written: int = 0

    async def write(self, connection: asyncpg.Connection, count: int) -> None:
        """So many facts of the case, in one transaction, as a use case would leave them."""
        await connection.execute(_INSERT, self.case_id, self.written, count)
        self.written += count

    def tokens(self, folder: Path) -> list[str]:
        """An access token for each socket. They last a quarter of an hour."""
        settings, now = Settings(token_key=SecretStr((folder / "token_key").read_text())), SystemClock().real_now()
        tokens = Tokens(
            signing_key(settings), issuer=settings.issuer, audience=settings.audience, lifetime=LONGEST_LIFE
        )
        return [tokens.issue(*session, now, now + _LASTS).text for session in self.sessions]


@asynccontextmanager
async def prepared(server: str, sockets: int) -> AsyncIterator[Ground]:
    """A database of its own on a server, gone afterwards."""
    name = "duban_bench_following"
    url = make_url(server).set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    driven = make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
    connection = await asyncpg.connect(make_url(server).set(drivername="postgresql").render_as_string(False))
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8'")
        await upgrade(driven)
        yield await _filled(url, driven, sockets)
    finally:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.close()


async def _filled(url: str, driven: str, sockets: int) -> Ground:
    database, regulation, policy, now = Database(driven), load_regulation(), load_policy(), SystemClock().now()
    try:
        units = await settle(database, regulation, policy, now)
        day = now.date()
        names = [one.name for one in UNITS if one.subordination is Subordination.DISTRICT]
        await gather(database, regulation, units, [Crowd(1, len(names), day, _weekday(day + timedelta(days=14)))])
        async with database.write() as session:
            case_id = (await session.scalars(select(Case.id))).one()
            accounts = list(await session.scalars(select(Account.id).where(Account.login.in_(PEOPLE))))
            each = SocketLimits().sockets_per_caller
            systems = -(-max(sockets - each * len(accounts), 0) // each)
            for number, unit in zip(range(systems), cycle(names[:RIGHTS]), strict=False):
                accounts.append(await _system(session, number, units[unit], now))
            places = [account for account in accounts for _ in range(each)][:sockets]
            sessions = [(account, new_id()) for account in places]
            opened = {"created_at": now, "expires_at": now + _LASTS}
            rows = [{"id": key, "account_id": account, **opened} for account, key in sessions]
            await session.execute(insert(Session), rows)
    finally:
        await database.close()
    return Ground(url, case_id, sessions)


async def _system(session: AsyncSession, number: int, unit_id: UUID, now: datetime) -> UUID:
    key = new_id()
    session.add(Account(id=key, kind=AccountKind.SERVICE, login=f"system{number}", created_at=now))
    await session.flush()
    session.add(RoleGrant(account_id=key, role=Role.SERVICE, unit_id=unit_id, valid_from=now, basis="试"))
    return key


def _weekday(day: date) -> date:
    """The day, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
