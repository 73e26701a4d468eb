"""What rules may say of inspection conclusions (督查结论)."""

from app.authz import ObjectType, principal, register
from app.authz.conditions import in_, inherits, known
from app.inspections.models import InspectionConclusion

CONCLUSION = register(
    ObjectType(
        "conclusion",
        InspectionConclusion,
        frozenset({"view", "issue", "withdraw"}),
        {
            "case_hidden": ~inherits(InspectionConclusion.case_id, "case"),
            "issued": known(InspectionConclusion.issued_at),
            "of_own_unit": in_(InspectionConclusion.unit_id, principal("units")),
            "of_a_unit_of_mine": in_(InspectionConclusion.unit_id, principal("all_units")),
        },
        within_case=in_(InspectionConclusion.case_id, principal("cases")),
        mandatory=(("*", "case_hidden"), ("issue", "of_a_unit_of_mine"), ("withdraw", "of_a_unit_of_mine")),
    )
)
