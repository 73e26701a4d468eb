"""What a policy consists of, as text: the model, who implies whom, the rules, the clause of each, the signed table."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, replace
from typing import Any

import orjson

from app.authz.errors import PolicyError
from app.core.sentences import Sentence

ALLOW, DENY, ANY_ACTION = "allow", "deny", "*"
CONDITION_AND = "&"
_NO_POLICY = Sentence("the rows are not those of a policy", "存入的内容不是权限规则")


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

    @property
    def line(self) -> str:
        return ", ".join(["p", *self.values])


@dataclass(frozen=True, slots=True)
class RoleLink:
    """One line `g, …`: who holds the senior role holds the junior one."""

    senior: str
    junior: str
    where: str = field(default="", compare=False)

    @property
    def line(self) -> str:
        return f"g, {self.senior}, {self.junior}"


@dataclass(frozen=True, slots=True)
class Clause:
    """On which article a rule rests, and what it says, for people."""

    clause: str
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class GoldenLine:
    """One line of the table that the office signs: a question, and the answer that the rules must give."""

    role: str
    clearance: str
    classification: str
    scope: str
    status: str
    relation: str
    action: str
    expected: str
    rule: str
    where: str = field(default="", compare=False)

    @property
    def values(self) -> tuple[str, ...]:
        return (*self.question, self.expected, self.rule)

    @property
    def question(self) -> tuple[str, ...]:
        return self.role, self.clearance, self.classification, self.scope, self.status, self.relation, self.action


@dataclass(frozen=True, slots=True)
class PolicyText:
    model: str
    hierarchy: tuple[RoleLink, ...]
    rules: tuple[Rule, ...]
    clauses: Mapping[str, Clause]
    golden: tuple[GoldenLine, ...] = ()

    @classmethod
    def from_json(cls, rows: Mapping[str, Any]) -> "PolicyText":
        """What `as_json` made. PolicyError where it is something else; what the lines say is judged in `lint`."""
        try:
            return cls(
                str(rows["model"]),
                tuple(RoleLink(senior, junior, f"g, {senior}, {junior}") for senior, junior in rows["hierarchy"]),
                tuple(replace(Rule(*values), where=f"rule {values[-1]}") for values in rows["rules"]),
                {str(id_): Clause(*values) for id_, values in rows["clauses"].items()},
                tuple(
                    replace(GoldenLine(*values), where=f"golden.csv {csv_line(values)}")
                    for values in rows.get("golden", ())
                ),
            )
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise PolicyError([_NO_POLICY]) from error

    def as_json(self) -> dict[str, Any]:
        """The rows as a policy version stores them; `digest` is over exactly this."""
        rows: dict[str, Any] = {
            "model": self.model,
            "hierarchy": [[link.senior, link.junior] for link in self.hierarchy],
            "rules": [rule.values for rule in self.rules],
            "clauses": {id_: list(astuple(clause)) for id_, clause in self.clauses.items()},
        }
        if self.golden:  # versions made before the table belonged to them have none
            rows["golden"] = [list(line.values) for line in self.golden]
        return rows

    @property
    def digest(self) -> str:
        return hashlib.sha256(orjson.dumps(self.as_json(), option=orjson.OPT_SORT_KEYS)).hexdigest()


def csv_line(values: Iterable[str]) -> str:
    """Values as one line of `clauses.csv` and `golden.csv`, quoted where they hold a comma."""
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(values)
    return written.getvalue()
