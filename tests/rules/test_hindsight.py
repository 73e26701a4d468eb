"""What was recorded after an instant, taken back from the tables of today, leaves the tables of that instant."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.events.history import State, as_of, fold, undone

START = datetime(2026, 6, 30, 16, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    recorded_at: datetime
    changes: list[dict[str, Any]]


def told(acts: list[tuple[int, str, int | None]]) -> list[Told]:
    """Events that make rows and change them, each with the value before, as a session records it."""
    rows: dict[int, dict[str, Any]] = {}
    events = []
    for minute, (row, field, value) in enumerate(acts):
        fields = {field: [rows.get(row, {}).get(field), value]}
        if row not in rows:
            fields["id"] = [None, str(row)]
            rows[row] = {"id": str(row)}
        rows[row][field] = value
        change = {"table": "assignment", "key": [str(row)], "version": None, "fields": fields}
        events.append(Told(START + timedelta(minutes=minute), [change]))
    return events


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["status", "due_on"]), st.none() | st.integers(0, 9))),
    st.integers(-1, 30),
)
def test_undoing_what_came_later_is_the_fold_up_to_then(acts: list[tuple[int, str, int | None]], minute: int) -> None:
    events, cut_off = told(acts), START + timedelta(minutes=minute)
    before = undone(event for event in events if event.recorded_at > cut_off)
    past: State = {}
    for key, fields in fold(events).items():
        was = before.get(key, {})
        if was is not None:
            past[key] = fields | was
    known = as_of(events, cut_off)
    assert past.keys() == known.keys()
    for key, fields in known.items():
        assert {name: value for name, value in past[key].items() if value is not None} == (
            {name: value for name, value in fields.items() if value is not None}
        )
