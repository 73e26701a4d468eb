"""Asking two worlds the same, and hearing where they differ."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from graphql import GraphQLObjectType

from app.graphql.execution import core_schema
from tests.twin.cast import KEEPER
from tests.twin.census import take_census, unknown
from tests.twin.corpus import Corpus, Pains, Question
from tests.twin.worlds import PLAIN, Told, Twins, Voice, opened, voice

_PAGE = "{ pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } }"
_AROUND = 80
AUDITOR, RECORDS = "auditor", ("adminRecords", "accessLog")


@dataclass(frozen=True, slots=True)
class Pair:
    """One viewer in the plain world and in the other; and one who knows, in the other."""

    plain: Voice
    other: Voice
    knowing: Voice

    async def hear(self, question: Question) -> tuple[bytes, list[str]]:
        """The plain world's answer, and how the other's differs."""
        plain = await self.plain.ask(question.text, question.variables)
        other = await self.other.ask(question.text, question.variables)
        broken = (
            [f"broken: {question.text[:100]}"] if b'"code":"INTERNAL"' in plain or b'"code":"TIMEOUT"' in plain else []
        )
        return plain, broken + difference(question.text, plain, other)


async def _questions(pair: Pair, questions: Iterator[Question]) -> AsyncIterator[str]:
    for question in questions:
        for found in (await pair.hear(question))[1]:
            yield found


async def _after_one_who_knows(pair: Pair, corpus: Corpus) -> AsyncIterator[str]:
    """What was read for one caller is remembered for no other."""
    for question in corpus.by_id():
        await pair.knowing.ask(question.text, question.variables)
        for found in (await pair.hear(question))[1]:
            yield found


async def _files(pair: Pair, corpus: Corpus) -> AsyncIterator[str]:
    for one in corpus.census.plain["file"]:
        for found in difference(f"GET {one}", await pair.plain.fetch(one), await pair.other.fetch(one)):
            yield found
    for one in corpus.census.hidden["file"]:
        expected = await pair.other.fetch(unknown(one))
        for found in difference(f"GET hidden {one}", expected, await pair.other.fetch(one)):
            yield found


async def _walks(pair: Pair, corpus: Corpus) -> AsyncIterator[str]:
    for name, order in corpus.walks():
        for size, cursor in (("first: 3", "after"), ("last: 3", "before")):
            asked = f"{{ list: {name}({size}, {order} CURSOR) {_PAGE} }}"
            async for found in _walk(pair, corpus, asked, cursor, ("list",)):
                yield found


async def _histories(pair: Pair, corpus: Corpus) -> AsyncIterator[str]:
    """The lists that hang on objects."""
    for tag, kind in corpus.census.kinds.items():
        fields = corpus.schema.type_map[kind]
        assert isinstance(fields, GraphQLObjectType)
        for name in (name for name, each in fields.fields.items() if "first" in each.args):
            for one in islice(corpus.census.plain[tag], corpus.pains.values):
                asked = f'{{ node(id: "{one}") {{ ... on {kind} {{ list: {name}(first: 2 CURSOR) {_PAGE} }} }} }}'
                async for found in _walk(pair, corpus, asked, "after", ("node", "list")):
                    yield found


async def _walk(pair: Pair, corpus: Corpus, asked: str, cursor: str, path: tuple[str, ...]) -> AsyncIterator[str]:
    """Page after page by the plain world's cursors, in both."""
    place = ""
    for _ in range(corpus.pains.pages):
        plain, found = await pair.hear(Question(asked.replace("CURSOR", place)))
        for each in found:
            yield each
        page = _at(plain, path)
        end = page and page["pageInfo"]["endCursor" if cursor == "after" else "startCursor"]
        if found or not end or place.endswith(f'"{end}"'):
            return
        place = f', {cursor}: "{end}"'


async def _foreign_cursors(pair: Pair, corpus: Corpus) -> AsyncIterator[str]:
    """The place of a hidden row, told by somebody who sees it."""
    hidden = {one for ids in corpus.census.hidden.values() for one in ids}
    asked: list[tuple[str, tuple[str, ...]]] = [
        (f"{{ list: {name}(WHERE) {_PAGE} }}", ("list",)) for name, order in corpus.walks() if not order
    ]
    asked += [
        (f'{{ node(id: "{one}") {{ ... on Case {{ list: timeline(WHERE) {_PAGE} }} }} }}', ("node", "list"))
        for one in corpus.census.plain["case"][: corpus.pains.values]
    ]
    for question, path in asked:
        known = _at(await pair.knowing.ask(question.replace("WHERE", "first: 100")), path)
        cursors = [edge["cursor"] for edge in (known or {"edges": []})["edges"] if edge["node"]["id"] in hidden]
        for cursor in cursors[:2]:
            for where in (f'first: 5, after: "{cursor}"', f'last: 5, before: "{cursor}"'):
                for found in (await pair.hear(Question(question.replace("WHERE", where))))[1]:
                    yield found


Part = Callable[[Pair, Corpus], AsyncIterator[str]]
PARTS: Mapping[str, Part] = {
    "by id": lambda pair, corpus: _questions(pair, corpus.by_id()),
    "whole": lambda pair, corpus: _questions(pair, corpus.whole()),
    "filtered": lambda pair, corpus: _questions(pair, corpus.filtered()),
    "after one who knows": _after_one_who_knows,
    "files": _files,
    "rights": lambda pair, corpus: _questions(pair, corpus.rights()),
    "walks": _walks,
    "histories": _histories,
    "foreign cursors": _foreign_cursors,
}
AT_A_GLANCE = ("by id", "whole", "files")


async def differences(
    twins: Twins, other: Told, login: str | None, pains: Pains, parts: Collection[str] = tuple(PARTS)
) -> AsyncGenerator[str, None]:
    """All by which a viewer can tell the plain world and another apart."""
    plain = twins.told[PLAIN]
    census = await take_census(plain.url, other.url, twins.known.cases["late"])
    left = RECORDS if login == AUDITOR else ()  # he reads that somebody read what is hidden: that is what they are for
    corpus = Corpus(core_schema(twins.ground.schema), census, pains, left)
    async with opened(plain.url, twins.ground) as one, opened(other.url, twins.ground) as two:
        pair = Pair(await voice(one, login), await voice(two, login), await voice(two, KEEPER))
        for name in parts:
            async for found in PARTS[name](pair, corpus):
                yield f"{name}: {found}"


def _at(answer: bytes, path: tuple[str, ...]) -> Mapping[str, Any] | None:
    found = orjson.loads(answer.partition(b" ")[2]).get("data")
    for name in path:
        found = found and found.get(name)
    return found or None


def difference(question: str, plain: bytes, other: bytes) -> list[str]:
    if plain == other:
        return []
    place = next((at for at, (one, two) in enumerate(zip(plain, other, strict=False)) if one != two), -1)
    start = max(0, place - _AROUND)
    shown = [answer[start : place + _AROUND].decode(errors="replace") for answer in (plain, other)]
    return [f"{question[:100]}\n  plain: {shown[0]}\n  other: {shown[1]}"]
