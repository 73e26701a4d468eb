"""What rules may say of the timeline (events) and of the record of administration."""

from app.audit.models import AdminRecord
from app.authz import ObjectType, principal, register
from app.authz.conditions import in_, inherits, known
from app.events.models import Event

# What happens to the whole case after its dispatch; the office's own steps before it are not the units' business.
_TOLD_TO_UNITS = {
    "case.dispatched",
    "case.amended",
    "case.suspended",
    "case.resumed",
    "case.cancelled",
    "case.closed",
    "case.reopened",
}

EVENT = register(
    ObjectType(
        "event",
        Event,
        frozenset({"view"}),
        {
            "case_hidden": known(Event.case_id) & ~inherits(Event.case_id, "case"),
            "of_a_case": known(Event.case_id),
            "of_own_unit": in_(Event.unit_id, principal("units")),
            "told_to_units": in_(Event.type, _TOLD_TO_UNITS),
        },
        within_case=in_(Event.case_id, principal("cases")),
        mandatory=(("*", "case_hidden"),),
    )
)

AUDIT = register(ObjectType("audit", AdminRecord, frozenset({"view"}), {}))
