"""What rules may say of 待办: for whom it waits."""

from app.authz import ObjectType, principal, register
from app.authz.conditions import eq, gt, in_, inherits, known, names_subject_role
from app.todos.models import Todo

TODO = register(
    ObjectType(
        "todo",
        Todo,
        frozenset({"view", "watch"}),  # view: it waits for me; watch: I may know for whom it waits
        {
            "case_hidden": known(Todo.case_id) & ~inherits(Todo.case_id, "case"),
            "accountability_hidden": known(Todo.accountability_id)
            & ~inherits(Todo.accountability_id, "accountability"),
            "above_clearance": gt(Todo.classification, principal("clearance")),
            "for_me": eq(Todo.person_id, principal("person_id")),
            "for_own_unit": in_(Todo.unit_id, principal("units")) & ~known(Todo.role),
            "for_my_role": names_subject_role(Todo.role)
            & (~known(Todo.unit_id) | in_(Todo.unit_id, principal("units"))),
            "of_own_unit": in_(Todo.unit_id, principal("units")),
        },
        within_case=in_(Todo.case_id, principal("cases")),
        mandatory=(("*", "case_hidden"), ("*", "accountability_hidden"), ("*", "above_clearance")),
    )
)
