"""What is wrong with a version of the policy, and what it would change: for who may see it."""

from uuid import UUID

from sqlalchemy import select

from app.authz.errors import PolicyError
from app.authz.models import PolicyStatus, PolicyVersion
from app.authz.versions import text_of
from app.core.refusals import Refusal, RefusalCode
from app.permissions.checking import problems_of_version
from app.permissions.editing import LineChange, differences
from app.work import Work


async def problems(work: Work, version_id: UUID) -> list[str]:
    """Every fault of a version, with its line and what to do about it. NOT_FOUND."""
    version = await work.load(PolicyVersion, version_id, lock=False)
    return await problems_of_version(version)


async def changes(work: Work, version_id: UUID, since_id: UUID | None) -> list[LineChange]:
    """What a version would change of another one, by default of the one in force. NOT_FOUND."""
    version = await work.load(PolicyVersion, version_id, lock=False)
    since = await version_in_force(work) if since_id is None else await work.load(PolicyVersion, since_id, lock=False)
    try:
        return list(differences(text_of(since), text_of(version)))
    except PolicyError as error:  # `problems` says more
        raise Refusal(RefusalCode.STATUS_CONFLICT) from error


async def version_in_force(work: Work) -> PolicyVersion:
    """The version in force, for whoever may ask about it."""
    statement = select(PolicyVersion).where(PolicyVersion.status == PolicyStatus.ACTIVE)
    return (await work.session.execute(statement)).scalar_one()
