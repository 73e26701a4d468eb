"""What the chain keeps of an event: a digest over everything but the words, which are elsewhere."""

from collections.abc import Mapping
from typing import Any

from app.audit.rules import digest_of
from app.events.models import Event

_DIGESTED = (
    "id",
    "type",
    "case_id",
    "case_seq",
    "subject_kind",
    "subject_id",
    "unit_id",
    "act_id",
    "occurred_on",
    "recorded_at",
    "rule_set_id",
    "changes",
)


def digest_of_event(event: Event) -> str:
    """What the chain keeps of an event."""
    return digest_of({name: getattr(event, name) for name in _DIGESTED})


def digest_of_columns(event: Mapping[str, Any]) -> str:
    """The same of an event that is written in bulk, as its columns."""
    return digest_of({name: event[name] for name in _DIGESTED})
