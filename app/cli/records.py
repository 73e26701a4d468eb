"""`duban audit`, `duban schema`: what can be proved, and what can be asked."""

from typing import Annotated

import typer

from app.cli.answers import AsJson, Exit, answer
from app.cli.surroundings import prepare, require_current_schema, run_async
from app.core.settings import Settings

audit = typer.Typer(help="The chained records.", no_args_is_help=True)
schema = typer.Typer(help="The GraphQL schema.", no_args_is_help=True)


@audit.callback()
def records() -> None:
    """Keep `verify` a command of its own, though it is the only one."""


@audit.command()
def verify(as_json: AsJson = False) -> None:
    """Follow every chain from its first link. Exit code 1 when one is broken."""
    cases, broken = run_async(_verify(prepare()))
    text = f"broken: {', '.join(broken)}" if broken else f"{cases} chains hold"
    answer(as_json, text, chains=cases, broken=broken)
    if broken:
        raise typer.Exit(Exit.NO)


async def _verify(settings: Settings) -> tuple[int, list[str]]:
    from app.core.database import Database
    from app.events.verifying import verify_chains

    database = Database(settings.url, pool_size=1)
    try:
        await require_current_schema(database)
        async with database.read() as session:
            return await verify_chains(session)
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
