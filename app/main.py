"""The composition root: what one process consists of, and how it is put together. Imported only when it is needed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import strawberry
from sqlalchemy import select

from app.authz import Actor, ActorKind, Policies, Policy, PolicyError
from app.authz.versions import ensure_baseline
from app.core.clock import AcceleratedClock, Clock, SystemClock
from app.core.database import Database
from app.core.keys import cursor_key, webhook_key
from app.core.paging import Cursors
from app.core.redis import RedisServer, open_redis
from app.core.refusals import Language
from app.core.revisions import SchemaState, status
from app.core.settings import Settings
from app.escalation.sweep import escalate
from app.evaluations.sweep import EVALUATION_EVERY, evaluate
from app.events.feed import Feed
from app.graphql.context import Context
from app.graphql.engine import Engine
from app.graphql.execution import Executor, GraphQLCore
from app.graphql.noting import Noting
from app.graphql.reader import CompiledReads
from app.graphql.schema import build_schema
from app.identity.passwords import Passwords
from app.identity.service import Entrance, authenticate, sign_in_client
from app.identity.tokens import TokenRefusedError, Tokens
from app.notifications.channels import open_channels
from app.notifications.courier import Courier
from app.notifications.delivery import relay
from app.notifications.listing import PLACES
from app.permissions.dry_runs import dry_run
from app.regulation import current_rule_set
from app.statistics.sweep import CIRCULARS_EVERY, draft_periodic
from app.web.application import Application
from app.web.assembly import web_application
from app.web.authentication import Admitted, Denied, Exhausted, RequestFacts
from app.web.files import file_routes
from app.web.floods import Rates
from app.web.health import Check
from app.web.metrics import READS
from app.web.oauth import token_routes
from app.webhooks.addresses import networks_of
from app.webhooks.delivering import Postman
from app.webhooks.sending import Sender
from app.work.opening import Workplace, build_workplace, load_policy
from app.worker.forgetting import FORGETTING_EVERY, forget
from app.worker.sealing import SEALING_EVERY, seal
from app.worker.sweeps import Sweep, Sweeper

ESCALATION_EVERY = timedelta(seconds=10)
RELAY_EVERY = timedelta(seconds=2)
WEBHOOKS_EVERY = timedelta(seconds=1)
REMINDERS_EVERY = timedelta(seconds=2)
DRY_RUNS_EVERY = timedelta(seconds=2)
ANONYMOUS = "anonymous"  # all sockets of callers without a token are counted together


@dataclass(frozen=True, slots=True)
class Runtime:
    """What the parts of one process share."""

    settings: Settings
    clock: Clock
    database: Database
    redis: RedisServer
    sweeper: Sweeper
    policies: Policies
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
            policies = Policies(database, load_policy())
            carriers = build_carriers(settings, workplace, policies)
            sweeper = build_sweeper(settings, workplace, policies, carriers)
            try:
                yield Runtime(settings, clock, database, redis, sweeper, policies, workplace, Feed(database, PLACES))
            finally:
                await carriers.close()
    finally:
        await database.close()


async def take_up(runtime: Runtime) -> None:
    """Record the policy and the parameters that this process runs with, where they are new."""
    async with runtime.database.write() as session:
        number = await ensure_baseline(session, runtime.policies.shipped, runtime.clock.now())
        await current_rule_set(session, runtime.workplace.regulation, runtime.clock.now())
    await runtime.policies.of(number)


@dataclass(frozen=True, slots=True)
class Carriers:
    """Who carries out of the house: updates to outside systems, reminders to people."""

    postman: Postman
    courier: Courier

    async def close(self) -> None:
        await self.postman.close()
        await self.courier.close()


def build_carriers(settings: Settings, workplace: Workplace, policies: Policies) -> Carriers:
    sender = Sender(networks_of(settings.webhook_networks))
    postman = Postman(workplace, policies.now, sender, webhook_key(settings))
    ways = open_channels(settings, workplace.clock)
    return Carriers(postman, Courier(workplace, policies.now, ways, settings.front_end_url))


def build_sweeper(settings: Settings, workplace: Workplace, policies: Policies, carriers: Carriers) -> Sweeper:
    """All that is looked for again and again: due dates, messages to deliver, what has served its time."""
    database, clock = workplace.database, workplace.clock
    access_log_for = timedelta(days=settings.access_log_days)

    def under_the_policy(run: Callable[[Workplace, Policy], Awaitable[int]]) -> Callable[[], Awaitable[int]]:
        async def one_round() -> int:
            return await run(workplace, await policies.now())

        return one_round

    sweeps: tuple[Sweep, ...] = (
        Sweep("escalation", under_the_policy(escalate), ESCALATION_EVERY),
        Sweep("evaluation", under_the_policy(evaluate), EVALUATION_EVERY),
        Sweep("periodic_circular", under_the_policy(draft_periodic), CIRCULARS_EVERY),
        Sweep("relay", under_the_policy(relay), RELAY_EVERY),
        Sweep("webhooks", carriers.postman.round, WEBHOOKS_EVERY),
        Sweep("sealing", partial(seal, database, clock), SEALING_EVERY),
        Sweep("dry_runs", partial(dry_run, workplace, policies), DRY_RUNS_EVERY),
        Sweep("forgetting", partial(forget, database, clock, access_log_for), FORGETTING_EVERY),
    )
    if settings.channels_on:
        sweeps += (Sweep("reminders", carriers.courier.round, REMINDERS_EVERY),)
    return Sweeper(database, clock, sweeps)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the application is made of."""

    settings: Settings
    clock: Clock
    database: Database
    policies: Policies
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
        runtime.policies,
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

    rates = Rates(settings.service_requests_per_second, int(5 * settings.service_requests_per_second) + 1)

    async def admit(token: str | None, _facts: RequestFacts) -> Admitted | Denied | Exhausted:
        if token is None:
            return Admitted(None, ANONYMOUS)
        try:
            found = await authenticate(parts.database, clock, parts.tokens, f"Bearer {token}")
        except TokenRefusedError:
            return Denied()
        if found is None:
            return Denied()
        try:
            await parts.policies.of(found.actor.policy_version)
        except PolicyError:  # without a policy in force that can be used the answer is no
            return Denied()
        key = found.actor.account_id
        if found.actor.kind is ActorKind.SERVICE and not rates.take(key, asyncio.get_running_loop().time()):
            return Exhausted()
        return Admitted(found.actor, key, found.expires_at)

    def context(caller: Actor | None, language: Language, correlation_id: UUID) -> Context:
        return Context(
            workplace=parts.workplace,
            settings=settings,
            cursors=cursors,
            entrance=entrance,
            feed=parts.feed,
            caller=caller,
            policies=parts.policies,
            now=clock.now(),
            language=language,
            correlation_id=correlation_id,
        )

    schema = build_schema()
    introspection = not settings.production if settings.introspection is None else settings.introspection
    engine = Engine(schema, introspection=introspection, executor=Noting(_executor(schema, settings)))
    routes = file_routes(admit, context, max_file_bytes=settings.max_file_bytes)
    routes += token_routes(partial(sign_in_client, entrance), clock)
    return web_application(engine, admit, context, settings, clock=clock, checks=checks, routes=routes)


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
