"""What every command does first: read the settings, set up memory and logs, make the data folder."""

import asyncio
from collections.abc import Callable, Coroutine
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from app.cli.answers import Exit, Failure
from app.core.logs import configure_logs
from app.core.memory import keep_heaps_few
from app.core.settings import Settings, load_settings

if TYPE_CHECKING:
    from app.core.database import Database

_Result = TypeVar("_Result")


def prepare() -> Settings:
    settings = load_settings()
    keep_heaps_few()
    configure_logs(settings)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.sqlite and not _file_of(settings).parent.is_dir():
        raise Failure(Exit.UNREACHABLE, [f"there is no folder {_file_of(settings).parent}"])
    return settings


def _file_of(settings: Settings) -> Path:
    return Path(settings.url.split("///", 1)[-1])


def run_async(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Run to the end on the faster event loop where there is one."""
    faster: Callable[[], asyncio.AbstractEventLoop] | None = None
    if find_spec("uvloop"):
        from uvloop import new_event_loop as faster
    with asyncio.Runner(loop_factory=faster) as runner:
        return runner.run(work)


def refuse_second_process(settings: Settings, command: str) -> None:
    """SQLite in production serves one process: the API and the worker together."""
    if settings.production and settings.sqlite:
        raise Failure(Exit.NOT_HERE, [f"SQLite serves one process: not `{command}` but `run`, or DUBAN_DATABASE_URL"])


async def require_current_schema(database: "Database") -> None:
    """Refuse to touch a database that older or newer code has made."""
    from app.core.revisions import SchemaState, status

    found = await status(database)
    if found.state is SchemaState.BEHIND:
        raise Failure(Exit.SCHEMA, [f"pending: {', '.join(found.pending)}; run `duban migrate up`"])
    if found.state is SchemaState.UNKNOWN:
        raise unknown_revision(found.applied)


def unknown_revision(applied: str | None) -> Failure:
    """Newer code has made the database: this code neither uses nor moves it."""
    return Failure(Exit.SCHEMA, [f"the database is at {applied}, which this code does not know"])
