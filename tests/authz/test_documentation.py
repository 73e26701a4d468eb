"""What an administrator can write in a rule is explained in docs/permissions.md."""

from pathlib import Path

from app.authz import Role
from app.permissions.golden_line import Golden
from tests.authz.shipped import FOLDER, OBJECT_TYPES
from tests.authz.test_golden import GOLDEN

_PERMISSIONS = (Path(__file__).parents[2] / "docs" / "permissions.md").read_text("utf-8")
_README = (FOLDER / "README.md").read_text("utf-8")


def test_every_role_object_action_and_condition_is_explained() -> None:
    words = {role.value for role in Role} | set(OBJECT_TYPES) | {"always"}
    for object_type in OBJECT_TYPES.values():
        words |= object_type.actions | set(object_type.conditions)
    assert sorted(word for word in words if f"`{word}`" not in _PERMISSIONS) == []


def test_the_words_of_the_decision_table_are_explained() -> None:
    words = {word for golden in GOLDEN for word in Golden.of(golden).words} - {"-"}
    assert sorted(word for word in words if f"`{word}`" not in _README) == []
