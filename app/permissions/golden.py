"""The table that the office signs, held against a policy: every line must be decided as it says."""

from collections.abc import Iterator

from app.authz import Decision, Policy, Role
from app.authz.policy_text import ALLOW, DENY, GoldenLine
from app.core.levels import Classification
from app.permissions.golden_world import NOW, WORDS, Golden, caller, facts_for, scene

_NO_RULE = "-"
_README = "policies/README.md explains the words of the table"


def decide(policy: Policy, line: GoldenLine) -> Decision:
    """What the policy answers to the question of a line."""
    golden = Golden.of(line)
    who = caller(golden)
    row, around = scene(golden)
    object_name, action = golden.action.split(".")
    facts = facts_for(policy.plan(who.roles, object_name, action), around)
    return policy.decide(who, NOW, object_name, action, row, facts)


def golden_problems(policy: Policy) -> list[str]:
    """Each line that is decided otherwise or cannot be understood; and what no line of the table shows."""
    lines = policy.text.golden
    return [problem for line in lines for problem in _of_line(policy, line)] + list(_not_shown(policy))


def _of_line(policy: Policy, line: GoldenLine) -> Iterator[str]:
    unknown = list(_unknown(policy, line))
    if unknown:
        yield from (f"{line.where}: {problem}; {_README}" for problem in unknown)
        return
    try:
        decision = decide(policy, line)
    except ValueError:  # a status that the object cannot have
        yield f"{line.where}: the status {line.status} is unknown; {_README}"
        return
    answer = (ALLOW if decision.allowed else DENY, decision.rule_id or _NO_RULE)
    if answer != (line.expected, line.rule):
        yield (
            f"{line.where}: the rules say {','.join(answer)}, not {line.expected},{line.rule}; "
            "change the rules, or have this line changed and signed"
        )


def _unknown(policy: Policy, line: GoldenLine) -> Iterator[str]:
    known = {
        "role": {role.value for role in Role},
        "clearance": set(Classification.__members__),
        "classification": set(Classification.__members__),
        "scope": {"ORDINARY", "RESTRICTED"},
        "action": {f"{name}.{verb}" for name, kind in policy.objects.items() for verb in kind.actions},
    }
    for column, values in known.items():
        if getattr(line, column) not in values:
            yield f"the {column} {getattr(line, column)} is unknown"
    for word in sorted(Golden.of(line).words - WORDS):
        yield f"the relation {word} is unknown"


def _not_shown(policy: Policy) -> Iterator[str]:
    denied = {line.rule for line in policy.text.golden if line.expected == DENY}
    allowed = {line.action for line in policy.text.golden if line.expected == ALLOW}
    for rule in policy.text.rules:
        if rule.effect == DENY and rule.id not in denied:
            yield f"golden.csv: no line shows that rule {rule.id} denies; add one"
    for action in sorted({f"{rule.object}.{rule.action}" for rule in policy.text.rules if rule.effect == ALLOW}):
        if action not in allowed:
            yield f"golden.csv: no line shows who may {action}; add one"
