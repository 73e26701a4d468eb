"""What a policy may not say. Judges rules by what they mean, wherever they come from: files or a stored version."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from app.authz.conditions import Comparison, Condition, nodes
from app.authz.objects import ObjectType
from app.authz.policy_text import ALLOW, ANY_ACTION, CONDITION_AND, DENY, PolicyText, Rule
from app.authz.principal import Principal
from app.authz.roles import Role

_ID = re.compile(r"[A-Z]{2,10}-[A-Z]{0,3}[0-9]{1,3}")
_ROLES = {role.value for role in Role}
_NEVER_IMPLIED = {Role.ANYONE.value, Role.MACHINE.value}
# Another effect or matcher would empty the deny rules of their force, so the file may be read but not changed.
_MODEL = """
[request_definition]
r = sub, obj, act, ctx
[policy_definition]
p = sub, obj, act, cond, eft, id
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.obj == p.obj && (r.act == p.act || p.act == "*") && holds(r.sub, p.sub) && when(r.ctx, p.sub, p.cond, p.eft, p.id)
"""
_STEPS = 9  # Casbin follows a chain of ten names and then answers no, in silence


def lint(text: PolicyText, objects: Mapping[str, ObjectType]) -> list[str]:
    """Every problem, with its place and what to do about it."""
    problems = [] if _is_the_model(text.model) else ["model.conf: this is not the shipped model; put it back"]
    problems += [f"{rule.where}: {problem}" for rule in text.rules for problem in _of_rule(rule, objects)]
    repeated = [id_ for id_, times in Counter(rule.id for rule in text.rules).items() if times > 1]
    problems += [f"rule id {id_} is used twice; give each rule its own" for id_ in repeated]
    return [*problems, *_of_hierarchy(text), *_missing(text, objects), *_of_clauses(text)]


def _is_the_model(model: str) -> bool:
    lines = (line.strip() for line in model.splitlines())
    return [line for line in lines if line and not line.startswith("#")] == _MODEL.split("\n")[1:-1]


def _of_rule(rule: Rule, objects: Mapping[str, ObjectType]) -> Iterator[str]:
    if rule.subject not in _ROLES:
        yield f"role {rule.subject} is unknown; docs/permissions.md lists the roles"
    if rule.effect not in {ALLOW, DENY}:
        yield f"the effect is {rule.effect}; write allow or deny"
    if not _ID.fullmatch(rule.id):
        yield f"the id is {rule.id}; write capitals, a hyphen and a number, like CASE-V1"
    if rule.action == ANY_ACTION and rule.effect != DENY:
        yield "`*` may only deny; name the action that is allowed"
    object_type = objects.get(rule.object)
    if object_type is None:
        yield f"object {rule.object} is unknown; docs/permissions.md lists the objects"
        return
    if rule.action not in {ANY_ACTION, *object_type.actions}:
        yield f"{rule.object} has no action {rule.action}"
    for name in rule.condition.split(CONDITION_AND):
        if not object_type.knows(name):
            yield f"{rule.object} has no condition {name or '(empty)'}"
        elif rule.subject == Role.ANYONE and _asks_for_grants(object_type.condition(name)):
            yield f"condition {name} asks for what a role was granted for; anyone is granted for nothing"


def _asks_for_grants(condition: Condition) -> bool:
    return any(
        isinstance(node, Comparison) and isinstance(node.operand, Principal) and node.operand.scoped
        for node in nodes(condition)
    )


def _of_hierarchy(text: PolicyText) -> Iterator[str]:
    for link in text.hierarchy:
        for role in (link.senior, link.junior):
            if role not in _ROLES - _NEVER_IMPLIED:
                yield f"{link.where}: role {role} is unknown here; docs/permissions.md lists the roles"
    for start in sorted({link.senior for link in text.hierarchy}):
        reached = {start}
        for _ in range(_STEPS):
            reached = {link.junior for link in text.hierarchy if link.senior in reached}
        if reached:
            yield f"the role hierarchy from {start} is a circle, or {_STEPS} steps deep or more"
            return


def _missing(text: PolicyText, objects: Mapping[str, ObjectType]) -> Iterator[str]:
    denied = {(r.object, r.action, r.condition) for r in text.rules if (r.subject, r.effect) == (Role.ANYONE, DENY)}
    for name, object_type in objects.items():
        for action, condition in object_type.mandatory:
            if (name, action, condition) not in denied:
                yield f"the mandatory rule `anyone, {name}, {action}, {condition}, deny` is missing; put it back"
        for action in object_type.kept:
            if not any((r.object, r.action, r.effect) == (name, action, ALLOW) for r in text.rules):
                yield f"nobody could {name}.{action} any more, and nobody undo it; keep a rule that allows it"
    for name in sorted(objects.keys() - {rule.object for rule in text.rules}):
        yield f"no rule speaks of {name}; a policy without rules is not taken into use"


def _of_clauses(text: PolicyText) -> Iterator[str]:
    ids = {rule.id for rule in text.rules}
    for id_ in sorted(ids - text.clauses.keys()):
        yield f"clauses.csv: rule {id_} has no clause; add a line"
    for id_ in sorted(text.clauses.keys() - ids):
        yield f"clauses.csv: there is no rule {id_}; take the line away"
