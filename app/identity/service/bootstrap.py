"""The first administrators: four different people, before any right exists, and never again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import append_admin_record
from app.authz import Actor, ActorKind, Role
from app.authz.versions import current_policy_version
from app.core.clock import Clock
from app.core.database import Database
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import NAME, clean
from app.events import changes
from app.identity.models import Account, Person, RoleGrant
from app.identity.passwords import Passwords, one_time_password
from app.identity.rules import ADMINISTRATOR_ROLES, AccountKind, canonical_login
from app.identity.service.accounts import clean_login

_BASIS = "系统初始化"

# Who runs commands on the server: holds no role, and is named in the record
OPERATOR = Actor(
    kind=ActorKind.OPERATOR,
    account_id=None,
    person_id=None,
    name="运维",
    clearance=Classification.PUBLIC,
    unit_ids=frozenset(),
    grants=(),
)


@dataclass(frozen=True, slots=True)
class Administrator:
    role: Role
    name: str
    login: str


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """Shown once. The password is good for one sign-in, which must change it."""

    role: Role
    name: str
    login: str
    password: str


async def admin_bootstrap(
    database: Database, clock: Clock, passwords: Passwords, administrators: Sequence[Administrator]
) -> list[FirstAccount]:
    """Create the four administrators. ALREADY_DONE when anybody holds, or ever held, any role."""
    wanted = _checked(administrators)
    issued = [(who, one_time_password()) for who in wanted]
    hashes = [await passwords.hash(password) for _, password in issued]
    async with database.write() as session:
        changes.watch(session)
        await _begin(session, clock.now())
        for (who, _), password_hash in zip(issued, hashes, strict=True):
            await _create(session, who, password_hash, clock)
    return [FirstAccount(who.role, who.name, who.login, password) for who, password in issued]


def _checked(administrators: Sequence[Administrator]) -> list[Administrator]:
    problems = Problems()
    roles = [who.role for who in administrators]
    problems.check(
        len(roles) == len(ADMINISTRATOR_ROLES) and set(roles) == ADMINISTRATOR_ROLES,
        RefusalCode.REQUIRED,
        "administrators",
    )
    for name in ("name", "login"):
        values = [canonical_login(getattr(who, name)) for who in administrators]
        problems.check(len(set(values)) == len(values), RefusalCode.DUPLICATE, "administrators", name)
    wanted = [
        Administrator(
            who.role,
            clean(problems, who.name, NAME, "administrators", index, "name"),
            clean_login(problems, who.login, "administrators", index, "login"),
        )
        for index, who in enumerate(administrators)
    ]
    problems.raise_if_any()
    return wanted


async def _begin(session: AsyncSession, now: datetime) -> None:
    """The first link holds the head of the chain, so that two runs at once are one after the other."""
    await _record(session, "administration.bootstrap", ("administration", None), now)
    if (await session.execute(select(exists().select_from(RoleGrant)))).scalar_one():
        raise Refusal(RefusalCode.ALREADY_DONE)


async def _create(session: AsyncSession, who: Administrator, password_hash: str, clock: Clock) -> None:
    now = clock.now()
    person = Person(id=new_id(), name=who.name, updated_at=now)
    session.add(person)
    await session.flush()
    account = Account(
        kind=AccountKind.PERSON,
        person_id=person.id,
        login=who.login,
        password_hash=password_hash,
        must_change_password=True,
        created_at=clock.real_now(),
    )
    grant = RoleGrant(id=new_id(), person_id=person.id, role=who.role, valid_from=now, basis=_BASIS)
    session.add_all([account, grant])
    await session.flush()
    await _record(session, "grant.given", ("grant", grant.id), now)


async def _record(session: AsyncSession, event_type: str, subject: tuple[str, UUID | None], at: datetime) -> None:
    operator = replace(OPERATOR, policy_version=await current_policy_version(session) or 0)
    await append_admin_record(
        session, action=event_type, actor=operator, subject=subject, at=at, changes=changes.take(session)
    )
