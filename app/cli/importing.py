"""`duban import`: documents from outside become drafts, through the same use case as by the API."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.answers import AsJson, Exit, Failure, answer
from app.cli.surroundings import prepare, require_current_schema, run_async
from app.core.settings import Settings

if TYPE_CHECKING:
    from app.exchange.importing import ImportReport

commands = typer.Typer(help="Bring documents in.", no_args_is_help=True)


@commands.callback()
def documents() -> None:
    """Keep `tasks` a command of its own, though it is the only one."""


@commands.command(name="tasks")
def import_tasks(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Plain text: UTF-8, UTF-16 or GB 18030.")],
    login: Annotated[str, typer.Option("--as", metavar="LOGIN", help="Who imports it; needs the right import.tasks.")],
    title: Annotated[str | None, typer.Option(help="Where the document does not say it.")] = None,
    number: Annotated[str | None, typer.Option(help="文号, where the document does not say it.")] = None,
    issuing_body: Annotated[str | None, typer.Option(help="发文机关")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a draft case of each task of a public task document. The same document again changes nothing."""
    report = run_async(_import(prepare(), file.read_bytes(), login, (title, number, issuing_body)))
    answer(
        as_json,
        "\n".join(_lines(report)),
        title=report.title,
        number=report.number,
        created=report.created,
        known=report.known,
        unknown_names=report.unknown_names,
        unassigned=report.unassigned,
        tasks=[
            {
                "item_no": item.item_no,
                "title": item.title,
                "case": item.case_id,
                "created": item.created,
                "questions": item.questions,
                "unknown_names": item.unknown,
            }
            for item in report.items
        ],
    )


async def _import(
    settings: Settings, document: bytes, login: str, facts: tuple[str | None, str | None, str | None]
) -> "ImportReport":
    from app.exchange.importing import ImportTasks, TaskSource, import_tasks
    from app.identity.queries import actor_of_person, person_of_login
    from app.main import open_runtime, take_up

    command = ImportTasks(document, TaskSource(*facts), max_classification=settings.max_classification)
    async with open_runtime(settings) as runtime:
        await require_current_schema(runtime.database)
        await take_up(runtime)
        async with runtime.database.read() as session:
            person_id = await person_of_login(session, login)
            if person_id is None:
                raise Failure(Exit.NO, [f"nobody signs in as {login}"])
            actor = await actor_of_person(session, person_id, runtime.clock.now())
        async with runtime.workplace.open(actor, await runtime.policies.now()) as work:
            return await import_tasks(work, command)


def _lines(report: "ImportReport") -> list[str]:
    lines = [f"{report.title}: {report.created} drafts made, {report.known} known already"]
    lines += [f"not known: {name}" for name in report.unknown_names]
    for item in report.items:
        if item.questions:
            lines.append(f"to decide in {item.item_no or item.title}: {', '.join(item.questions)}")
    lines += [f"names nobody: {words}" for words in report.unassigned]
    return lines
