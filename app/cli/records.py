"""`duban audit`, `duban schema`: what can be proved, and what can be asked."""

from datetime import date, datetime
from typing import Annotated

import typer

from app.cli.answers import AsJson, Exit, answer
from app.cli.surroundings import prepare, require_current_schema, run_async
from app.core.settings import Settings

audit = typer.Typer(help="The chained records.", no_args_is_help=True)
schema = typer.Typer(help="The GraphQL schema.", no_args_is_help=True)


@audit.command()
def verify(as_json: AsJson = False) -> None:
    """Follow every chain to its head; hold words and files against their digests, the access log against its seals.

    Exit code 1 when something was altered; `content` with an id means words or a file.
    """
    cases, broken, altered = run_async(_verify(prepare()))
    wrong = [*broken, *(f"access log of {day}" for day in altered)]
    text = f"broken: {', '.join(wrong)}" if wrong else f"{cases} chains hold"
    answer(as_json, text, chains=cases, broken=broken, altered_days=altered)
    if wrong:
        raise typer.Exit(Exit.NO)


async def _verify(settings: Settings) -> tuple[int, list[str], list[str]]:
    from datetime import timedelta

    from app.accountability.models import AccountabilityProposal
    from app.audit.sealing import altered_days
    from app.cases.models import Case
    from app.core.clock import SystemClock
    from app.core.database import Database
    from app.events.verifying import verify_chains

    database = Database(settings.url, pool_size=1)
    try:
        await require_current_schema(database)
        async with database.read() as session:
            chains, broken = await verify_chains(session, Case, AccountabilityProposal)
            kept_since = SystemClock().real_now() - timedelta(days=settings.access_log_days)
            return chains, broken, [str(day) for day in await altered_days(session, kept_since)]
    finally:
        await database.close()


@audit.command(name="export")
def export_records(
    since: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="From this day on.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Up to the end of this day.")] = None,
) -> None:
    """Print acts of administration, then the access log, one JSON object on each line."""
    run_async(_export(prepare(), since and since.date(), until and until.date()))


async def _export(settings: Settings, since: date | None, until: date | None) -> None:
    from app.audit.exporting import exported
    from app.core.database import Database

    database = Database(settings.url, pool_size=1)
    try:
        await require_current_schema(database)
        async with database.read() as session:
            async for line in exported(session, since, until):
                typer.echo(line)
    finally:
        await database.close()


@schema.callback()
def printed() -> None:
    """Keep `export` a command of its own, though it is the only one."""


@schema.command()
def export(
    check: Annotated[
        bool, typer.Option("--check", help="Compare with schema.graphql; exit code 1 if it differs.")
    ] = False,
) -> None:
    """Print the schema as `schema.graphql` holds it."""
    from pathlib import Path

    from app.graphql.schema import build_schema

    text = build_schema().as_str() + "\n"
    if not check:
        typer.echo(text, nl=False)
        return
    if Path("schema.graphql").read_text(encoding="utf-8") != text:
        typer.echo("schema.graphql differs from the code: run `make schema`", err=True)
        raise typer.Exit(Exit.NO)


@schema.command()
def refusals() -> None:
    """Print every refusal code with its words, as `docs/refusals.md` holds them."""
    from app.core.refusals import catalogue

    typer.echo("# Refusals\n\nPrinted by `duban schema refusals`. A code never changes its meaning.\n")
    typer.echo("| code | kind | 中文 | English |\n|---|---|---|---|")
    for code, kind, chinese, english in catalogue():
        typer.echo(f"| `{code.value}` | {kind.value} | {chinese} | {english} |")
