"""The district for both ways: everybody who sees it differently, and the requests that they make."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import strawberry

from app.authz import Actor
from app.core.keys import cursor_key
from app.core.paging import Cursors
from app.core.refusals import Language
from app.events.feed import Feed
from app.graphql.context import Context
from app.graphql.execution import core_schema
from app.identity.passwords import Passwords
from app.identity.service import Entrance
from tests.bed.procedure import LEADER, OFFICE_HEAD, OFFICER
from tests.bed.world import OUTSIDER, SESSION, World
from tests.compiled.operations import Operations
from tests.compiled.values import Values

EVERYBODY = (OFFICER, OFFICE_HEAD, LEADER, "chengguan.head", "chengguan.handler", OUTSIDER)
_PASSWORDS = Passwords(memory_kib=8, iterations=1)  # never asked for


def context(world: World, caller: Actor | None, now: datetime, language: Language) -> Context:
    return Context(
        workplace=world.workplace,
        settings=world.settings,
        cursors=Cursors(cursor_key(world.settings)),
        entrance=Entrance(world.database, world.clock, world.tokens, _PASSWORDS, SESSION),
        feed=Feed(world.database),
        caller=caller,
        policies=world.policies,
        now=now,
        language=language,
        correlation_id=UUID(int=0),
    )


async def contexts(world: World, *logins: str) -> list[Callable[[], Context]]:
    """These people, or all, in both languages, now and when more is late; of all, one has not signed in."""
    now = world.clock.now()
    callers = [await world.actor(login) for login in logins or EVERYBODY]
    await world.policies.now()
    instants = (now, now + timedelta(days=9))
    everybody = itertools.product(callers, instants, Language)
    nobody = [] if logins else [(None, now, Language.ZH)]
    return [partial(context, world, *one) for one in [*everybody, *nobody]]


async def operations(world: World, schema: strawberry.Schema) -> Operations:
    """What may be asked of the rows that are there."""
    cursors = Cursors(cursor_key(world.settings))
    return Operations(
        core_schema(schema), await Values.of(core_schema(schema), world.database, cursors, world.clock.now())
    )
