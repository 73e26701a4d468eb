"""How a command answers: a sentence or JSON, and an exit code that a script can rely on."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.core.settings import SettingsError

if TYPE_CHECKING:
    from app.core.refusals import Problem

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


class Exit(IntEnum):
    """A code never changes its meaning."""

    DONE = 0
    NO = 1
    USAGE = 2
    SETTINGS = 3
    UNREACHABLE = 4
    SCHEMA = 5
    NOT_HERE = 6
    INTERRUPTED = 130


MEANINGS: Mapping[Exit, str] = {
    Exit.DONE: "done, or the answer is yes",
    Exit.NO: "refused, or the answer is no",
    Exit.USAGE: "the command line is wrong",
    Exit.SETTINGS: "the settings are wrong",
    Exit.UNREACHABLE: "the database or the address cannot be used",
    Exit.SCHEMA: "the database is not at the revision of this code",
    Exit.NOT_HERE: "not allowed in this environment",
    Exit.INTERRUPTED: "interrupted by the keyboard",
}
EXIT_CODES = "; ".join(f"{code.value} {meaning}" for code, meaning in MEANINGS.items())


@dataclass
class Failure(Exception):  # noqa: N818  # an outcome, not a defect
    """A command that ends without doing what was asked, for a reason that can be told."""

    code: Exit
    problems: Sequence[str]


def answer(as_json: bool, text: str, **data: Any) -> None:
    """Say what was done, to a person or to a program."""
    typer.echo(json.dumps(data, ensure_ascii=False, default=str) if as_json else text)


def print_failure(failure: Failure, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"error": failure.code.name, "problems": list(failure.problems)}, ensure_ascii=False))
    else:
        typer.echo("\n".join(f"duban: {problem}" for problem in failure.problems), err=True)


def failure_of(error: Exception) -> Failure | None:
    """What a foreseen error means to whoever ran the command; None for a defect."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, SettingsError):
        return Failure(Exit.SETTINGS, error.problems)
    return _of_the_house(error)


def _of_the_house(error: Exception) -> Failure | None:
    from sqlalchemy.exc import DBAPIError

    from app.authz import PolicyError
    from app.core.refusals import Language, Refusal

    match error:
        case PolicyError():
            return Failure(Exit.NO, error.problems)
        case Refusal():
            return Failure(Exit.NO, [error.message(Language.EN), *map(_pointed, error.problems)])
        case DBAPIError(statement=None):  # raised on the way to the database, before any statement
            return Failure(Exit.UNREACHABLE, [str(error.orig)])
        case OSError():
            return Failure(Exit.UNREACHABLE, [str(error)])
    return None


def _pointed(problem: "Problem") -> str:
    from app.core.refusals import Language

    return f"{'.'.join(map(str, problem.path))}: {problem.message(Language.EN)}"
