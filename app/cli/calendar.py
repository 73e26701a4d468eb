"""`duban calendar`: the State Council's notice of a year comes in when it is published."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.answers import AsJson, Exit, Failure, answer
from app.cli.surroundings import prepare, require_current_schema, run_async
from app.core.settings import Settings

commands = typer.Typer(help="Working days.", no_args_is_help=True)


@commands.callback()
def calendar() -> None:
    """Keep `import` a command of its own, though it is the only one."""


@commands.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON as in policies/calendar.")],
    as_json: AsJson = False,
) -> None:
    """Record a year's notice and count again what was counted without it. The same notice again changes nothing."""
    year, changed = run_async(_import(prepare(), file))
    answer(as_json, f"{year}: the dates of {changed} cases were counted again", year=year, cases=changed)


async def _import(settings: Settings, file: Path) -> tuple[int, int]:
    from app.assignments.service import import_calendar_year
    from app.identity.service import OPERATOR
    from app.main import open_runtime, take_up
    from app.workdays.queries import read_notice

    try:
        notice = read_notice(file)
    except ValueError as error:
        raise Failure(Exit.NO, str(error).splitlines()) from error
    async with open_runtime(settings) as runtime:
        await require_current_schema(runtime.database)
        await take_up(runtime)
        async with runtime.workplace.open(OPERATOR, await runtime.policies.now()) as work:
            return notice.year, len(await import_calendar_year(work, notice))
