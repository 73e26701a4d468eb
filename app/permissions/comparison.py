"""What two policies allow differently, as conditions: for which roles, on what, and on which rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.authz import ObjectType, Plan, Policy, Role
from app.authz.actor import CASE_SCOPE
from app.authz.conditions import Comparison, Condition, Inherited, Related, bind, every, nodes, not_, some
from app.authz.plan import Entry
from app.authz.policy_text import ALLOW, ANY_ACTION, DENY, Rule
from app.authz.principal import Principal, Scope

_PERSONAL = {"person_id", "stands_for", "account_id"}
_ANYONE = Scope(Role.ANYONE, frozenset({Role.ANYONE.value}))
Right = tuple[str, str]  # object and action


@dataclass(frozen=True, slots=True)
class Shift:
    """Rows move to the side of `wanted`: one of the conditions `moved` holds, it allows, and `unwanted` does not."""

    moved: Condition
    wanted: Plan
    unwanted: Plan


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes for a role shape in one right. `personal`: who he is opens doors to him, not his roles alone."""

    right: Right
    gained: Shift
    lost: Shift
    personal: bool


def differences(before: Policy, after: Policy, roles: frozenset[str]) -> list[Difference]:
    """What changes for who holds these roles. What inherits (a report from its case) follows, and is not named."""
    found = (_difference(before, after, roles, right) for right in _rights_touched(before, after, roles))
    return [one for one in found if one is not None]


def knowable(objects: Mapping[str, ObjectType], name: str) -> Condition:
    """The rows of which no mandatory rule keeps the caller from knowing; whether another allows it is not asked."""
    kind = objects[name]

    def told(inherited: Inherited) -> Condition:
        link = objects[inherited.object_name].model.id
        return Related(link, inherited.key, knowable(objects, inherited.object_name), to_one=True)

    hidden = [condition for action, condition in kind.mandatory if action in {ANY_ACTION, "view"}]
    return every(not_(bind(kind.condition(condition), _ANYONE, told)) for condition in hidden)


def followers(objects: Mapping[str, ObjectType], right: Right) -> list[str]:
    """The object types whose visibility rests on this right, directly or through another: who loses it loses them."""
    found: set[str] = set()
    waiting = [right]
    while waiting:
        above = waiting.pop()
        below = {name for name, kind in objects.items() if above in _inherited(kind)} - found
        found |= below
        waiting += [(name, "view") for name in sorted(below)]
    return sorted(found - {right[0]})


def _inherited(kind: ObjectType) -> set[Right]:
    every_node = (node for condition in kind.conditions.values() for node in nodes(condition))
    return {(node.object_name, node.action) for node in every_node if isinstance(node, Inherited)}


def principals_of(condition: Condition) -> set[Principal]:
    """What a bound condition asks of the caller."""
    return {
        node.operand
        for node in nodes(condition)
        if isinstance(node, Comparison) and isinstance(node.operand, Principal)
    }


def _rights_touched(before: Policy, after: Policy, roles: frozenset[str]) -> list[Right]:
    """Where rules on roles that are held differ, or the ways in which these are held."""
    old, new = _held(before, roles), _held(after, roles)
    held = {role for role in old | new if old.get(role) != new.get(role)}
    changed = {_values(rule) for rule in before.text.rules} ^ {_values(rule) for rule in after.text.rules}
    touched = [
        rule
        for rule in (*before.text.rules, *after.text.rules)
        if rule.subject in held or (_values(rule) in changed and rule.subject in old | new)
    ]
    rights = {(rule.object, rule.action) for rule in touched}
    return sorted(
        (name, action)
        for name in {name for name, _ in rights}
        for action in after.objects[name].actions
        if rights & {(name, action), (name, ANY_ACTION)}
    )


def _held(policy: Policy, roles: frozenset[str]) -> dict[str, tuple[Any, ...]]:
    """By role, the ways in which it is held: out of which of these roles, in which group of temporary powers."""
    own = {role.partition(CASE_SCOPE)[0] for role in roles}
    return {
        role: tuple((scope.granted_as & own, scope.group) for scope in scopes)
        for role, scopes in policy.shape(roles).scopes.items()
    }


def _values(rule: Rule) -> tuple[str, ...]:
    """A rule without its id."""
    return tuple(rule.values[:-1])


def _difference(before: Policy, after: Policy, roles: frozenset[str], right: Right) -> Difference | None:
    old, new = before.plan(roles, *right), after.plan(roles, *right)
    old_entries, new_entries = _entries(before, old, roles), _entries(after, new, roles)
    taken = [entry for key, entry in old_entries.items() if key not in new_entries]
    added = [entry for key, entry in new_entries.items() if key not in old_entries]
    opened = [*_of(added, ALLOW), *_of(taken, DENY)]
    closed = [*_of(taken, ALLOW), *_of(added, DENY)]
    if not opened and not closed:
        return None
    allowing = _of([*old.entries, *new.entries], ALLOW)
    asked = {principal.attribute for one in (*opened, *closed, *allowing) for principal in principals_of(one)}
    return Difference(right, Shift(some(opened), new, old), Shift(some(closed), old, new), bool(asked & _PERSONAL))


def _entries(policy: Policy, plan: Plan, roles: frozenset[str]) -> dict[Any, Entry]:
    """By what each means for these roles: the rule, and in which ways its role is held."""
    held = _held(policy, roles)
    return {
        (_values(policy.rules[entry.rule_id]), held[policy.rules[entry.rule_id].subject]): entry
        for entry in plan.entries
    }


def _of(entries: list[Entry], effect: str) -> list[Condition]:
    return [entry.condition for entry in entries if entry.effect == effect]
