"""Opening a unit of work at the edge: one transaction per use case; a denial is noted after the rollback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.rules import AccessOutcome
from app.audit.service import Subject, log_access
from app.authz import Actor, Policy
from app.core.clock import Clock
from app.core.database import Database, is_taken
from app.core.ids import new_id
from app.core.keys import search_key
from app.core.parts import import_parts
from app.core.paths import shipped
from app.core.refusals import Refusal, RefusalCode, RefusalKind
from app.core.settings import Settings
from app.events import changes
from app.regulation import Regulation, load_regulation
from app.work import Act, Work


@dataclass(frozen=True, slots=True)
class Workplace:
    """What every unit of work of this process needs."""

    database: Database
    clock: Clock
    regulation: Regulation
    search_key: bytes

    @asynccontextmanager
    async def open(
        self, actor: Actor, policy: Policy, *, act: Act | None = None, correlation_id: UUID | None = None
    ) -> AsyncIterator[Work]:
        """A unit of work, committed when the block ends. On a refusal nothing has changed; a denial is logged."""
        correlation = correlation_id or new_id()
        try:
            async with self._noting_denials(actor, correlation), self.database.write() as session:
                changes.watch(session)
                yield self._work(session, actor, policy, correlation, act)
        except IntegrityError as error:
            if is_taken(error):  # what was free when the use case looked is another's by now
                raise Refusal(RefusalCode.VERSION_CONFLICT) from error
            raise

    @asynccontextmanager
    async def look(self, actor: Actor, policy: Policy, *, correlation_id: UUID | None = None) -> AsyncIterator[Work]:
        """A unit of work that changes nothing, for a question that needs a right. A denial is logged."""
        correlation = correlation_id or new_id()
        async with self._noting_denials(actor, correlation), self.database.read() as session:
            yield self._work(session, actor, policy, correlation)

    def _work(
        self, session: AsyncSession, actor: Actor, policy: Policy, correlation: UUID, act: Act | None = None
    ) -> Work:
        now = self.clock.now()
        return Work(
            session=session,
            actor=actor,
            policy=policy,
            now=now,
            real_now=self.clock.real_now(),
            act=act or Act(occurred_at=now),
            correlation_id=correlation,
            regulation=self.regulation,
            search_key=self.search_key,
        )

    @asynccontextmanager
    async def _noting_denials(self, actor: Actor, correlation: UUID) -> AsyncIterator[None]:
        try:
            yield
        except Refusal as refusal:
            if refusal.kind is RefusalKind.NOT_ALLOWED:
                await self._log_denial(actor, refusal, correlation)
            raise

    async def _log_denial(self, actor: Actor, refusal: Refusal, correlation_id: UUID) -> None:
        async with self.database.write() as session:
            log_access(
                session,
                at=self.clock.real_now(),
                outcome=AccessOutcome.DENIED,
                action=str(refusal.params.get("action", "")),
                actor=actor,
                subject=refusal.params.get("subject", Subject("")),
                correlation_id=correlation_id,
                rule_id=refusal.rule_id,
            )


def load_policy(folder: Path | None = None) -> Policy:
    """The policy of a folder, by default the shipped one, with the object types of all features."""
    import_parts("policy")
    return Policy.load(folder or shipped("policies"))


def build_workplace(settings: Settings, database: Database, clock: Clock) -> Workplace:
    return Workplace(database, clock, load_regulation(), search_key(settings))
