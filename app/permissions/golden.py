"""The table that the office signs, held against a policy: every line must be decided as it says."""

from collections.abc import Iterator

from app.authz import Decision, Policy, Role
from app.authz.policy_text import ALLOW, DENY, GoldenLine
from app.core.levels import Classification
from app.core.sentences import Sentence
from app.permissions.golden_line import NOW, WORDS, Golden
from app.permissions.golden_world import caller, facts_for, scene

_NO_RULE = "-"
_README = Sentence("policies/README.md explains the words of the table", "policies/README.md说明表中的用语")


def decide(policy: Policy, line: GoldenLine) -> Decision:
    """What the policy answers to the question of a line."""
    golden = Golden.of(line)
    who = caller(golden)
    row, around = scene(golden)
    object_name, action = golden.action.split(".")
    facts = facts_for(policy.plan(who.roles, object_name, action), around)
    return policy.decide(who, NOW, object_name, action, row, facts)


def golden_problems(policy: Policy) -> list[Sentence]:
    """Each line that is decided otherwise or cannot be understood; and what no line of the table shows."""
    lines = policy.text.golden
    return [problem for line in lines for problem in _of_line(policy, line)] + list(_not_shown(policy))


def _of_line(policy: Policy, line: GoldenLine) -> Iterator[Sentence]:
    unknown = list(_unknown(policy, line))
    if unknown:
        yield from (_explained(problem).within(line.where) for problem in unknown)
        return
    try:
        decision = decide(policy, line)
    except ValueError:  # a status that the object cannot have
        yield _explained(_no_such("status", line.status)).within(line.where)
        return
    answer = (ALLOW if decision.allowed else DENY, decision.rule_id or _NO_RULE)
    if answer != (line.expected, line.rule):
        signed = f"{line.expected},{line.rule}"
        otherwise = Sentence(
            f"the rules say {','.join(answer)}, not {signed}; change the rules, or have this line changed and signed",
            f"规则的答案是{','.join(answer)}，不是{signed}；请修改规则，或者修改此行并重新签字",
        )
        yield otherwise.within(line.where)


def _unknown(policy: Policy, line: GoldenLine) -> Iterator[Sentence]:
    known = {
        "role": {role.value for role in Role},
        "clearance": set(Classification.__members__),
        "classification": set(Classification.__members__),
        "scope": {"ORDINARY", "RESTRICTED"},
        "action": {f"{name}.{verb}" for name, kind in policy.objects.items() for verb in kind.actions},
    }
    for column, values in known.items():
        if getattr(line, column) not in values:
            yield _no_such(column, getattr(line, column))
    for word in sorted(Golden.of(line).words - WORDS):
        yield _no_such("relation", word)


def _no_such(column: str, value: str) -> Sentence:
    return Sentence(f"the {column} {value} is unknown", f"{column}一列没有{value}这一用语")


def _explained(problem: Sentence) -> Sentence:
    return Sentence(f"{problem}; {_README}", f"{problem.chinese}；{_README.chinese}")


def _not_shown(policy: Policy) -> Iterator[Sentence]:
    denied = {line.rule for line in policy.text.golden if line.expected == DENY}
    allowed = {line.action for line in policy.text.golden if line.expected == ALLOW}
    for rule in policy.text.rules:
        if rule.effect == DENY and rule.id not in denied:
            missing = Sentence(
                f"no line shows that rule {rule.id} denies; add one", f"没有规则{rule.id}禁止的例，请加一行"
            )
            yield missing.within("golden.csv")
    for action in sorted({f"{rule.object}.{rule.action}" for rule in policy.text.rules if rule.effect == ALLOW}):
        if action not in allowed:
            missing = Sentence(f"no line shows who may {action}; add one", f"没有何人可以{action}的例，请加一行")
            yield missing.within("golden.csv")
