"""Every mutation tried where secrets stand beside what it is about."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from graphql import GraphQLInputType, get_named_type, is_list_type, is_non_null_type

from app.graphql.execution import core_schema
from tests.bed.opening import Ground, open_world
from tests.bed.procedure import OFFICER
from tests.bed.stages import Prepared, Stages
from tests.bed.world import REFUSALS, World, camel
from tests.twin.asking import difference
from tests.twin.cast import move_in, with_newcomers
from tests.twin.census import NOBODY_COUNTED, PUBLIC, ids_in, unknown
from tests.twin.corpus import QUICK, Corpus
from tests.twin.hand import ids_of
from tests.twin.hidden import tell_secrets
from tests.twin.worlds import Server, hand_in, opened, voice
from tests.usecases.calls import Call, good_calls, sheet
from tests.usecases.mutations import input_of, places, put
from tests.usecases.wrong_values import TAGS

_BYSTANDER = "taiping.handler"  # of a unit that has nothing to do with any of it


@dataclass(frozen=True, slots=True)
class Haunted:
    """A district with something at every stage, `url` with secrets beside it, `plain_url` without. `hidden` by tag."""

    server: Server
    plain_url: str
    url: str
    ground: Ground
    now: datetime
    stages: Stages
    hidden: Mapping[str, list[str]]

    def stand_in(self, world: World) -> None:
        world.clock.move_to(self.now)
        world.stages = self.stages


@contextmanager
def haunted_by_secrets(server: Server, prepared: Prepared, ground: Ground) -> Iterator[Haunted]:
    district, newcomers = with_newcomers(ground.district)
    ground = replace(ground, district=district)

    async def haunt(plain_url: str) -> None:
        async with open_world(plain_url, ground) as world, world.database.write() as session:
            await move_in(session, district, newcomers)

    async def tell(url: str) -> dict[str, list[str]]:
        before = await ids_in(url)
        async with open_world(url, ground) as world:
            with ids_of("hidden"):
                await tell_secrets(hand_in(world))
        after = await ids_in(url)
        return {tag: sorted(after[tag] - before[tag]) for tag in after.keys() - PUBLIC}

    with server.database(prepared.url) as plain_url:
        asyncio.run(haunt(plain_url))
        with server.database(plain_url) as url:
            hidden = asyncio.run(tell(url))
            yield Haunted(server, plain_url, url, ground, prepared.now, prepared.stages, hidden)


async def different_refusals(haunted: Haunted, *, thorough: bool) -> AsyncGenerator[str, None]:
    """Where a mutation tells an id of something hidden from one that nothing has, in any place of its input."""
    with haunted.server.database(haunted.url) as url:
        async with opened(url, haunted.ground) as world:
            haunted.stand_in(world)
            for mutation, call in _calls(world):
                for at, kind, ids in _places_of_ids(mutation, call.input, haunted.hidden):
                    for login in {call.login, _BYSTANDER} if len(at) == 1 else {call.login}:
                        asking = await voice(world, login)
                        for one in ids if thorough else ids[:1]:
                            answers = [
                                await asking.ask(_document(mutation, REFUSALS), {"input": put(call.input, at, value)})
                                for value in (_listed(kind, unknown(one)), _listed(kind, one))
                            ]
                            for found in difference(f"{mutation} {at} by {login}", *answers):
                                yield found


async def different_outcomes(haunted: Haunted) -> AsyncGenerator[str, None]:
    """Where what a mutation answers to a good call depends on secrets."""
    corpus = Corpus(core_schema(haunted.ground.schema), NOBODY_COUNTED, QUICK)
    with haunted.server.database(haunted.plain_url) as plain_url, haunted.server.database(haunted.url) as url:
        async with opened(plain_url, haunted.ground) as plain, opened(url, haunted.ground) as other:
            for world in (plain, other):
                haunted.stand_in(world)
            for mutation, call in good_calls(plain).items():
                document, answers = _document(mutation, f"{corpus.payload(mutation)} {REFUSALS}"), []
                for world in (plain, other):
                    asking = await voice(world, call.login)
                    with ids_of(mutation):
                        answers.append(await asking.ask(document, {"input": camel(call.input)}))
                for found in difference(mutation, *answers):
                    yield found


def _calls(world: World) -> Iterator[tuple[str, Call]]:
    """The good calls, and where they may be done outside the system, their entering by an officer."""
    for mutation, call in good_calls(world).items():
        yield mutation, Call(call.login, camel(call.input))
        if "recorded" in input_of(mutation).fields and "recorded" not in call.input:
            yield mutation, Call(OFFICER, camel({**call.input, "recorded": sheet(world, call.login)}))


def _places_of_ids(
    mutation: str, given: Mapping[str, Any], hidden: Mapping[str, list[str]]
) -> Iterator[tuple[tuple[str | int, ...], GraphQLInputType, list[str]]]:
    """The places where an id stands or may stand, with what is hidden of that kind."""
    for at, kind in places(mutation, given):
        if get_named_type(kind).name == "ID":
            name = next(step for step in reversed(at) if isinstance(step, str))
            yield at, kind, hidden.get(TAGS[name], [])


def _listed(kind: GraphQLInputType, value: str) -> Any:
    return [value] if is_list_type(kind.of_type if is_non_null_type(kind) else kind) else value


def _document(mutation: str, told: str) -> str:
    return (
        f"mutation M($input: {input_of(mutation).name}!) "
        f"{{ answer: {mutation}(input: $input) {{ __typename {told} }} }}"
    )
