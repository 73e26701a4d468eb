"""What rules may say of assignments, of what they owe (slots), and of follow-ups."""

from app.assignments.models import Assignment, FollowUp, ReportSlot
from app.authz import ObjectType, principal, register
from app.authz.conditions import any_of, eq, in_, inherits, parent
from app.cases.models import Case, CaseParticipant
from app.cases.rules import AssignmentRole, Handling

_UNITS, _ALL_UNITS = principal("units"), principal("all_units")
_CASES, _STANDS_FOR = principal("cases"), principal("stands_for")

ASSIGNMENT = register(
    ObjectType(
        "assignment",
        Assignment,
        frozenset(
            {
                "view",
                "acknowledge",
                "request_reassignment",
                "decide_reassignment",
                "record_follow_up",
                "explain",
                "request_extension",
                "urge",
            }
        ),
        {
            "case_hidden": ~inherits(Assignment.case_id, "case"),
            "of_own_unit": in_(Assignment.unit_id, _UNITS),
            "of_a_unit_of_mine": in_(Assignment.unit_id, _ALL_UNITS),
            "supports_own_unit": parent(Assignment.case_id, Case.id, eq(Case.handling, Handling.JOINT))
            & any_of(
                CaseParticipant.case_id,
                Assignment.case_id,
                eq(CaseParticipant.principal, True) & in_(CaseParticipant.unit_id, _UNITS),
            ),
            "leads_own_unit": eq(Assignment.role, AssignmentRole.LEAD)
            & any_of(
                CaseParticipant.case_id,
                Assignment.case_id,
                eq(CaseParticipant.supporting, True) & in_(CaseParticipant.unit_id, _UNITS),
            ),
            "case_led_by_me": any_of(
                CaseParticipant.case_id,
                Assignment.case_id,
                eq(CaseParticipant.person_id, _STANDS_FOR) & eq(CaseParticipant.leader, True),
            ),
        },
        within_case=in_(Assignment.case_id, _CASES),
        mandatory=(
            ("*", "case_hidden"),
            ("decide_reassignment", "of_a_unit_of_mine"),
            ("urge", "of_a_unit_of_mine"),
        ),
    )
)

# Explanations, extension requests and urgings bear the same two columns, so that the rules on a slot fit them too.
SLOT = register(
    ObjectType(
        "slot",
        ReportSlot,
        frozenset(
            {
                "view",
                "explain",
                "answer_explanation",
                "request_extension",
                "decide_extension",
                "urge",
                "withdraw_urging",
            }
        ),
        {
            "assignment_hidden": ~inherits(ReportSlot.assignment_id, "assignment"),
            "of_own_unit": parent(ReportSlot.assignment_id, Assignment.id, in_(Assignment.unit_id, _UNITS)),
            "of_a_unit_of_mine": parent(ReportSlot.assignment_id, Assignment.id, in_(Assignment.unit_id, _ALL_UNITS)),
            "case_led_by_me": any_of(
                CaseParticipant.case_id,
                ReportSlot.case_id,
                eq(CaseParticipant.person_id, _STANDS_FOR) & eq(CaseParticipant.leader, True),
            ),
        },
        within_case=in_(ReportSlot.case_id, _CASES),
        mandatory=(
            ("*", "assignment_hidden"),
            ("answer_explanation", "of_a_unit_of_mine"),
            ("decide_extension", "of_a_unit_of_mine"),
            ("urge", "of_a_unit_of_mine"),
            ("withdraw_urging", "of_a_unit_of_mine"),
        ),
    )
)

FOLLOW_UP = register(
    ObjectType(
        "follow_up",
        FollowUp,
        frozenset({"view"}),
        {
            "assignment_hidden": ~inherits(FollowUp.assignment_id, "assignment"),
            "of_own_unit": parent(FollowUp.assignment_id, Assignment.id, in_(Assignment.unit_id, _UNITS)),
            "explains": eq(FollowUp.explains, True),
        },
        within_case=in_(FollowUp.case_id, _CASES),
        mandatory=(("*", "assignment_hidden"),),
    )
)
