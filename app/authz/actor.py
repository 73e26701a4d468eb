"""Who acts: the account, the person behind it, the posts and roles held at this moment."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from app.authz.roles import Role
from app.core.levels import Classification

READING = frozenset({"view", "read", "read_excerpt", "watch"})  # what belongs to every power
CASE_SCOPE = "@"  # "office_leader@0": the role, but only for the cases of the 0th group of temporary grants


class ActorKind(StrEnum):
    PERSON = "PERSON"
    SERVICE = "SERVICE"
    MACHINE = "MACHINE"
    OPERATOR = "OPERATOR"
    EMERGENCY = "EMERGENCY"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held now. With `case_id` it is a temporary power (第三十条(六)), lent for that case alone."""

    role: str
    unit_id: UUID | None = None
    case_id: UUID | None = None
    lender_id: UUID | None = None
    actions: frozenset[str] = frozenset()  # that are lent, as `object.verb`; reading is lent with them

    @property
    def group(self) -> tuple[UUID | None, UUID | None]:
        return self.unit_id, self.lender_id

    def lends(self, action: str) -> bool:
        return action in self.actions or action.partition(".")[2] in READING


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
    headed_unit_ids: frozenset[UUID] = frozenset()  # 主要领导: held, acted in or in charge of now
    signing_unit_ids: frozenset[UUID] = frozenset()  # these, and those for which a written authorisation runs

    @property
    def roles(self) -> frozenset[str]:
        """The role shape. A role held for single cases is not the role: it is named `role@group`.

        Every actor but the machine is `anyone`, so that the mandatory deny rows reach all people and outside systems.
        """
        held = {
            grant.role if grant.case_id is None else f"{grant.role}{CASE_SCOPE}{self.case_groups.index(grant.group)}"
            for grant in self.grants
        }
        return frozenset(held) if self.kind is ActorKind.MACHINE else frozenset(held | {Role.ANYONE.value})

    @property
    def without_powers(self) -> "Actor":
        """The same without what was lent to him."""
        return replace(self, grants=tuple(grant for grant in self.grants if grant.case_id is None))

    @property
    def powers(self) -> tuple[tuple[UUID | None, "Actor"], ...]:
        """By each group of what was lent to him: who lent it, and the actor with that and his own roles alone."""
        own = self.without_powers.grants
        return tuple((group[1], replace(self, grants=(*own, *self._lent(group)))) for group in self.case_groups)

    def _lent(self, group: tuple[UUID | None, UUID | None]) -> tuple[Grant, ...]:
        return tuple(grant for grant in self.grants if grant.case_id is not None and grant.group == group)

    @property
    def case_groups(self) -> tuple[tuple[UUID | None, UUID | None], ...]:
        """The units and lenders of temporary grants. Those of a group share both: none meets another's case."""
        return tuple(sorted({grant.group for grant in self.grants if grant.case_id is not None}, key=str))

    def grants_of(self, roles: frozenset[str], group: int | None) -> list[Grant]:
        """The grants of any of these roles: the lasting ones, or those of one group of temporary grants."""
        held = [grant for grant in self.grants if grant.role in roles]
        if group is None:
            return [grant for grant in held if grant.case_id is None]
        groups = self.case_groups
        return [
            grant
            for grant in held
            if grant.case_id is not None and group < len(groups) and grant.group == groups[group]
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
