"""What rules may say of evaluations (考核): the run, its sheets, and what belongs to a sheet."""

from app.authz import ObjectType, principal, register
from app.authz.conditions import any_of, eq, gt, in_, inherits, known, parent
from app.evaluations.models import (
    Evaluation,
    EvaluationCorrection,
    EvaluationFact,
    EvaluationItem,
    EvaluationObjection,
    EvaluationSheet,
)

_SHOWN = known(Evaluation.shown_at)

EVALUATION = register(
    ObjectType(
        "evaluation",
        Evaluation,
        frozenset({"view", "compute", "show", "submit", "correct", "simulate"}),
        {"shown": _SHOWN},
    )
)

SHEET = register(
    ObjectType(
        "evaluation_sheet",
        EvaluationSheet,
        frozenset({"view", "adjust", "grade", "object", "answer_objection"}),
        {
            "above_clearance": gt(EvaluationSheet.classification, principal("clearance")),
            # Who does not see each of its cases would learn from its marks that there are others (第二十三条).
            "counts_what_is_hidden": eq(EvaluationSheet.restricted, True)
            & any_of(EvaluationItem.sheet_id, EvaluationSheet.id, ~inherits(EvaluationItem.case_id, "case")),
            "shown": parent(EvaluationSheet.evaluation_id, Evaluation.id, _SHOWN),
            "of_own_unit": in_(EvaluationSheet.unit_id, principal("units")),
            "of_a_unit_of_mine": in_(EvaluationSheet.unit_id, principal("all_units")),
        },
        mandatory=(
            ("*", "above_clearance"),
            ("*", "counts_what_is_hidden"),
            ("adjust", "of_a_unit_of_mine"),
            ("grade", "of_a_unit_of_mine"),
            ("answer_objection", "of_a_unit_of_mine"),
        ),
    )
)

ITEM = register(
    ObjectType(
        "evaluation_item",
        EvaluationItem,
        frozenset({"view"}),
        {
            "sheet_hidden": ~inherits(EvaluationItem.sheet_id, "evaluation_sheet"),
            "case_hidden": ~inherits(EvaluationItem.case_id, "case"),
        },
        mandatory=(("*", "sheet_hidden"), ("*", "case_hidden")),
    )
)

FACT = register(
    ObjectType(
        "evaluation_fact",
        EvaluationFact,
        frozenset({"view"}),
        {
            "sheet_hidden": ~inherits(EvaluationFact.sheet_id, "evaluation_sheet"),
            "case_hidden": ~inherits(EvaluationFact.case_id, "case"),
        },
        mandatory=(("*", "sheet_hidden"), ("*", "case_hidden")),
    )
)

OBJECTION = register(
    ObjectType(
        "evaluation_objection",
        EvaluationObjection,
        frozenset({"view"}),
        {"sheet_hidden": ~inherits(EvaluationObjection.sheet_id, "evaluation_sheet")},
        mandatory=(("*", "sheet_hidden"),),
    )
)

CORRECTION = register(
    ObjectType(
        "evaluation_correction",
        EvaluationCorrection,
        frozenset({"view"}),
        {"sheet_hidden": ~inherits(EvaluationCorrection.sheet_id, "evaluation_sheet")},
        mandatory=(("*", "sheet_hidden"),),
    )
)
