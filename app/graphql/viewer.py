"""Who am I: the caller, his posts and what he may do (我的)."""

import strawberry

from app.authz import Actor, Grant
from app.core.levels import Classification
from app.graphql.cases import Case
from app.graphql.made import told, told_many, told_one
from app.graphql.units import Person, Unit


@strawberry.type(description="A role that the caller holds now (角色授权).")
class HeldRole:
    item: strawberry.Private[Grant]
    role: str = told(lambda grant: str(grant.role), description="The role.")
    unit: Unit | None = told_one(
        lambda grant: grant.unit_id, description="The unit for which it is held; null for the whole district."
    )
    case: Case | None = told_one(
        lambda grant: grant.case_id, description="The case for which a temporary power is held; null for a role."
    )
    actions: list[str] = told(
        lambda grant: sorted(grant.actions), description="What a temporary power may do; empty: all that the role may."
    )


def _roles(actor: Actor) -> list[HeldRole]:
    grants = sorted(actor.grants, key=lambda grant: (grant.role, str(grant.unit_id), str(grant.case_id)))
    return [HeldRole(item=grant) for grant in grants]


@strawberry.type(description="The caller (当前用户).")
class Viewer:
    item: strawberry.Private[Actor]
    name: str = told(lambda actor: actor.name, description="Name.")
    person: Person | None = told_one(
        lambda actor: actor.person_id, description="The person; null for an outside system."
    )
    clearance: Classification = told(
        lambda actor: actor.clearance, description="The highest classification that the caller may see (涉密等级)."
    )
    units: list[Unit] = told_many(
        lambda actor: sorted(actor.unit_ids), description="Units of the posts held now (所在单位)."
    )
    roles: list[HeldRole] = told(_roles, description="Roles held now (角色).")


def viewer_of(actor: Actor) -> Viewer:
    return Viewer(item=actor)
