"""What things were: events folded into the plain fields of every row. Texts are references here too."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

RowKey = tuple[str, tuple[Any, ...]]  # table, primary key
State = dict[RowKey, dict[str, Any]]


class Recorded(Protocol):
    """An event, as far as its history goes."""

    @property
    def recorded_at(self) -> datetime: ...
    @property
    def changes(self) -> Sequence[Mapping[str, Any]]: ...


def fold(events: Iterable[Recorded]) -> State:
    """The rows that these events left behind, in the order in which they were recorded."""
    state: State = {}
    for event in events:
        for change in event.changes:
            key = (change["table"], tuple(change["key"]))
            if change.get("deleted"):
                state.pop(key, None)
            else:
                fields = {name: after for name, (_, after) in change["fields"].items()}
                state[key] = state.get(key, {}) | fields
    return state


def as_of(events: Iterable[Recorded], cut_off: datetime) -> State:
    """The rows as they were known then: what was recorded later, of earlier days too, does not count."""
    return fold(event for event in events if event.recorded_at <= cut_off)


def undone(later: Iterable[Recorded]) -> dict[RowKey, dict[str, Any] | None]:
    """What these events changed, as it was before the first of them; None for rows that were not there yet.

    The live tables, put back by what was recorded after an instant, are the tables of that instant: the same as the
    fold up to it, at the cost of how late one looks.
    """
    before: dict[RowKey, dict[str, Any] | None] = {}
    for event in later:
        for change in event.changes:
            key = (change["table"], tuple(change["key"]))
            fields = {name: was for name, (was, _) in change["fields"].items()}
            if key not in before:
                before[key] = None if _is_new(change) else fields
            elif (known := before[key]) is not None:
                before[key] = fields | known
    return before


def _is_new(change: Mapping[str, Any]) -> bool:
    identity: list[Any] = change["fields"].get("id", [change["key"][0]])
    return identity[0] is None
