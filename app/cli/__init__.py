"""The commands: what a person, a unit file or a container runs. What is heavy is imported when a command needs it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from app.cli import admin, calendar, importing, migrating, policy, processes, records
from app.cli.answers import EXIT_CODES, Exit, failure_of, print_failure
from app.cli.demo import demo
from app.core.memory import load_undisturbed

commands = typer.Typer(
    name="duban",
    help="督办: a GraphQL server for government supervision work. Settings: DUBAN_* variables.",
    epilog=f"Exit codes: {EXIT_CODES}",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
commands.command()(processes.run)
commands.command()(processes.serve)
commands.command()(processes.worker)
commands.add_typer(migrating.commands, name="migrate")
commands.add_typer(policy.commands, name="policy")
commands.add_typer(admin.commands, name="admin")
commands.add_typer(calendar.commands, name="calendar")
commands.add_typer(importing.commands, name="import")
commands.add_typer(records.audit, name="audit")
commands.add_typer(records.schema, name="schema")
commands.command()(demo)


def main() -> None:
    """Run the command that was asked for."""
    load_undisturbed()
    with ending_in_order(as_json="--json" in sys.argv):
        commands()


@contextmanager
def ending_in_order(*, as_json: bool) -> Iterator[None]:
    """Every failure that can be foreseen has its exit code and its sentence; a defect keeps its traceback."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            raise
        print_failure(failure, as_json=as_json)
        sys.exit(failure.code)
