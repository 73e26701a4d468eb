"""What other features ask of units and people."""

from app.identity.queries.people import (
    heads_of_unit,
    holders_of_role,
    people_to_notify,
    person_of_login,
    signing_posts,
)
from app.identity.queries.principals import (
    PRINCIPAL,
    PrincipalRow,
    actor_of_person,
    actor_of_service,
    living_sessions,
    principal,
    principal_of,
    principal_values,
    principals,
    rights_of_people,
)
from app.identity.queries.units import group_members, groups_by_name, unit_names_on, units_by_name, valid_units

__all__ = [
    "PRINCIPAL",
    "PrincipalRow",
    "actor_of_person",
    "actor_of_service",
    "group_members",
    "groups_by_name",
    "heads_of_unit",
    "holders_of_role",
    "living_sessions",
    "people_to_notify",
    "person_of_login",
    "principal",
    "principal_of",
    "principal_values",
    "principals",
    "rights_of_people",
    "signing_posts",
    "unit_names_on",
    "units_by_name",
    "valid_units",
]
