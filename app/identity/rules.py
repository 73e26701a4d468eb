"""The kinds of units, posts and people of 第二条 and 第二十条, as closed lists; who may hold which roles; lockout."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from app.authz.roles import Role


class UnitKind(StrEnum):
    """第二条: 镇政府, 街道办事处, 区政府办局, 区属企事业单位; and those that supervise them."""

    GOVERNMENT = "GOVERNMENT"
    SUPERVISION_OFFICE = "SUPERVISION_OFFICE"
    TOWN = "TOWN"
    SUBDISTRICT = "SUBDISTRICT"
    DEPARTMENT = "DEPARTMENT"
    ENTERPRISE = "ENTERPRISE"
    INSTITUTION = "INSTITUTION"


class Subordination(StrEnum):
    """Whose unit it is: decides whether 约谈 and 通报批评 are open to it (domain §2)."""

    DISTRICT = "DISTRICT"
    DUAL = "DUAL"
    VERTICAL = "VERTICAL"
    PARTY = "PARTY"
    OTHER_LEVEL = "OTHER_LEVEL"
    ENTERPRISE = "ENTERPRISE"


class PostCapacity(StrEnum):
    """How a post is held. The first four may sign for the unit on the day (第七条(二))."""

    HEAD = "HEAD"
    ACTING = "ACTING"
    IN_CHARGE = "IN_CHARGE"
    AUTHORISED = "AUTHORISED"
    MEMBER = "MEMBER"


SIGNING_CAPACITIES = frozenset(
    {PostCapacity.HEAD, PostCapacity.ACTING, PostCapacity.IN_CHARGE, PostCapacity.AUTHORISED}
)
HEADING_CAPACITIES = SIGNING_CAPACITIES - {PostCapacity.AUTHORISED}


class LeaderSystem(StrEnum):
    """Which leading body a leader belongs to: only a GOVERNMENT leader approves under 第七条(一)."""

    GOVERNMENT = "GOVERNMENT"
    PARTY = "PARTY"
    NPC = "NPC"
    CPPCC = "CPPCC"


class ContactKind(StrEnum):
    HANDLER = "HANDLER"
    LIAISON = "LIAISON"
    DUTY = "DUTY"
    SEAL_KEEPER = "SEAL_KEEPER"


LONGEST_PHONE = 40


class AccountKind(StrEnum):
    PERSON = "PERSON"
    SERVICE = "SERVICE"
    OPERATOR = "OPERATOR"
    EMERGENCY = "EMERGENCY"  # sealed by two administrators: see app.emergency


class SessionEnd(StrEnum):
    """Why a session ended before its time."""

    SIGNED_OUT = "SIGNED_OUT"
    REVOKED = "REVOKED"
    REUSED = "REUSED"  # one of its refresh tokens came twice
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105
    ACCOUNT_DISABLED = "ACCOUNT_DISABLED"
    KEY_REMOVED = "KEY_REMOVED"  # of an outside system


MOST_CLIENT_KEYS = 3  # at a time: the present one, the next one, and one to spare


class GrantState(StrEnum):
    PENDING = "PENDING"  # waits for the approval of a second person
    FUTURE = "FUTURE"
    IN_FORCE = "IN_FORCE"
    ENDED = "ENDED"
    REVOKED = "REVOKED"  # taken back, or a proposal that was withdrawn


def state_of_grant(
    pending: bool, revoked_at: datetime | None, valid_from: datetime, valid_until: datetime | None, now: datetime
) -> GrantState:
    """Of a role or a clearance: what `queries.validity.in_force` asks in SQL, told apart by why not."""
    if revoked_at is not None:
        return GrantState.REVOKED
    if valid_until is not None and valid_until <= now:
        return GrantState.ENDED
    if pending:
        return GrantState.PENDING
    return GrantState.IN_FORCE if valid_from <= now else GrantState.FUTURE


class RenewalState(StrEnum):
    PENDING = "PENDING"  # waits for the approval of a second person
    APPROVED = "APPROVED"
    WITHDRAWN = "WITHDRAWN"


LEADER_ROLES = frozenset({Role.OFFICE_LEADER, Role.DISTRICT_LEADER, Role.DISTRICT_HEAD})
SEPARATE_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.SECURITY_AUDITOR})  # 三员
ADMINISTRATOR_ROLES = SEPARATE_ROLES | {Role.PERMISSION_ADMIN}
TWO_PERSON_ROLES = LEADER_ROLES | ADMINISTRATOR_ROLES
# Who is let in again by the emergency account. The auditor is not: who watches is not replaced in an emergency
RESTORABLE_ROLES = ADMINISTRATOR_ROLES - {Role.SECURITY_AUDITOR}
LONGEST_ACTIONS = 400  # of a temporary power, each as `object.verb`, with a space between
UNIT_ROLES = frozenset({Role.UNIT_HEAD, Role.UNIT_DEPUTY, Role.UNIT_HANDLER, Role.SEAL_KEEPER})
GRANTABLE_ROLES = frozenset(Role) - {Role.ANYONE, Role.MACHINE, Role.EMERGENCY}


def separation_class(role: Role) -> str:
    """The three administrators are a class each, all other roles are one; nobody holds roles of two at a time."""
    return role.value if role in SEPARATE_ROLES else "business"


def may_be_held_together(roles: Iterable[Role]) -> bool:
    return len({separation_class(role) for role in roles}) <= 1


_FREE_FAILURES = 4
_FIRST_LOCK = timedelta(minutes=1)
_LONGEST_LOCK = timedelta(hours=1)


def lock_after(failures: int) -> timedelta | None:
    """How long the n-th wrong password in a row locks an account: from the fifth on, twice as long each time."""
    locks = failures - _FREE_FAILURES
    return min(_FIRST_LOCK * (1 << min(locks, 10) - 1), _LONGEST_LOCK) if locks > 0 else None


SHORTEST_LOGIN, LONGEST_LOGIN = 2, 80


def canonical_login(login: str) -> str:
    """Logins do not distinguish capitals, nor the full-width letters of an input method."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def is_login(text: str) -> bool:
    """Whether a canonical login may exist at all."""
    return SHORTEST_LOGIN <= len(text) <= LONGEST_LOGIN and text.isprintable() and " " not in text
