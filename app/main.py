"""The composition root: what one process consists of, and how it is put together. Imported only when it is needed."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import strawberry
from sqlalchemy import select

from app.authz import Actor, Policy
from app.authz.versions import ensure_baseline
from app.core.clock import AcceleratedClock, Clock, SystemClock
from app.core.database import Database
from app.core.keys import cursor_key
from app.core.paging import Cursors
from app.core.redis import RedisServer, open_redis
from app.core.refusals import Language
from app.core.revisions import SchemaState, status
from app.core.settings import Settings
from app.escalation.sweep import escalate
from app.events.feed import Feed
from app.graphql.context import Context
from app.graphql.engine import Engine
from app.graphql.execution import Executor, GraphQLCore
from app.graphql.noting import Noting
from app.graphql.reader import CompiledReads
from app.graphql.schema import build_schema
from app.identity.passwords import Passwords
from app.identity.service import Entrance, authenticate
from app.identity.tokens import TokenRefusedError, Tokens
from app.notifications.delivery import relay
from app.notifications.receiver import Receiver
from app.regulation import current_rule_set
from app.web.application import Application
from app.web.assembly import web_application
from app.web.authentication import Admitted, Denied, RequestFacts
from app.web.files import file_routes
from app.web.health import Check
from app.web.metrics import READS
from app.work.opening import Workplace, build_workplace, load_policy
from app.worker.forgetting import FORGETTING_EVERY, forget
from app.worker.sweeps import Sweep, Sweeper

ESCALATION_EVERY = timedelta(seconds=10)
RELAY_EVERY = timedelta(seconds=2)
ANONYMOUS = "anonymous"  # all sockets of callers without a token are counted together


@dataclass(frozen=True, slots=True)
class Runtime:
    """What the parts of one process share."""

    settings: Settings
    clock: Clock
    database: Database
    redis: RedisServer
    sweeper: Sweeper
    policy: Policy
    workplace: Workplace
    feed: Feed


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Everything that a process holds while it runs; closed with the block."""
    clock = _clock(settings)
    database = Database(settings.url, statement_timeout_ms=settings.statement_timeout_ms)
    workplace = build_workplace(settings, database, clock)
    try:
        async with open_redis(settings.redis_url) as redis:
            policy = load_policy()
            sweeper = build_sweeper(settings, workplace, policy)
            yield Runtime(settings, clock, database, redis, sweeper, policy, workplace, Feed(database))
    finally:
        await database.close()


async def take_up(runtime: Runtime) -> None:
    """Record the policy and the parameters that this process runs with, where they are new."""
    async with runtime.database.write() as session:
        await ensure_baseline(session, runtime.policy, runtime.clock.now())
        await current_rule_set(session, runtime.workplace.regulation, runtime.clock.now())


def build_sweeper(settings: Settings, workplace: Workplace, policy: Policy) -> Sweeper:
    """All that is looked for again and again: due dates, messages to deliver, what has served its time."""
    database, clock = workplace.database, workplace.clock
    receiver = Receiver(settings.notify_url) if settings.notify_url else None
    access_log_for = timedelta(days=settings.access_log_days)
    sweeps = (
        Sweep("escalation", partial(escalate, workplace, policy), ESCALATION_EVERY),
        Sweep("relay", partial(relay, workplace, policy, receiver), RELAY_EVERY),
        Sweep("forgetting", partial(forget, database, clock, access_log_for), FORGETTING_EVERY),
    )
    return Sweeper(database, clock, sweeps)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the application is made of."""

    settings: Settings
    clock: Clock
    database: Database
    policy: Policy
    workplace: Workplace
    tokens: Tokens
    passwords: Passwords
    feed: Feed


def build_app(runtime: Runtime) -> Application:
    """The ASGI application of this process."""
    parts = Parts(
        runtime.settings,
        runtime.clock,
        runtime.database,
        runtime.policy,
        runtime.workplace,
        Tokens.from_settings(runtime.settings),
        Passwords(),
        runtime.feed,
    )
    return build_application(parts, _checks(runtime))


def build_application(parts: Parts, checks: Mapping[str, Check]) -> Application:
    """GraphQL over these parts."""
    settings, clock = parts.settings, parts.clock
    lifetime = timedelta(hours=settings.session_hours)
    entrance = Entrance(parts.database, clock, parts.tokens, parts.passwords, lifetime)
    cursors = Cursors(cursor_key(settings))

    async def admit(token: str | None, _facts: RequestFacts) -> Admitted | Denied:
        if token is None:
            return Admitted(None, ANONYMOUS)
        try:
            found = await authenticate(parts.database, clock, parts.tokens, f"Bearer {token}")
        except TokenRefusedError:
            return Denied()
        if found is None or not found.actor.policy_version:  # without a policy in force the answer is no
            return Denied()
        return Admitted(found.actor, found.actor.account_id, found.expires_at)

    def context(caller: Actor | None, language: Language, correlation_id: UUID) -> Context:
        return Context(
            workplace=parts.workplace,
            settings=settings,
            cursors=cursors,
            entrance=entrance,
            feed=parts.feed,
            caller=caller,
            policy=parts.policy,
            now=clock.now(),
            language=language,
            correlation_id=correlation_id,
        )

    schema = build_schema()
    introspection = not settings.production if settings.introspection is None else settings.introspection
    engine = Engine(schema, introspection=introspection, executor=Noting(_executor(schema, settings)))
    files = file_routes(admit, context, max_file_bytes=settings.max_file_bytes)
    return web_application(engine, admit, context, settings, clock=clock, checks=checks, routes=files)


def _executor(schema: strawberry.Schema, settings: Settings) -> Executor:
    core = GraphQLCore(schema)
    if not settings.compiled_reads:
        return core
    return CompiledReads(schema, core, count=lambda how: READS.labels(how).inc())


def _checks(runtime: Runtime) -> Mapping[str, Callable[[], Awaitable[object]]]:
    """What `/readyz` asks. Redis is not among them: without it everything still happens, only later."""

    async def database() -> None:
        async with runtime.database.read() as session:
            await session.execute(select(1))

    async def schema() -> None:
        if (await status(runtime.database)).state is not SchemaState.CURRENT:
            raise LookupError("the database is not at the revision of this code")

    return {"database": database, "schema": schema}


def _clock(settings: Settings) -> Clock:
    system = SystemClock()
    if settings.rehearsal_factor == 1.0:
        return system
    began = system.real_now()
    return AcceleratedClock(began, settings.rehearsal_factor, began)
