"""Who stands in the twin worlds: the viewers, who may not know, and the few through whose hands hidden things go."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.authz import Role
from app.core.database import Base
from app.core.levels import Classification
from app.demo.district import OFFICE, SINCE, District
from app.identity.models import Account, Person, PersonClearance, PostHolding, RoleGrant
from app.identity.rules import AccountKind, LeaderSystem, PostCapacity
from tests.reports.desk import CITY

NOBODY = None  # who asks without a token
SYSTEM = "system"  # an outside system without grants

# Both see cases of their own, and hear of nothing else.
UNITS = ("chengguan.handler", "chengguan.head", "zhujian.head", "jiaoyu.handler")
OTHERS = ("fuquzhang2", "quanxian", "auditor", "outsider", SYSTEM, NOBODY)
# They see all cases but those that are restricted or above their clearance.
EXPLAINER = "duban.lin"  # an officer who administers rights as well: he may ask who can see what, and why
OFFICIALS = ("duban.zheng", "zhuren", "quzhang", EXPLAINER)
VIEWERS = (*UNITS, *OTHERS, *OFFICIALS)

# Those who know, each of a kind that some viewer is of, too.
KEEPER, SECOND, PATRON, SECRETARY, DEPUTY = "duban.qin", "duban.he", "fuquzhang3", "fuzhuren", "chengguan.deputy"


@dataclass(frozen=True, slots=True)
class _Newcomer:
    login: str
    name: str
    role: Role
    unit: str | None = None
    bound: bool = False  # the role is held for the unit
    system: LeaderSystem | None = None
    also: Role | None = None
    cleared: Classification = Classification.WORK_SECRET


_NEWCOMERS = (
    _Newcomer(KEEPER, "秦守", Role.SUPERVISION_HEAD, OFFICE),
    _Newcomer(SECOND, "何慎", Role.SUPERVISION_HEAD, OFFICE),
    _Newcomer(PATRON, "贺清", Role.DISTRICT_LEADER, system=LeaderSystem.GOVERNMENT),
    _Newcomer(SECRETARY, "顾言", Role.OFFICE_LEADER),
    _Newcomer(DEPUTY, "程默", Role.UNIT_DEPUTY, CITY, bound=True),
    _Newcomer(
        EXPLAINER,
        "林问",
        Role.SUPERVISION_OFFICER,
        OFFICE,
        also=Role.PERMISSION_ADMIN,
        cleared=Classification.INTERNAL,
    ),
    _Newcomer("auditor", "沈律", Role.SECURITY_AUDITOR),
)
_SINCE = datetime(2021, 12, 31, 16, tzinfo=UTC)


def with_newcomers(district: District) -> tuple[District, list[Base]]:
    """The district with those whom these worlds need besides, and the rows that bring them in."""
    people, accounts, names = dict(district.people), dict(district.accounts), dict(district.names)
    rows: list[Base] = []
    for number, newcomer in enumerate(_NEWCOMERS, start=1):
        person_id, account_id = (UUID(int=0xC0FFEE_00 + 16 * number + offset) for offset in (0, 1))
        people[newcomer.login], accounts[newcomer.login] = person_id, account_id
        names[newcomer.login] = newcomer.name
        rows += _rows_of(newcomer, person_id, account_id, district)
    accounts[SYSTEM] = UUID(int=0xC0FFEE_FF)
    rows.append(Account(id=accounts[SYSTEM], kind=AccountKind.SERVICE, login=SYSTEM, created_at=_SINCE))
    return replace(district, people=people, accounts=accounts, names=names), rows


def _rows_of(newcomer: _Newcomer, person_id: UUID, account_id: UUID, district: District) -> list[Base]:
    unit_id = district.units[newcomer.unit] if newcomer.unit else None
    rows: list[Base] = [
        Person(id=person_id, name=newcomer.name, system=newcomer.system, updated_at=_SINCE),
        Account(id=account_id, kind=AccountKind.PERSON, person_id=person_id, login=newcomer.login, created_at=_SINCE),
        PersonClearance(person_id=person_id, level=newcomer.cleared, valid_from=_SINCE, basis="登记"),
        RoleGrant(
            person_id=person_id,
            role=newcomer.role,
            unit_id=unit_id if newcomer.bound else None,
            valid_from=_SINCE,
            basis="登记",
        ),
    ]
    if newcomer.also is not None:
        rows.append(RoleGrant(person_id=person_id, role=newcomer.also, valid_from=_SINCE, basis="登记"))
    if unit_id is not None:
        capacity = PostCapacity.IN_CHARGE if newcomer.bound else PostCapacity.MEMBER
        rows.append(PostHolding(person_id=person_id, unit_id=unit_id, post="分管", capacity=capacity, valid_from=SINCE))
    return rows


async def move_in(session: AsyncSession, district: District, newcomers: list[Base]) -> None:
    """Everybody else is cleared for less than the newcomers are."""
    everybody = update(PersonClearance).values(level=Classification.INTERNAL)
    await session.execute(everybody.where(PersonClearance.person_id.in_(district.people.values())))
    for row in newcomers:
        session.add(row)
        await session.flush()
