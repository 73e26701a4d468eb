"""`duban policy`: the files that the office may change."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.answers import AsJson, Exit, Failure, answer

commands = typer.Typer(help="Check the files of rules and parameters.", no_args_is_help=True)


@commands.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(exists=True, file_okay=False, help="By default the shipped one."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read a folder of policies as the server does, strictly. Names every problem; exit code 1 if there is one."""
    from app.core.paths import shipped
    from app.regulation import load_regulation
    from app.work.opening import load_policy

    chosen = folder or shipped("policies")
    policy = load_policy(chosen)
    try:
        regulation = load_regulation(chosen / "regulation.toml")
    except ValueError as error:
        raise Failure(Exit.NO, str(error).splitlines()) from error
    rules = len(policy.text.rules)
    answer(
        as_json,
        f"{rules} rules, digest {policy.digest}; parameters in force from {regulation.effective_from}",
        rules=rules,
        digest=policy.digest,
        regulation=regulation.digest(),
        effective_from=regulation.effective_from,
    )
