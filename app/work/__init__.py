"""The unit of work that every use case receives: one transaction, one actor, one instant, and the means to record."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import Chained, Subject, append_admin_record, append_case_record
from app.authz import Actor, Decision, Plan, Policy, load_facts, object_of
from app.core.clock import local_date
from app.core.database import Base
from app.core.ids import new_id
from app.core.refusals import Refusal, RefusalCode, not_found
from app.events import changes
from app.events.digest import digest_of_event
from app.events.models import Event, OutboxMessage
from app.events.outbox import message_row
from app.regulation import Regulation, RuleSet, current_rule_set, rule_set_of
from app.workdays import Calendar, current_calendar

_Row = TypeVar("_Row", bound=Base)


class Medium(StrEnum):
    """How an act was done. Everything but SYSTEM is recorded by somebody else (代录)."""

    SYSTEM = "SYSTEM"
    PAPER = "PAPER"
    PHONE = "PHONE"
    ORAL = "ORAL"


@dataclass(frozen=True, slots=True)
class Act:
    """How the running use case comes about: in the system now, or outside it, then, and recorded since.

    `occurred_at` is what timeliness counts; `Work.now` is when it was entered and took effect.
    """

    occurred_at: datetime
    medium: Medium = Medium.SYSTEM
    recorded_act_id: UUID | None = None
    evidence_file_id: UUID | None = None


@dataclass(slots=True)
class Work:
    """One transaction of one actor at one instant. Use cases never commit; whoever opened the work does."""

    session: AsyncSession
    actor: Actor
    policy: Policy
    now: datetime
    real_now: datetime
    act: Act
    correlation_id: UUID
    regulation: Regulation
    search_key: bytes
    _allowed: dict[str, Decision] = field(default_factory=dict)
    _altered: set[changes.RowKey] = field(default_factory=set)
    _rule_set: RuleSet | None = None
    _calendar: Calendar | None = None
    acts_for: UUID | None = None  # who lent the power by which alone the last right is held (第三十条(六))

    @property
    def today(self) -> date:
        """Today in Shanghai, by the business clock."""
        return local_date(self.now)

    @property
    def dialect(self) -> str:
        return self.session.get_bind().dialect.name

    async def calendar(self) -> Calendar:
        if self._calendar is None:
            self._calendar = await current_calendar(self.session)
        return self._calendar

    async def rule_set(self) -> RuleSet:
        """The rule set in force, which a new case stores."""
        if self._rule_set is None:
            self._rule_set = await current_rule_set(self.session, self.regulation, self.now)
        return self._rule_set

    async def rules_of(self, rule_set_id: UUID) -> Regulation:
        """The parameters under which a case runs."""
        return await rule_set_of(self.session, rule_set_id)

    async def load(self, model: type[_Row], row_id: UUID, *, lock: bool = True) -> _Row:
        """A row that the actor may see, locked. NOT_FOUND alike for what is hidden and for what does not exist."""
        plan = self.policy.plan(self.actor.roles, object_of(model).name, "view")
        values = plan.parameters(self.actor, self.now, self.dialect)
        found = await self.session.execute(_visible(model, plan, self.dialect, lock), {**values, "row_id": row_id})
        row: _Row | None = found.scalar_one_or_none()
        if row is None:
            raise not_found()
        return row

    async def reach(self, model: type[_Row], row_id: UUID) -> _Row:
        """A row that belongs to one already loaded, locked without asking again whether it may be seen."""
        statement = (
            select(model)
            .where(model.__table__.c.id == row_id)
            .with_for_update(of=model)
            .execution_options(populate_existing=True)
        )
        return (await self.session.execute(statement)).scalar_one()

    async def may(self, action: str, row: Base | None) -> Decision:
        """What Casbin answers now for this actor, this action and this row; None where it is about no row."""
        return await self._decide(self.actor, action, row)

    async def require(self, action: str, row: Base | None) -> None:
        """Refuse NOT_ALLOWED, with the rule, unless the actor may do this to this row."""
        decision = await self.may(action, row)
        if not decision.allowed:
            subject = _subject(action, row)
            raise Refusal(RefusalCode.NOT_ALLOWED, rule_id=decision.rule_id, action=action, subject=subject)
        self._allowed[action] = decision
        self.acts_for = await self._lender(action, row)

    async def _decide(self, actor: Actor, action: str, row: Base | None) -> Decision:
        await self.session.flush()
        kind, verb = action.split(".")
        facts = await load_facts(self.session, self.policy, actor, kind, verb, [row])
        return self.policy.decide(actor, self.now, kind, verb, row, facts)

    async def _lender(self, action: str, row: Base | None) -> UUID | None:
        """Who lent the power by which alone the actor may do it; None where he may by a right of his own."""
        powers = self.actor.powers
        if not powers or (await self._decide(self.actor.without_powers, action, row)).allowed:
            return None
        for lender_id, actor in powers:
            if (await self._decide(actor, action, row)).allowed:
                return lender_id
        return None

    def expect_version(self, row: Any, expected: int | None) -> None:
        """Refuse VERSION_CONFLICT when the row is not the one that the caller decided on."""
        if expected is not None and row.version != expected:
            state = getattr(row, "status", None)
            raise Refusal(RefusalCode.VERSION_CONFLICT, version=row.version, state=state and str(state))

    async def record(
        self,
        event_type: str,
        subject: tuple[str, UUID],
        *,
        case: Chained | None,
        action: str | None = None,
        unit_id: UUID | None = None,
        payload: dict[str, Any] | None = None,
    ) -> Event:
        """Record a fact: event, chained record and outbox message, with all changes since the last one.

        `action` names the right under which it happened (its rule id goes into the record); `payload` may hold
        references only. `case` is what carries the chain: the case, or an accountability proposal, which belongs to
        none. What carries none (a periodic circular) is chained with the acts of administration.
        """
        await self.session.flush()
        altered = changes.take(self.session)
        self._altered |= changes.rows_of(altered)
        event = Event(
            id=new_id(),
            type=event_type,
            case_id=case.id if case else None,
            case_seq=case.record_seq + 1 if case else None,
            subject_kind=subject[0],
            subject_id=subject[1],
            unit_id=unit_id,
            actor_kind=str(self.actor.kind),
            actor_person_id=self.actor.person_id,
            act_id=self.act.recorded_act_id,
            occurred_on=local_date(self.act.occurred_at),
            recorded_at=self.now,
            rule_set_id=getattr(case, "rule_set_id", None),
            changes=altered,
        )
        self.session.add(event)
        await self._chain(event, case, action)
        self.announce(event, event_type, f"event:{event.id}", payload or {})
        await self.session.flush()
        return event

    async def _chain(self, event: Event, case: Chained | None, action: str | None) -> None:
        decision = self._allowed.get(action or "")
        rule_id = decision.rule_id if decision else None
        if case is None:
            subject = (event.subject_kind, event.subject_id)
            await append_admin_record(
                self.session,
                action=event.type,
                actor=self.actor,
                subject=subject,
                at=self.now,
                rule_id=rule_id,
                changes=event.changes,
            )
            return
        append_case_record(
            self.session,
            case,
            event_id=event.id,
            action=action or event.type,
            rule_id=rule_id,
            actor=self.actor,
            digest=digest_of_event(event),
            at=self.now,
        )
        # what happens inside a case, perhaps unseen by some who see the case, leaves no trace on the case
        if hasattr(case, "updated_at") and changes.key_of(case) in self._altered:
            case.updated_at = self.now

    async def record_admin(
        self, event_type: str, subject: tuple[str, UUID | None], *, action: str | None = None
    ) -> None:
        """Record an act of administration (grants, accounts, calendars) in its own chain."""
        await self.session.flush()
        decision = self._allowed.get(action or "")
        await append_admin_record(
            self.session,
            action=event_type,
            actor=self.actor,
            subject=subject,
            at=self.now,
            rule_id=decision.rule_id if decision else None,
            changes=changes.take(self.session),
        )

    def announce(self, event: Event, topic: str, key: str, payload: dict[str, Any]) -> None:
        """Put a message into the outbox under a key that names the thing. References only, never text."""
        row = message_row(topic, event.id, key, payload, self.now, self.real_now)
        self.session.add(OutboxMessage(**row))


def _subject(action: str, row: Any) -> Subject:
    """What an act was about, for the access log. What was never stored has no key."""
    kind = action.partition(".")[0]
    if row is None or not inspect(row).persistent:
        return Subject(kind)
    case_id = row.id if kind == "case" else getattr(row, "case_id", None)
    return Subject(kind, row.id, getattr(row, "classification", None), case_id)


@lru_cache(512)
def _visible(model: type[_Row], plan: Plan, dialect: str, lock: bool) -> Select[_Row]:
    """One text for each role shape: building it takes longer than running it."""
    table = model.__table__
    statement = (
        select(model)
        .where(table.c.id == bindparam("row_id", type_=table.c.id.type), plan.where(table, dialect))
        .execution_options(populate_existing=True)
    )
    return statement.with_for_update(of=model) if lock else statement
