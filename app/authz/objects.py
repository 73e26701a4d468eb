"""Object types: what a rule can be about, its table, its actions and the conditions that rules may name.

Features declare theirs in `app/<feature>/policy.py`; authz imports no feature.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.authz.conditions import ALWAYS, NEVER, Condition, Inherited, nodes
from app.authz.errors import PolicyError

_ALWAYS_THERE: Mapping[str, Condition] = {"always": ALWAYS}


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One resource of `resource.verb`.

    `within_case` says, over `principal("cases")`, which rows belong to a case, so that a temporary power for one case
    reaches these and no others; without it such a power reaches no object of this type.
    `mandatory` lists (action, condition) of the deny rows for `anyone` without which no policy is loaded; `kept` the
    actions that some rule must allow to a role: without them nobody could ever change the policy again.
    """

    name: str
    model: type[Any]
    actions: frozenset[str]
    conditions: Mapping[str, Condition]
    within_case: Condition = NEVER
    mandatory: tuple[tuple[str, str], ...] = ()
    kept: tuple[str, ...] = ()
    _named: Mapping[str, Condition] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_named", {**_ALWAYS_THERE, **self.conditions})

    def condition(self, name: str) -> Condition:
        """The condition of that name. An unknown name raises KeyError: it is never true by accident."""
        return self._named[name]

    def knows(self, name: str) -> bool:
        return name in self._named


_registered: dict[str, ObjectType] = {}


def register(object_type: ObjectType) -> ObjectType:
    """Make an object type known to every policy that is loaded later. Called once, where the type is declared."""
    if object_type.name in _registered:
        raise PolicyError([f"object type {object_type.name} is declared twice"])
    _registered[object_type.name] = object_type
    return object_type


def registered() -> tuple[ObjectType, ...]:
    return tuple(_registered.values())


def object_of(model: type[Any]) -> ObjectType:
    """The object type whose rows these are."""
    return next(object_type for object_type in _registered.values() if object_type.model is model)


def catalogue(types: Iterable[ObjectType]) -> dict[str, ObjectType]:
    """By name, after checking that what inherits names a known object and action, and never itself in the end."""
    by_name = {object_type.name: object_type for object_type in types}
    problems = [
        f"{object_type.name}.{name} inherits {node.object_name}.{node.action}, which is not declared"
        for object_type in by_name.values()
        for name, condition in object_type.conditions.items()
        for node in nodes(condition)
        if isinstance(node, Inherited)
        and (node.object_name not in by_name or node.action not in by_name[node.object_name].actions)
    ]
    problems += [f"{name} inherits from itself" for name in by_name if not problems and _returns(name, by_name)]
    if problems:
        raise PolicyError(problems)
    return by_name


def _returns(start: str, by_name: Mapping[str, ObjectType]) -> bool:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for condition in by_name[waiting.pop()].conditions.values():
            for node in nodes(condition):
                if isinstance(node, Inherited) and node.object_name not in reached:
                    reached.add(node.object_name)
                    waiting.append(node.object_name)
    return start in reached
