"""What a policy may not say. Judges rules by what they mean, wherever they come from: files or a stored version."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from app.authz.conditions import Comparison, Condition, nodes
from app.authz.objects import ObjectType
from app.authz.policy_text import ALLOW, ANY_ACTION, CONDITION_AND, DENY, PolicyText, Rule
from app.authz.principal import Principal
from app.authz.roles import Role
from app.core.sentences import Sentence

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
_ANOTHER_MODEL = Sentence("this is not the shipped model; put it back", "不是随软件提供的模型，请恢复原文件")
_STEPS = 9  # Casbin follows a chain of ten names and then answers no, in silence


def lint(text: PolicyText, objects: Mapping[str, ObjectType]) -> list[Sentence]:
    """Every problem, with its place and what to do about it."""
    problems = [] if _is_the_model(text.model) else [_ANOTHER_MODEL.within("model.conf")]
    problems += [problem.within(rule.where) for rule in text.rules for problem in _of_rule(rule, objects)]
    repeated = [id_ for id_, times in Counter(rule.id for rule in text.rules).items() if times > 1]
    problems += [
        Sentence(f"rule id {id_} is used twice; give each rule its own", f"规则编号{id_}用了两次，每条须有自己的编号")
        for id_ in repeated
    ]
    return [*problems, *_of_hierarchy(text), *_missing(text, objects), *_of_clauses(text)]


def _is_the_model(model: str) -> bool:
    lines = (line.strip() for line in model.splitlines())
    return [line for line in lines if line and not line.startswith("#")] == _MODEL.split("\n")[1:-1]


def _of_rule(rule: Rule, objects: Mapping[str, ObjectType]) -> Iterator[Sentence]:
    if rule.subject not in _ROLES:
        yield Sentence(
            f"role {rule.subject} is unknown; docs/permissions.md lists the roles",
            f"没有角色{rule.subject}；docs/permissions.md列有全部角色",
        )
    if rule.effect not in {ALLOW, DENY}:
        yield Sentence(
            f"the effect is {rule.effect}; write allow or deny", f"结果写成了{rule.effect}，应写allow或者deny"
        )
    if not _ID.fullmatch(rule.id):
        yield Sentence(
            f"the id is {rule.id}; write capitals, a hyphen and a number, like CASE-V1",
            f"编号写成了{rule.id}，应为大写字母、连字符和数字，如CASE-V1",
        )
    if rule.action == ANY_ACTION and rule.effect != DENY:
        yield Sentence("`*` may only deny; name the action that is allowed", "`*`只能用于禁止，允许的操作须逐项写明")
    object_type = objects.get(rule.object)
    if object_type is None:
        yield Sentence(
            f"object {rule.object} is unknown; docs/permissions.md lists the objects",
            f"没有对象{rule.object}；docs/permissions.md列有全部对象",
        )
        return
    if rule.action not in {ANY_ACTION, *object_type.actions}:
        yield Sentence(f"{rule.object} has no action {rule.action}", f"{rule.object}没有操作{rule.action}")
    for name in rule.condition.split(CONDITION_AND):
        if not object_type.knows(name):
            yield Sentence(
                f"{rule.object} has no condition {name or '(empty)'}", f"{rule.object}没有条件{name or '（空）'}"
            )
        elif rule.subject == Role.ANYONE and _asks_for_grants(object_type.condition(name)):
            yield Sentence(
                f"condition {name} asks for what a role was granted for; anyone is granted for nothing",
                f"条件{name}要看角色为何而授予，而anyone不授予任何人",
            )


def _asks_for_grants(condition: Condition) -> bool:
    return any(
        isinstance(node, Comparison) and isinstance(node.operand, Principal) and node.operand.scoped
        for node in nodes(condition)
    )


def _of_hierarchy(text: PolicyText) -> Iterator[Sentence]:
    for link in text.hierarchy:
        for role in (link.senior, link.junior):
            if role not in _ROLES - _NEVER_IMPLIED:
                unknown = Sentence(
                    f"role {role} is unknown here; docs/permissions.md lists the roles",
                    f"此处不能用角色{role}；docs/permissions.md列有全部角色",
                )
                yield unknown.within(link.where)
    for start in sorted({link.senior for link in text.hierarchy}):
        reached = {start}
        for _ in range(_STEPS):
            reached = {link.junior for link in text.hierarchy if link.senior in reached}
        if reached:
            yield Sentence(
                f"the role hierarchy from {start} is a circle, or {_STEPS} steps deep or more",
                f"角色层级从{start}起成环，或者深达{_STEPS}层以上",
            )
            return


def _missing(text: PolicyText, objects: Mapping[str, ObjectType]) -> Iterator[Sentence]:
    denied = {(r.object, r.action, r.condition) for r in text.rules if (r.subject, r.effect) == (Role.ANYONE, DENY)}
    for name, object_type in objects.items():
        for action, condition in object_type.mandatory:
            if (name, action, condition) not in denied:
                rule = f"anyone, {name}, {action}, {condition}, deny"
                yield Sentence(f"the mandatory rule `{rule}` is missing; put it back", f"缺少强制规则`{rule}`，请恢复")
        for action in object_type.kept:
            if not any((r.object, r.action, r.effect) == (name, action, ALLOW) for r in text.rules):
                yield Sentence(
                    f"nobody could {name}.{action} any more, and nobody undo it; keep a rule that allows it",
                    f"再也无人可以{name}.{action}，也无人可以改回，请保留一条允许的规则",
                )
    for name in sorted(objects.keys() - {rule.object for rule in text.rules}):
        yield Sentence(
            f"no rule speaks of {name}; a policy without rules is not taken into use",
            f"没有关于{name}的规则；没有规则的不予启用",
        )


def _of_clauses(text: PolicyText) -> Iterator[Sentence]:
    ids = {rule.id for rule in text.rules}
    for id_ in sorted(ids - text.clauses.keys()):
        yield Sentence(f"rule {id_} has no clause; add a line", f"规则{id_}没有依据，请加一行").within("clauses.csv")
    for id_ in sorted(text.clauses.keys() - ids):
        yield Sentence(f"there is no rule {id_}; take the line away", f"没有规则{id_}，请删去此行").within(
            "clauses.csv"
        )
