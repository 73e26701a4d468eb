"""A district in small, built without the use cases, and the policy that administration is decided by."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.models import AdminRecord
from app.audit.rules import first_broken
from app.audit.service import admin_fields
from app.authz import Actor, ActorKind, Clause, Grant, Policy, Role
from app.authz.models import PolicyStatus, PolicyVersion
from app.authz.objects import catalogue
from app.authz.policy_text import PolicyText, RoleLink, Rule
from app.core.database import Base, Database
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.paths import shipped
from app.core.refusals import Refusal
from app.identity import policy
from app.identity.models import Account, Person, PostHolding, RoleGrant, Unit
from app.identity.passwords import Passwords
from app.identity.queries import actor_of_person
from app.identity.rules import AccountKind, PostCapacity, Subordination, UnitKind
from app.identity.service import GrantRole
from app.work.opening import Workplace

NOW = datetime(2026, 6, 18, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, a Thursday
TODAY = date(2026, 6, 18)
PASSWORD = "correct horse 督办"
POSTGRES_URL = os.environ.get("DUBAN_TEST_POSTGRES_URL", "").replace("postgresql://", "postgresql+asyncpg://")
DAY = timedelta(days=1)


def full_width(text: str) -> str:
    """As an input method for Chinese writes letters and digits."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def cheap_passwords() -> Passwords:
    return Passwords(memory_kib=8, iterations=1)


def administration_policy(*more: Rule) -> Policy:
    """What the shipped rules say of administration, so that these tests depend on no other feature."""
    folder = Path(shipped("policies"))
    people = [policy.UNIT, policy.PERSON, policy.POST, policy.CONTACT]
    access = [
        policy.ACCOUNT,
        policy.CLIENT_KEY,
        policy.PASSWORD_RENEWAL,
        policy.SESSION,
        policy.GRANT,
        policy.CLEARANCE,
    ]
    objects = catalogue([*people, *access])
    lines = [line for file in sorted(folder.glob("[0-9][0-9]_*.csv")) for line in _lines(file)]
    rules = tuple(Rule(*values) for letter, *values in lines if letter == "p" and values[1] in objects)
    links = tuple(RoleLink(*values) for letter, *values in lines if letter == "g")
    rules = (*rules, *more)
    clauses = {rule.id: Clause("第五条", "题", "title") for rule in rules}
    return Policy(PolicyText((folder / "model.conf").read_text(encoding="utf-8"), links, rules, clauses), objects)


def _lines(file: Path) -> list[list[str]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [[value.strip() for value in line.split(",")] for line in lines if line and not line.startswith("#")]


@dataclass(frozen=True, slots=True)
class Town:
    """What tests put into the database directly, as if it had always been there."""

    database: Database
    passwords: Passwords

    async def add(self, *rows: Base) -> None:
        async with self.database.write() as session:
            for row in rows:  # one by one: no relationships tell the order
                session.add(row)
                await session.flush()

    async def unit(self, name: str) -> UUID:
        unit = Unit(
            id=new_id(),
            kind=UnitKind.DEPARTMENT,
            subordination=Subordination.DISTRICT,
            name=name,
            valid_from=date(2010, 1, 1),
            updated_at=NOW,
        )
        await self.add(unit)
        return unit.id

    async def person(self, name: str, *roles: Role, valid_until: date | None = None) -> UUID:
        person = Person(id=new_id(), name=name, valid_until=valid_until, updated_at=NOW)
        await self.add(person, *(grant(person.id, role) for role in roles))
        return person.id

    async def post(
        self,
        person_id: UUID,
        unit_id: UUID,
        capacity: PostCapacity = PostCapacity.HEAD,
        valid_from: date = date(2020, 1, 1),
        valid_until: date | None = None,
    ) -> UUID:
        holding = PostHolding(
            id=new_id(),
            person_id=person_id,
            unit_id=unit_id,
            post="局长",
            capacity=capacity,
            valid_from=valid_from,
            valid_until=valid_until,
        )
        await self.add(holding)
        return holding.id

    async def account(self, person_id: UUID, login: str, **fields: Any) -> UUID:
        account = Account(
            id=new_id(),
            kind=AccountKind.PERSON,
            person_id=person_id,
            login=login,
            password_hash=await self.passwords.hash(PASSWORD),
            created_at=NOW,
        )
        for name, value in fields.items():
            setattr(account, name, value)
        await self.add(account)
        return account.id

    async def policy_version(self, number: int) -> None:
        async with self.database.write() as session:
            await session.execute(
                insert(PolicyVersion).values(
                    number=number, rows={}, digest="0" * 64, status=PolicyStatus.ACTIVE, created_at=NOW
                )
            )

    async def all(self, model: type[Any]) -> list[Any]:
        async with self.database.read() as session:
            return list((await session.execute(select(model))).scalars())

    async def one(self, model: type[Any], key: Any) -> Any:
        async with self.database.read() as session:
            return await session.get_one(model, key)


def grant(holder: UUID | None, role: Role, **fields: Any) -> RoleGrant:
    made = RoleGrant(id=new_id(), person_id=holder, role=role, valid_from=NOW - 30 * DAY, basis="测试", pending=False)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def lent(holder: UUID, own: RoleGrant, *actions: str, **fields: Any) -> RoleGrant:
    """A temporary power for one case, out of the lender's own role."""
    power = {"case_id": new_id(), "lent_from": own.id, "granted_by": own.person_id, "actions": " ".join(actions)}
    return grant(holder, own.role, **power | {"valid_until": NOW + DAY} | fields)


@dataclass(frozen=True, slots=True)
class Office:
    """Use cases, one transaction each, as a person who holds what he holds at that moment."""

    workplace: Workplace
    policy: Policy

    async def do(self, person_id: UUID | Actor, use_case: Any, *arguments: Any) -> Any:
        actor = person_id if isinstance(person_id, Actor) else await self.actor(person_id)
        async with self.workplace.open(actor, self.policy) as work:
            return await use_case(work, *arguments)

    async def refused(self, person_id: UUID | Actor, use_case: Any, *arguments: Any) -> Refusal:
        try:
            await self.do(person_id, use_case, *arguments)
        except Refusal as refusal:
            return refusal
        raise AssertionError("it was not refused")

    async def actor(self, person_id: UUID) -> Actor:
        async with self.workplace.database.read() as session:
            return await actor_of_person(session, person_id, self.workplace.clock.now())


def holder_of(role: Role) -> Actor:
    """Somebody with nothing but this role."""
    return Actor(
        kind=ActorKind.PERSON,
        account_id=new_id(),
        person_id=new_id(),
        name="某人",
        clearance=Classification.INTERNAL,
        unit_ids=frozenset(),
        grants=(Grant(role),),
    )


def problems_of(refusal: Refusal) -> list[tuple[str, str]]:
    """`code` and dotted path of each problem."""
    return [(problem.code.value, ".".join(map(str, problem.path))) for problem in refusal.problems]


async def chain(session: AsyncSession) -> list[AdminRecord]:
    """The administration chain, whole and unbroken."""
    records = list((await session.execute(select(AdminRecord).order_by(AdminRecord.seq))).scalars())
    assert first_broken((record.previous, record.hash, admin_fields(record)) for record in records) is None
    return records


async def actions(database: Database) -> list[str]:
    async with database.read() as session:
        return [record.action for record in await chain(session)]


def roles_of(actor: Actor) -> list[str]:
    return [item.role for item in actor.grants]


def give(role: Role, person_id: UUID | None, **fields: Any) -> GrantRole:
    return GrantRole(role=role, person_id=person_id, **{"basis": "区政府办〔2026〕5号"} | fields)


async def unchanged(town: Town, *grants: tuple[UUID, Role]) -> bool:
    """Apart from what the administrators themselves hold, exactly these grants exist, and nothing was recorded."""
    held = {(row.person_id, row.role) for row in await town.all(RoleGrant)}
    return set(grants) <= held and await actions(town.database) == []
