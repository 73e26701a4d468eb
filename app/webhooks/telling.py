"""What a message says: ids and names of fields. The receiver asks for the rest, under the rights of its own account."""

from datetime import datetime
from typing import Any

from app.core.ids import encode_id
from app.core.zone import SHANGHAI

_CASE_TABLE = "supervision_case"
# Fields of a case that whoever sees the case may read, by the names that the schema gives them
_TOLD = {
    "status": "status",
    "handling": "handling",
    "tier": "tier",
    "due_on": "dueOn",
    "completion_due_on": "completionDueOn",
    "dispatched_at": "dispatchedAt",
    "closed_at": "closedAt",
}


def body_of(event: Any) -> dict[str, Any]:
    """The message of an event, a row of its table."""
    data = {
        "id": encode_id("event", event.id),
        "case": encode_id("case", event.case_id),
        "occurredOn": event.occurred_on.isoformat(),
        "changed": _changed(event),
    }
    if event.unit_id is not None:
        data["unit"] = encode_id("unit", event.unit_id)
    return {"type": event.type, "timestamp": _instant(event.recorded_at), "data": data}


def code_body(code: str, at: datetime) -> dict[str, Any]:
    """What a new endpoint is sent, to be told to the administrator who verifies it."""
    return {"type": "webhook.verification", "timestamp": _instant(at), "data": {"code": code}}


def _changed(event: Any) -> list[str]:
    own = [one for one in event.changes if (one["table"], one["key"]) == (_CASE_TABLE, [str(event.case_id)])]
    return sorted({_TOLD[name] for one in own for name in one["fields"] if name in _TOLD})


def _instant(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat()
