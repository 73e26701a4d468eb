"""What a policy consists of, as text: the model, who implies whom, the rules, and the clause that each rests on."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

ALLOW, DENY, ANY_ACTION = "allow", "deny", "*"
CONDITION_AND = "&"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line `p, …`: this role may (or may never) do this to such an object while the conditions hold."""

    subject: str
    object: str
    action: str
    condition: str
    effect: str
    id: str
    where: str = field(default="", compare=False)  # "20_case.csv line 7", for messages

    @property
    def values(self) -> list[str]:
        return [self.subject, self.object, self.action, self.condition, self.effect, self.id]


@dataclass(frozen=True, slots=True)
class RoleLink:
    """One line `g, …`: who holds the senior role holds the junior one."""

    senior: str
    junior: str
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Clause:
    """On which article a rule rests, and what it says, for people."""

    clause: str
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class PolicyText:
    model: str
    hierarchy: tuple[RoleLink, ...]
    rules: tuple[Rule, ...]
    clauses: Mapping[str, Clause]

    def as_json(self) -> dict[str, Any]:
        """The rows as a policy version stores them; `digest` is over exactly this."""
        return {
            "model": self.model,
            "hierarchy": [[link.senior, link.junior] for link in self.hierarchy],
            "rules": [rule.values for rule in self.rules],
            "clauses": {id_: [clause.clause, clause.title_zh, clause.title_en] for id_, clause in self.clauses.items()},
        }

    @property
    def digest(self) -> str:
        return hashlib.sha256(orjson.dumps(self.as_json(), option=orjson.OPT_SORT_KEYS)).hexdigest()
