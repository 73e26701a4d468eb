"""Where the words of hidden things stand: in `content` rows, in the few plain columns of decision 0001, in no log."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog
from sqlalchemy import select

from app.core.database import Base, Database
from app.core.logs import configure_logs
from app.core.settings import Settings
from app.graphql.execution import core_schema
from tests.twin.cast import KEEPER
from tests.twin.census import take_census
from tests.twin.corpus import DATABASES, QUICK, Corpus
from tests.twin.hand import HIDDEN
from tests.twin.worlds import FULL, PLAIN, Twins, opened, voice

# the number of a document is no text that people write (decision 0001)
_PLAIN_COLUMNS = {"source.number"}


async def test_hidden_words_stand_in_content_rows_and_in_no_other_table(twins: Twins) -> None:
    found = await columns_with(HIDDEN, twins.told[FULL].url)
    assert found == {"content.text", *_PLAIN_COLUMNS}


@pytest.mark.parametrize("kind", DATABASES)
def test_hidden_words_are_in_no_line_of_the_logs(twins: Twins, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    with logging_everything():
        with twins.world(FULL) as full:
            told = asyncio.run(_ask_who_knows(twins, full.url))
        structlog.get_logger("app.twin").debug("the end")
    assert HIDDEN in told
    printed = capsys.readouterr()
    assert "the end" in printed.err
    assert HIDDEN not in printed.out + printed.err


@contextmanager
def logging_everything() -> Iterator[None]:
    """As a server does that is set to `debug`."""
    root, ours = logging.getLogger(), logging.getLogger("app")
    handlers, levels, raising = root.handlers[:], (root.level, ours.level), logging.raiseExceptions
    configure_logs(Settings(log_level="debug"))
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.handlers[:], logging.raiseExceptions = handlers, raising
        root.setLevel(levels[0])
        ours.setLevel(levels[1])


async def columns_with(word: str, url: str) -> set[str]:
    """Every column of every table, as its driver gives it."""
    database = Database(url)
    found = set()
    async with database.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in (await session.execute(select(table))).mappings():
                found |= {f"{table.name}.{name}" for name, value in row.items() if _has(word, value)}
    await database.close()
    return found


def _has(word: str, value: object) -> bool:
    return word.encode() in value if isinstance(value, bytes) else word in str(value)


async def _ask_who_knows(twins: Twins, url: str) -> str:
    census = await take_census(twins.told[PLAIN].url, url, twins.known.cases["late"])
    corpus = Corpus(core_schema(twins.ground.schema), census, QUICK)
    async with opened(url, twins.ground) as world:
        asking = await voice(world, KEEPER)
        answers = [await asking.ask(question.text, question.variables) for question in corpus.by_id()]
        answers += [
            await asking.ask(f'{{ cases(filter: {{text: "{HIDDEN}"}}) {{ {told} }} }}') for told in ("", HIDDEN)
        ]
        answers += [await asking.fetch(one) for one in census.hidden["file"]]
    return b"".join(answers).decode(errors="replace")
