"""Who acts: the account, the person behind it, the posts and roles held at this moment."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.authz.roles import Role
from app.core.levels import Classification

CASE_SCOPE = "@"  # "office_leader@0": the role, but only for the cases of the 0th group of temporary grants


class ActorKind(StrEnum):
    PERSON = "PERSON"
    SERVICE = "SERVICE"
    MACHINE = "MACHINE"
    OPERATOR = "OPERATOR"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held now. With `case_id` it is a temporary power for that case alone (第三十条(六))."""

    role: str
    unit_id: UUID | None = None
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A snapshot of one request. Grants and posts that are not valid now are not in it."""

    kind: ActorKind
    account_id: UUID | None
    person_id: UUID | None
    name: str
    clearance: Classification
    unit_ids: frozenset[UUID]  # units of the posts held now
    grants: tuple[Grant, ...]
    session_id: UUID | None = None
    policy_version: int = 1

    @property
    def roles(self) -> frozenset[str]:
        """The role shape. A role held for single cases is not the role: it is named `role@group`.

        Every actor but the machine is `anyone`, so that the mandatory deny rows reach all people and outside systems.
        """
        held = {
            grant.role if grant.case_id is None else f"{grant.role}{CASE_SCOPE}{self.case_groups.index(grant.unit_id)}"
            for grant in self.grants
        }
        return frozenset(held) if self.kind is ActorKind.MACHINE else frozenset(held | {Role.ANYONE.value})

    @property
    def case_groups(self) -> tuple[UUID | None, ...]:
        """The units named in temporary grants: grants of a group share their unit, so no unit meets another's case."""
        units = {grant.unit_id for grant in self.grants if grant.case_id is not None}
        return tuple(sorted(units, key=str))

    def grants_of(self, roles: frozenset[str], group: int | None) -> list[Grant]:
        """The grants of any of these roles: the lasting ones, or those of one group of temporary grants."""
        held = [grant for grant in self.grants if grant.role in roles]
        if group is None:
            return [grant for grant in held if grant.case_id is None]
        groups = self.case_groups
        return [
            grant
            for grant in held
            if grant.case_id is not None and group < len(groups) and grant.unit_id == groups[group]
        ]


MACHINE = Actor(
    kind=ActorKind.MACHINE,
    account_id=None,
    person_id=None,
    name="系统",
    clearance=Classification.PUBLIC,
    unit_ids=frozenset(),
    grants=(Grant(Role.MACHINE),),
)
