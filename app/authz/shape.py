"""Role shapes: which roles a caller holds, and how, closed over the hierarchy. Casbin follows the hierarchy."""

from collections.abc import Mapping
from dataclasses import dataclass

import casbin

from app.authz.actor import CASE_SCOPE
from app.authz.policy_text import PolicyText
from app.authz.principal import Scope


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """`scopes`: by role, every way in which the caller holds it. A role that is not held is absent."""

    roles: frozenset[str]  # as `Actor.roles` gives them
    scopes: Mapping[str, tuple[Scope, ...]]


def close(roles: frozenset[str], implied: Mapping[str, frozenset[str]]) -> Shape:
    """Close a role shape. Names that the policy does not know give nothing."""
    held: dict[str, dict[int | None, Scope]] = {}
    for name in sorted(roles):
        role, _, text = name.partition(CASE_SCOPE)
        group = int(text) if text else None
        for junior in sorted(implied.get(role, ())):
            seniors = frozenset(senior for senior, juniors in implied.items() if junior in juniors)
            held.setdefault(junior, {})[group] = Scope(junior, seniors, group)
    return Shape(roles, {role: tuple(scopes.values()) for role, scopes in held.items()})


def implied_roles(text: PolicyText) -> dict[str, frozenset[str]]:
    """Each role that the policy knows, with all that it implies, itself included."""
    enforcer = casbin.Enforcer(casbin.Enforcer.new_model(text=text.model))
    for link in text.hierarchy:
        enforcer.add_grouping_policy(link.senior, link.junior)
    known = {rule.subject for rule in text.rules} | {link.senior for link in text.hierarchy}
    return {role: frozenset({role, *enforcer.get_implicit_roles_for_user(role)}) for role in sorted(known)}
