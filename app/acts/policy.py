"""What rules may say of decisions and of acts recorded on behalf of somebody (代录)."""

from app.acts.models import Decision, RecordedAct
from app.authz import ObjectType, principal, register
from app.authz.conditions import eq, in_, inherits, known

_ME = principal("person_id")

DECISION = register(
    ObjectType(
        "decision",
        Decision,
        frozenset({"view"}),
        {
            "case_hidden": known(Decision.case_id) & ~inherits(Decision.case_id, "case"),
            "subject_hidden": (eq(Decision.subject_kind, "circular") & ~inherits(Decision.subject_id, "circular"))
            | (eq(Decision.subject_kind, "accountability") & ~inherits(Decision.subject_id, "accountability")),
            "taken_by_me": eq(Decision.decided_by, _ME),
            "on_a_visible_report": eq(Decision.subject_kind, "report") & inherits(Decision.subject_id, "report"),
            "on_a_visible_assignment": eq(Decision.subject_kind, "assignment")
            & inherits(Decision.subject_id, "assignment"),
            "on_a_visible_extension": eq(Decision.subject_kind, "extension")
            & inherits(Decision.subject_id, "extension"),
        },
        within_case=in_(Decision.case_id, principal("cases")),
        mandatory=(("*", "case_hidden"), ("*", "subject_hidden")),
    )
)

ACT = register(
    ObjectType(
        "act",
        RecordedAct,
        frozenset({"view", "record", "check"}),
        {
            "case_hidden": known(RecordedAct.case_id) & ~inherits(RecordedAct.case_id, "case"),
            "circular_hidden": known(RecordedAct.circular_id) & ~inherits(RecordedAct.circular_id, "circular"),
            "accountability_hidden": known(RecordedAct.accountability_id)
            & ~inherits(RecordedAct.accountability_id, "accountability"),
            "done_by_me": eq(RecordedAct.decided_by, _ME),
            "recorded_by_me": eq(RecordedAct.recorded_by, _ME),
        },
        within_case=in_(RecordedAct.case_id, principal("cases")),
        mandatory=(
            ("*", "case_hidden"),
            ("*", "circular_hidden"),
            ("*", "accountability_hidden"),
            ("record", "done_by_me"),
            ("check", "done_by_me"),
            ("check", "recorded_by_me"),
        ),
    )
)
