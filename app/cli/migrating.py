"""`duban migrate`: the database up to this code, down, or just compared."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.answers import AsJson, Exit, Failure, answer
from app.cli.surroundings import prepare, run_async, unknown_revision
from app.core.settings import Settings

if TYPE_CHECKING:
    from app.core.revisions import Status

commands = typer.Typer(help="Bring the database up or down, or compare it with this code.", no_args_is_help=True)


@commands.command()
def up(
    to: Annotated[str, typer.Option(help="A revision.")] = "head",
    as_json: AsJson = False,
) -> None:
    """Apply what is pending, in one transaction. Replicas that start at once wait for the first."""
    from app.core.migrate import upgrade

    settings = prepare()
    _answer(run_async(_moved(settings, upgrade(settings.url, to))), as_json)


@commands.command()
def down(
    to: Annotated[str, typer.Option(help="A revision, -1 for one step, or base for the empty database.")] = "-1",
    yes: Annotated[bool, typer.Option("--yes", help="Meant: this drops data. Needed in production.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take back the newest revision, or all after another one."""
    from app.core.migrate import downgrade

    settings = prepare()
    if settings.production and not yes:
        raise Failure(Exit.NOT_HERE, ["this drops data: say --yes"])
    _answer(run_async(_moved(settings, downgrade(settings.url, to))), as_json)


@commands.command()
def status(as_json: AsJson = False) -> None:
    """Compare the database with this code. Exit code 5 when they differ."""
    found = run_async(_status(prepare()))
    _answer(found, as_json)
    if found.state != "current":
        raise typer.Exit(Exit.SCHEMA)


async def _moved(settings: Settings, moving: Coroutine[Any, Any, "Status"]) -> "Status":
    from alembic.util import CommandError

    from app.core.revisions import SchemaState

    try:
        found = await _status(settings)
        if found.state is SchemaState.UNKNOWN:
            raise unknown_revision(found.applied)
        return await moving
    except CommandError as error:  # --to names no revision, or one that lies the other way
        raise Failure(Exit.USAGE, [str(error)]) from None
    finally:
        moving.close()


async def _status(settings: Settings) -> "Status":
    from app.core.database import Database
    from app.core.revisions import status

    database = Database(settings.url, pool_size=1)
    try:
        return await status(database)
    finally:
        await database.close()


def _answer(status: "Status", as_json: bool) -> None:
    text = f"{status.state}: at {status.applied or 'nothing'}, this code at {status.newest or 'nothing'}"
    if status.pending:
        text += f", pending {', '.join(status.pending)}"
    answer(
        as_json, text, state=status.state, applied=status.applied, newest=status.newest, pending=list(status.pending)
    )
