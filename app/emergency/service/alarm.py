"""The alarm: a message to each of the three administrators, and a line of the log that operators watch for."""

import structlog

from app.emergency.models import EmergencySeal
from app.emergency.rules import ALARMED_ROLES
from app.identity.queries import holders_of_role
from app.notifications.service import tell
from app.work import Work

_log = structlog.get_logger(__name__)


async def alarm(work: Work, topic: str, seal: EmergencySeal, key: str) -> None:
    """In the transaction of what it tells of. `key`: what is told once, however often it happens."""
    people = {
        person for role in sorted(ALARMED_ROLES) for person in await holders_of_role(work.session, role, work.now)
    }
    await tell(
        work,
        dict.fromkeys(people),
        key=f"{topic}:{key}",
        topic=topic,
        subject=("emergency_seal", seal.id),
        case_id=None,
    )
    _log.critical("emergency_account", what=topic, seal=str(seal.id))
