"""Who is in the worlds: the ids that all hold, those that one alone holds, and values to ask for."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.cases.models import Case
from app.core.database import Database
from app.core.ids import encode_id
from app.graphql.loaders import reads_of
from app.graphql.schema import _NODES
from tests.twin.hand import HIDDEN

KINDS = {str(reads_of(kind).tag): kind.__name__ for kind in _NODES}
OBJECTS = {str(reads_of(kind).tag): str(reads_of(kind).object) for kind in _NODES if reads_of(kind).object}
# who there is, is for all to know; accounts, grants and clearances are as open as the rules say, whatever is hidden of
# cases
PUBLIC = frozenset(
    {"unit", "group", "person", "post", "contact", "account", "clientkey", "renewal", "grant", "clearance", "policy"}
    | {"webhook", "delivery", "address", "evaluation", "dryrun", "emergencyseal"}
)
_DATES = ("2026-06-23", "2026-06-30", "2026-07-06", "2026-07-08", "2026-07-31")
_INSTANTS = ("2026-06-29T09:00:00Z", "2026-07-07T09:00:00Z", "2026-07-08T02:00:00Z", "2026-07-09T01:00:00Z")
_WORDS = (HIDDEN, "棚户", "另有所指", "整治", "供热", "某某单位", "区城市管理局", "程默")


@dataclass(frozen=True, slots=True)
class Census:
    """Global ids by tag: `plain` of the world without anything hidden, `hidden` of what another has besides."""

    kinds: dict[str, str]  # tag: the name of the type
    plain: dict[str, list[str]]
    hidden: dict[str, list[str]]
    known_case: str
    numbers: list[str]

    def values_for(self, name: str, kind: str) -> list[str]:
        """Literals for a field or an argument: some that mean what all may see, what is hidden, and nothing."""
        match kind:
            case "ID":
                tag = "person" if name == "people" else name.removesuffix("s")
                known, hidden = self.plain[tag], self.hidden[tag]
                none = unknown((hidden or known or [f"{tag}_"])[0])
                return [f'"{one}"' for one in (*known[:2], *hidden[:2], none)]
            case "Boolean":
                return ["true", "false"]
            case "Int":
                return ["2026", "50"]
            case "Date":
                return [f'"{day}"' for day in _DATES]
            case "DateTime":
                return [f'"{instant}"' for instant in _INSTANTS]
            case "String":
                return [f'"{text}"' for text in (*_WORDS, *self.numbers)]
        raise KeyError(kind)


NOBODY_COUNTED = Census({}, {}, {}, "", [])


def unknown(one: str) -> str:
    """An id of the same kind that no world has; always the same for the same id."""
    tag = one.partition("_")[0]
    return encode_id(tag, UUID(bytes=hashlib.sha256(one.encode()).digest()[:16], version=4))


async def take_census(plain_url: str, other_url: str, known_case: UUID) -> Census:
    """Counted in the databases themselves."""
    plain, other = await ids_in(plain_url), await ids_in(other_url)
    hidden = {tag: sorted(other[tag] - plain[tag]) for tag in KINDS}
    known = {tag: sorted(plain[tag]) for tag in KINDS}
    return Census(KINDS, known, hidden, encode_id("case", known_case), await _numbers(other_url))


async def ids_in(url: str) -> dict[str, set[str]]:
    """The ids of everything, by tag."""
    database = Database(url)
    async with database.read() as session:
        found = {}
        for kind in _NODES:
            tag, table = str(reads_of(kind).tag), _table_of(kind)
            found[tag] = {encode_id(tag, key) for key in await session.scalars(select(table.c.id))}
    await database.close()
    return found


async def _numbers(url: str) -> list[str]:
    database = Database(url)
    async with database.read() as session:
        numbers = await session.scalars(select(Case.register_number).where(Case.register_number.is_not(None)))
        found = sorted(map(str, numbers))
    await database.close()
    return found


def _table_of(kind: type[Any]) -> Any:
    return reads_of(kind).model.__table__
