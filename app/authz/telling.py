"""Of which objects a verdict can be explained to somebody who sees the object, but not all that there is.

Whether somebody else may see a source depends on every case to which it is attached, and the one who asks may not know
of all of them. So a verdict is told only where it rests on nothing that seeing the object does not show as well.
"""

from collections.abc import Iterator, Mapping

from app.authz.conditions import Every, Inherited, Known, Not, nodes, table_of
from app.authz.objects import ObjectType
from app.authz.policy_text import ANY_ACTION

_Parent = tuple[str, str, str]  # table and name of the column that refers to it, its object type


def can_be_told(name: str, objects: Mapping[str, ObjectType]) -> bool:
    """Whether all that objects of this type inherit from is seen by whoever sees them, and can be told of as well."""
    object_type = objects[name]
    shown = set(_shown(object_type))
    inherited = [
        node
        for condition in object_type.conditions.values()
        for node in nodes(condition)
        if isinstance(node, Inherited)
    ]
    return all(_parent(node) in shown and can_be_told(node.object_name, objects) for node in inherited)


def _shown(object_type: ObjectType) -> Iterator[_Parent]:
    """The parents without which nobody sees an object of this type: a mandatory rule says so."""
    for action, name in object_type.mandatory:
        if action == ANY_ACTION:
            match object_type.condition(name):
                case Not(Inherited(action="view") as parent):
                    yield _parent(parent)
                case Every((Known(column), Not(Inherited(action="view") as parent))) if column is parent.key:
                    yield _parent(parent)


def _parent(node: Inherited) -> _Parent:
    return table_of(node.key).name, node.key.key, node.object_name
