"""What rules may say of urgings (催办), explanations (说明情况) and extension requests (延期)."""

from app.assignments.models import Assignment
from app.authz import ObjectType, principal, register
from app.authz.conditions import in_, inherits, known, parent
from app.escalation.models import Explanation, ExtensionRequest, ReassignmentRequest, Urging

_UNITS = principal("units")

URGING = register(
    ObjectType(
        "urging",
        Urging,
        frozenset({"view"}),
        {
            "assignment_hidden": ~inherits(Urging.assignment_id, "assignment"),
            "delivered": known(Urging.delivered_at),
            "of_own_unit": in_(Urging.unit_id, _UNITS),
        },
        within_case=in_(Urging.case_id, principal("cases")),
        mandatory=(("*", "assignment_hidden"),),
    )
)

EXPLANATION = register(
    ObjectType(
        "explanation",
        Explanation,
        frozenset({"view"}),
        {
            "assignment_hidden": ~inherits(Explanation.assignment_id, "assignment"),
            "of_own_unit": parent(Explanation.assignment_id, Assignment.id, in_(Assignment.unit_id, _UNITS)),
        },
        within_case=in_(Explanation.case_id, principal("cases")),
        mandatory=(("*", "assignment_hidden"),),
    )
)

EXTENSION = register(
    ObjectType(
        "extension",
        ExtensionRequest,
        frozenset({"view"}),
        {
            "assignment_hidden": ~inherits(ExtensionRequest.assignment_id, "assignment"),
            "of_own_unit": parent(ExtensionRequest.assignment_id, Assignment.id, in_(Assignment.unit_id, _UNITS)),
        },
        within_case=in_(ExtensionRequest.case_id, principal("cases")),
        mandatory=(("*", "assignment_hidden"),),
    )
)

REASSIGNMENT = register(
    ObjectType(
        "reassignment",
        ReassignmentRequest,
        frozenset({"view"}),
        {
            "assignment_hidden": ~inherits(ReassignmentRequest.assignment_id, "assignment"),
            "of_own_unit": parent(ReassignmentRequest.assignment_id, Assignment.id, in_(Assignment.unit_id, _UNITS)),
        },
        within_case=in_(ReassignmentRequest.case_id, principal("cases")),
        mandatory=(("*", "assignment_hidden"),),
    )
)
