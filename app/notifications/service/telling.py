"""One message per person and matter."""

from uuid import UUID

from sqlalchemy import select

from app.core.ids import new_id
from app.notifications.models import Notification
from app.work import Work


async def tell(
    work: Work,
    people: dict[UUID, UUID | None],
    *,
    key: str,
    topic: str,
    subject: tuple[str, UUID],
    case_id: UUID | None,
    accountability_id: UUID | None = None,
) -> None:
    """Put a message into each inbox, unless it is there: `key` names the matter, whatever delivers it twice."""
    keys = {person_id: f"{key}:{person_id}" for person_id in people}
    known = select(Notification.dedupe_key).where(Notification.dedupe_key.in_(keys.values()))
    there = set((await work.session.scalars(known)).all())
    work.session.add_all(
        Notification(
            id=new_id(),
            person_id=person_id,
            unit_id=unit_id,
            case_id=case_id,
            accountability_id=accountability_id,
            topic=topic,
            subject_kind=subject[0],
            subject_id=subject[1],
            dedupe_key=keys[person_id],
            created_at=work.now,
        )
        for person_id, unit_id in sorted(people.items(), key=lambda one: str(one[0]))
        if keys[person_id] not in there
    )
    await work.session.flush()
