"""Lists that are followed: what is new is read and told, on and on. Who asks the same with the same rights shares it.

Each begins for himself: his rights are read again, then what lies beyond his place, and he is told. Once he has heard
all that there is he waits with the others. On news the rights of all who wait are read, at once. Those who have heard
as much, and for whom the same would be read, are then told the same bytes, read once and written once. Whoever is not
as he was when he came (his session, his rights), or is slow, or is about to be told what few may know of, which is
noted for each, goes on for himself from the last that he was told: nobody misses anything, nobody hears it twice.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeAlias, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

import structlog

from app.authz import Actor
from app.cases.service.noting import restricted_among
from app.core.paging import requested_page
from app.core.refusals import RefusalCode, invalid
from app.graphql.context import Context
from app.graphql.execution import Take
from app.identity.queries import living_sessions, principals
from app.reads.filters import Listing
from app.reads.keyset import scope_of, total_order
from app.reads.running import AT_ONCE, Update
from app.reads.seen import Seen

T = TypeVar("T")
Place: TypeAlias = tuple[Any, ...] | None  # in the order of a list; None: before its first row
Read: TypeAlias = Callable[[Place, Seen], Awaitable[Sequence[Update]]]

_RIGHTS_LAST = timedelta(seconds=1)
_LOOK_AGAIN = timedelta(seconds=15)  # at the rights of whom nothing is told
_PATIENCE = timedelta(seconds=0.5)  # with a reading, for whose end the others wait
_GROUPS_AT_ONCE = 100  # whose readings take well less than that

_log = structlog.get_logger(__name__)


async def place_of(context: Context, listing: Listing, target: type[Any], after: str | None) -> Place:
    """The place of a cursor. Refuses BAD_CURSOR where the caller may not see the row any more.

    In a list whose cursors leave the place out, nothing could be found beyond it: he would wait for ever, told nothing.
    """
    terms = total_order(listing.model, listing.order)
    start = requested_page(context.cursors, scope_of(listing.model, terms), first=AT_ONCE, after=after).start
    if start is None:
        return None
    found = await context.loaders.one(target).load(start[-1])
    context.loaders.seen = Seen()  # none of it is told
    if found is None:
        raise invalid(RefusalCode.BAD_CURSOR, "after")
    return tuple(found.row[term.key] for term in terms)


async def follow(
    context: Context,
    read: Callable[[Place], Awaitable[Sequence[tuple[Place, T]]]],
    wait: Callable[[asyncio.Event], Awaitable[None]],
) -> AsyncGenerator[T, None]:
    """What lies beyond the place up to which the caller was told, each under rights that were read within a second.

    Who has heard all is to `wait` for the news, and may be told some of it meanwhile.
    """
    while True:
        news = context.feed.news()
        await context.renew()
        found = await read(context.followed_to)
        for place, told in found:
            if context.workplace.clock.real_now() - context.renewed_at > _RIGHTS_LAST:
                break  # the reader is slow: what follows is read again, under the rights of then
            context.followed_to = place
            yield told
        if not found:
            await wait(news)


async def next_news(news: asyncio.Event) -> None:
    """Wait until there is something new, or it is time to look at the rights again."""
    with suppress(TimeoutError):
        await asyncio.wait_for(news.wait(), _LOOK_AGAIN.total_seconds())


class _Right:
    """What is read beyond a place is the same for all who have the same one."""

    __slots__ = ("__weakref__",)


class _Caller:
    """An account with the rights that it had: the same one for all its sockets, until they change."""

    __slots__ = ("__weakref__", "rights")

    def __init__(self, rights: Actor) -> None:
        self.rights = rights


@dataclass(slots=True, eq=False)
class _Follower:
    """One who waits. `alone` is done when he is to go on for himself."""

    context: Context
    session_id: UUID
    caller: _Caller
    right: _Right
    read: Read
    take: Take
    alone: "asyncio.Future[None]"

    @property
    def place(self) -> Place:
        return self.context.followed_to


_Group: TypeAlias = list[_Follower]


class Followers:
    """Those of this process who have heard all that there was."""

    def __init__(self) -> None:
        self._waiting: dict[_Follower, None] = {}
        self._callers: WeakValueDictionary[Actor, _Caller] = WeakValueDictionary()
        self._rights: WeakValueDictionary[Hashable, _Right] = WeakValueDictionary()
        self._telling: asyncio.Task[None] | None = None

    async def accompany(self, context: Context, grounds: Hashable, read: Read, take: Take, news: asyncio.Event) -> None:
        """Wait with the others, and be told with those on the same grounds, until one is to go on for himself."""
        if context.feed.news() is not news:
            return  # there was some since he looked
        follower = self._follower(context, grounds, read, take)
        self._waiting[follower] = None
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell_on_news(context, news), name="followers")
        try:
            await follower.alone
        finally:
            self._waiting.pop(follower, None)
            if not self._waiting and self._telling is not None:
                self._telling.cancel()
                self._telling = None

    def _follower(self, context: Context, grounds: Hashable, read: Read, take: Take) -> _Follower:
        rights, session_id = _apart_from_session(context.actor), context.actor.session_id
        assert session_id is not None  # or his rights could not have been read again
        caller = self._callers.setdefault(rights, _Caller(rights))
        right = self._rights.setdefault(grounds, _Right())
        alone = asyncio.get_running_loop().create_future()
        return _Follower(context, session_id, caller, right, read, take, alone)

    async def _tell_on_news(self, context: Context, news: asyncio.Event) -> None:
        """Round after round. `context` is anybody's: for the feed, the clock and the database."""
        while True:
            await next_news(news)
            news = context.feed.news()
            try:
                await self._round(context)
            except Exception:  # noqa: BLE001  # whatever it is, each meets it for himself and is told of it
                _log.exception("followers_not_told")
                self._part(list(self._waiting))

    async def _round(self, context: Context) -> None:
        """Tell everybody what is new to him, some groups after the other, until there is no more."""
        groups = self._groups()
        while groups:
            some, groups = groups[:_GROUPS_AT_ONCE], groups[_GROUPS_AT_ONCE:]
            groups += await self._tell_some(some, context)

    async def _tell_some(self, groups: list[_Group], context: Context) -> list[_Group]:
        """Read their rights, then for each group what one of them is to be told, and tell all of them.

        Answers the groups for which there may be more.
        """
        clock = context.workplace.clock
        since = clock.real_now()
        self._part(await _changed([follower for group in groups for follower in group], context))
        groups = [rest for group in groups if (rest := [one for one in group if not one.alone.done()])]
        found = await asyncio.gather(*(_read_for_all(group[0]) for group in groups))
        noted = await _restricted([seen for _, seen in found], context)
        if clock.real_now() - since > _RIGHTS_LAST:
            return groups
        return [
            rest
            for group, (updates, seen) in zip(groups, found, strict=True)
            if (rest := self._tell(group, None if seen.restricted or seen.unknown() & noted else updates))
        ]

    def _groups(self) -> list[_Group]:
        groups: dict[tuple[_Right, Place], _Group] = {}
        for follower in self._waiting:
            groups.setdefault((follower.right, follower.place), []).append(follower)
        return list(groups.values())

    def _tell(self, group: _Group, updates: Sequence[Update] | None) -> _Group:
        """Tell all of a group. Answers those for whom there may be more."""
        if updates is None:
            self._part(group)
            return []
        for update in updates:
            group = [follower for follower in group if self._tells(follower, update)]
        return group if len(updates) == AT_ONCE else []

    def _tells(self, follower: _Follower, update: Update) -> bool:
        if follower.alone.done():
            return False  # he left meanwhile
        if not follower.take(update.data):
            self._part([follower])
            return False
        follower.context.followed_to = update.place
        return True

    def _part(self, followers: Iterable[_Follower]) -> None:
        """Let them go on for themselves."""
        for follower in followers:
            self._waiting.pop(follower, None)
            if not follower.alone.done():
                follower.alone.set_result(None)


async def _read_for_all(one: _Follower) -> tuple[Sequence[Update] | None, Seen]:
    """What lies beyond the place of a group, and what that shows; None where each is to read it for himself."""
    seen = Seen()
    one.context.move_on()
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            return await one.read(one.place, seen), seen
    except Exception:  # noqa: BLE001  # as above; others do not wait for what takes long
        return None, seen


async def _restricted(seen: Iterable[Seen], context: Context) -> set[UUID | None]:
    """The restricted ones among the cases of which it is not known."""
    unknown = {case_id for one in seen for case_id in one.unknown()}
    if not unknown:
        return set()
    async with context.database.read() as session:
        return {subject.case_id for subject in await restricted_among(session, unknown)}


async def _changed(followers: Sequence[_Follower], context: Context) -> list[_Follower]:
    """Those whose session has ended, or whose account has not the rights with which they came.

    Sessions are looked up one by one, rights once for each account.
    """
    now, real_now = context.workplace.clock.now(), context.workplace.clock.real_now()
    living = await living_sessions(context.database, [one.session_id for one in followers], real_now)
    sessions = {one.caller.rights.account_id: one.session_id for one in followers if one.session_id in living}
    found = await principals(context.database, list(sessions.values()), now, real_now)
    rights = {_apart_from_session(one.actor) for one in found}
    same = {caller: caller.rights in rights for caller in {one.caller for one in followers}}
    return [one for one in followers if one.session_id not in living or not same[one.caller]]


def _apart_from_session(actor: Actor) -> Actor:
    return replace(actor, session_id=None)
