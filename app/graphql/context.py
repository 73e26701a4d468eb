"""What resolvers know of a request. Who is not signed in is asked to, where he first reads a row."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import strawberry

from app.authz import Actor, Policies, Policy, PolicyError
from app.core.database import Database
from app.core.paging import Cursors
from app.core.refusals import Language
from app.core.settings import Settings
from app.events.feed import Feed
from app.graphql.errors import sign_in_required
from app.graphql.loaders import Loaders
from app.identity.queries import principal
from app.identity.service import Entrance
from app.reads.kinds import Need
from app.work import Work
from app.work.opening import Workplace
from app.workdays import Calendar, current_calendar


@dataclass(slots=True)
class Context:
    """One request: caller, instant, language, and the process it runs in. Loaders are never shared between requests."""

    workplace: Workplace
    settings: Settings
    cursors: Cursors
    entrance: Entrance
    feed: Feed
    caller: Actor | None
    policies: Policies
    now: datetime
    language: Language
    correlation_id: UUID
    loaders: Loaders = field(init=False)
    renewed_at: datetime = field(init=False)
    followed_to: tuple[Any, ...] | None = None  # the place up to which a list that is followed was told
    _calendar: Calendar | None = None

    def __post_init__(self) -> None:
        self.loaders = Loaders(self)
        self.renewed_at = self.workplace.clock.real_now()

    async def renew(self) -> None:
        """Take the caller's rights and the time as they are now: for what goes on long after it was asked for.

        Raises UNAUTHENTICATED once his session has ended. What was read before is forgotten.
        """
        caller = self.actor
        self.move_on()
        if caller.session_id is None or caller.account_id is None:
            raise sign_in_required()
        found = await principal(self.database, caller.session_id, caller.account_id, self.now, self.renewed_at)
        if found is None:
            raise sign_in_required()
        try:
            await self.policies.of(found.actor.policy_version)
        except PolicyError:  # in doubt the answer is no
            raise sign_in_required() from None
        self.caller = found.actor

    def move_on(self) -> None:
        """Take the time as it is now. What was read before is forgotten."""
        clock = self.workplace.clock
        self.now, self.renewed_at, self._calendar = clock.now(), clock.real_now(), None
        self.loaders.forget()

    @property
    def database(self) -> Database:
        return self.workplace.database

    @property
    def actor(self) -> Actor:
        """Who asks. Raises UNAUTHENTICATED for a request without a token."""
        if self.caller is None:
            raise sign_in_required()
        return self.caller

    @property
    def policy(self) -> Policy:
        """The version that was in force when the caller's rights were read; nobody reads under the shipped one."""
        return self.policies.shipped if self.caller is None else self.policies.held(self.caller.policy_version)

    @property
    def search_key(self) -> bytes:
        return self.workplace.search_key

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[Work]:
        """A unit of work that changes nothing, for a question that needs a right."""
        async with self.workplace.look(self.actor, self.policy, correlation_id=self.correlation_id) as work:
            yield work

    async def given(self, need: Need) -> Any:
        """What a function of a field needs of the request."""
        match need:
            case Need.NOW:
                return self.now
            case Need.CALENDAR:
                return await self.calendar()
            case Need.LANGUAGE:
                return self.language
            case Need.CLAUSES:
                return self.policy.clauses
            case Need.CALLER:
                return self.actor

    async def calendar(self) -> Calendar:
        if self._calendar is None:
            async with self.database.read() as session:
                self._calendar = await current_calendar(session)
        return self._calendar


Info: TypeAlias = strawberry.Info[Context, Any]
