"""The policies of a process, by version number: each is loaded from its row once, and the number is read with each
request. So a change takes effect on the next request in every process, and nothing has to tell them.
"""

from asyncio import Lock
from collections import OrderedDict

import structlog
from sqlalchemy import select

from app.authz.errors import PolicyError
from app.authz.models import PolicyVersion
from app.authz.policy import Policy
from app.authz.versions import current_policy_version, policy_of
from app.core.database import Database

_KEPT = 8  # requests under way when several versions follow each other; the plans of one take a few megabytes

_log = structlog.get_logger(__name__)


class Policies:
    """`shipped` came with this release: its object types are those of all versions."""

    def __init__(self, database: Database, shipped: Policy) -> None:
        self.shipped = shipped
        self._database = database
        self._kept: OrderedDict[int, Policy] = OrderedDict()
        self._loading = Lock()

    async def now(self) -> Policy:
        """The policy in force, for what no request asks for. PolicyError where there is none that can be used."""
        async with self._database.read() as session:
            number = await current_policy_version(session)
        return await self.of(number or 0)

    async def of(self, number: int) -> Policy:
        """The policy of a version that is or was in force. PolicyError where it is unknown, altered or unreadable."""
        if number not in self._kept:
            async with self._loading:
                if number not in self._kept:
                    self._keep(number, await self._load(number))
        return self.held(number)

    def held(self, number: int) -> Policy:
        """The policy of a version that `of` has answered for a moment ago."""
        try:
            self._kept.move_to_end(number)
            return self._kept[number]
        except KeyError:
            raise PolicyError([f"policy version {number} is not loaded"]) from None

    def _keep(self, number: int, policy: Policy) -> None:
        self._kept[number] = policy
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    async def _load(self, number: int) -> Policy:
        async with self._database.read() as session:
            statement = select(PolicyVersion).where(PolicyVersion.number == number)
            row = (await session.execute(statement)).scalar_one_or_none()
            try:
                if row is None:
                    raise PolicyError([f"there is no policy version {number}"])
                policy = policy_of(row, self.shipped.objects)
            except PolicyError as error:
                _log.exception("policy_unusable", number=number, problems=error.problems)
                raise
        known = (self.shipped, *self._kept.values())
        return next((one for one in known if one.digest == policy.digest), policy)
