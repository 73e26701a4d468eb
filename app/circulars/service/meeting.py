"""通报会 (第二十六条): a circular made known at a meeting, which is recorded after it was held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.circulars.models import Circular, CircularAttendee
from app.content.service import put_optional
from app.core.refusals import Problems, RefusalCode
from app.core.texts import BODY, NAME, clean, clean_optional
from app.files.service import attach
from app.identity.models import Person, Unit
from app.work import Work

_MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Meeting:
    """When and where it was held, which of the addressees were there, and who; the minutes as words, a file or both."""

    held_at: datetime
    place: str
    unit_ids: tuple[UUID, ...]
    person_ids: tuple[UUID, ...] = ()
    minutes: str | None = None
    minutes_file_id: UUID | None = None


async def record_meeting(work: Work, circular: Circular, meeting: Meeting, addressees: Sequence[Unit]) -> None:
    """Write down a meeting. Refuses BAD_DATE before the approval or ahead of now, BAD_ID for who is no addressee."""
    assert circular.approved_at is not None
    problems, path = Problems(), ("input", "meeting")
    in_time = circular.approved_at <= meeting.held_at <= work.now
    problems.check(in_time, RefusalCode.BAD_DATE, *path, "heldAt")
    place = clean(problems, meeting.place, NAME, *path, "place")
    minutes = clean_optional(problems, meeting.minutes, BODY, *path, "minutes")
    kept = minutes is not None or meeting.minutes_file_id is not None
    problems.check(kept, RefusalCode.REQUIRED, *path, "minutes")
    await _check_attendees(work, problems, meeting, {unit.id for unit in addressees})
    problems.raise_if_any()
    minutes_id = put_optional(work.session, minutes, work.now)
    await work.session.flush()  # words first: nothing else tells the order of the two tables
    circular.held_at, circular.place, circular.minutes_id = meeting.held_at, place, minutes_id
    if meeting.minutes_file_id is not None:
        await _keep_minutes(work, circular, meeting.minutes_file_id)
    work.session.add_all(CircularAttendee(circular_id=circular.id, unit_id=key) for key in meeting.unit_ids)
    work.session.add_all(CircularAttendee(circular_id=circular.id, person_id=key) for key in meeting.person_ids)
    await work.session.flush()


async def _check_attendees(work: Work, problems: Problems, meeting: Meeting, addressees: set[UUID]) -> None:
    path = ("input", "meeting")
    problems.check(bool(meeting.unit_ids), RefusalCode.REQUIRED, *path, "units")
    for name, keys in (("units", meeting.unit_ids), ("people", meeting.person_ids)):
        problems.check(len(keys) <= _MOST_PEOPLE, RefusalCode.TOO_MANY, *path, name, limit=_MOST_PEOPLE)
        problems.check(len(set(keys)) == len(keys), RefusalCode.DUPLICATE, *path, name)
    for index, key in enumerate(meeting.unit_ids[:_MOST_PEOPLE]):
        problems.check(key in addressees, RefusalCode.BAD_ID, *path, "units", index)
    for index, key in enumerate(meeting.person_ids[:_MOST_PEOPLE]):
        problems.check(await work.session.get(Person, key) is not None, RefusalCode.BAD_ID, *path, "people", index)


async def _keep_minutes(work: Work, circular: Circular, file_id: UUID) -> None:
    await attach(
        work,
        [file_id],
        owner=circular,
        case_id=circular.case_id,
        subject=("circular", circular.id),
        unit_id=None,
        path=("input", "meeting", "minutesFile"),
        many=False,
    )
    circular.minutes_file_id = file_id
