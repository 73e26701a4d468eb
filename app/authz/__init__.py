"""Who may do what: the actor, the policy in force (Casbin), conditions in two readings, plans. Knows no feature."""

from app.authz.actor import MACHINE, Actor, ActorKind, Grant
from app.authz.errors import PolicyError
from app.authz.facts import load_facts, read_facts
from app.authz.in_force import Policies
from app.authz.objects import ObjectType, object_of, register
from app.authz.plan import Plan
from app.authz.policy import Decision, Explained, Policy
from app.authz.policy_text import Clause
from app.authz.predicate import NO_FACTS, Facts
from app.authz.principal import principal
from app.authz.roles import Role
from app.authz.telling import can_be_told

__all__ = [
    "MACHINE",
    "NO_FACTS",
    "Actor",
    "ActorKind",
    "Clause",
    "Decision",
    "Explained",
    "Facts",
    "Grant",
    "ObjectType",
    "Plan",
    "Policies",
    "Policy",
    "PolicyError",
    "Role",
    "can_be_told",
    "load_facts",
    "object_of",
    "principal",
    "read_facts",
    "register",
]
