"""The actor of timed work."""

from dataclasses import replace

from app.authz import MACHINE, Actor
from app.authz.versions import current_policy_version
from app.core.database import Database


async def machine_now(database: Database) -> Actor:
    """The machine under the policy version in force, which its records name."""
    async with database.read() as session:
        version = await current_policy_version(session)
    return replace(MACHINE, policy_version=version or MACHINE.policy_version)
