"""The operations, each in the words of the servers that differ: the schema of PostGraphile is that of the tables."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from app.core.ids import encode_id

LEDGER, DETAIL, VIEWER, SUBMIT = "ledger", "detail", "viewer", "submit"
QUERIES = (LEDGER, DETAIL, VIEWER)
OPERATIONS = (*QUERIES, SUBMIT)
PAGE = 50


class Dialect(StrEnum):
    """The folder of the documents."""

    OURS = "ours"
    FUNCTIONS = "functions"
    POLICIES = "policies"


class Wish(NamedTuple):
    """What somebody wants: of a case or a report its key, of a report the version that he has seen."""

    login: str
    key: UUID | None = None
    version: int | None = None


_OURS: Mapping[str, Callable[[Wish], dict[str, Any]]] = {
    LEDGER: lambda _wish: {"first": PAGE, "statuses": ["DISPATCHED"]},
    DETAIL: lambda wish: {"id": wish.key and encode_id("case", wish.key)},
    VIEWER: lambda _wish: {},
    SUBMIT: lambda wish: {
        "input": {"report": wish.key and encode_id("report", wish.key), "expectedVersion": wish.version}
    },
}
_OF_THE_TABLES: Mapping[str, Callable[[Wish], dict[str, Any]]] = {
    LEDGER: lambda _wish: {"first": PAGE, "status": "DISPATCHED"},
    DETAIL: lambda wish: {"id": str(wish.key)},
    VIEWER: lambda _wish: {},
    SUBMIT: lambda wish: {"key": str(wish.key), "seen": wish.version},
}


def body(operation: str, dialect: Dialect, wish: Wish) -> dict[str, Any]:
    """What is sent."""
    variables = _OURS if dialect is Dialect.OURS else _OF_THE_TABLES
    return {"query": document(operation, dialect), "variables": variables[operation](wish)}


def document(operation: str, dialect: Dialect = Dialect.OURS) -> str:
    return (Path(__file__).parent / dialect / f"{operation}.graphql").read_text(encoding="utf-8")
