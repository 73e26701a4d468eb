"""`duban policy`: the files of rules and parameters, and the versions of the policy in the database.

What is there is read by whoever may use the server's database. What changes it is done by people, with their own login
and password and the same rights as through the API: two of them, whoever runs the commands.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.answers import AsJson, Exit, Failure, answer
from app.cli.surroundings import prepare, require_current_schema, run_async

if TYPE_CHECKING:
    from app.authz.models import PolicyVersion
    from app.main import Runtime
    from app.work import Work

commands = typer.Typer(help="Rules and parameters: check, compare, change.", no_args_is_help=True)

_LOOK_AGAIN = 0.5  # seconds

Number = Annotated[int, typer.Argument(metavar="VERSION", help="The number of the version.")]
Login = Annotated[
    str, typer.Option("--as", metavar="LOGIN", help="Who does it. His password is asked for, or read from the input.")
]
Reason = Annotated[str, typer.Option(help="Why.")]


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
    from app.permissions.checking import problems_of
    from app.regulation import load_regulation
    from app.work.opening import load_policy

    chosen = folder or shipped("policies")
    policy = load_policy(chosen)
    _refuse(problems_of(policy.text))
    parameters = chosen / "regulation.toml"
    try:
        regulation = load_regulation(parameters if parameters.exists() else shipped("policies") / parameters.name)
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


@commands.command()
def show(as_json: AsJson = False) -> None:
    """List the versions, newest first."""

    async def run(runtime: "Runtime") -> list[dict[str, Any]]:
        from sqlalchemy import select

        from app.authz.models import PolicyVersion

        async with runtime.database.read() as session:
            found = await session.scalars(select(PolicyVersion).order_by(PolicyVersion.number.desc()))
            return [_told(version) for version in found]

    versions = _run(run)
    lines = [f"{one['number']:>4} {one['status']:<9} {one['digest'][:12]} from {one['base']}" for one in versions]
    answer(as_json, "\n".join(lines), versions=versions)


@commands.command()
def diff(
    number: Number,
    since: Annotated[int | None, typer.Option(help="By default the version in force.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the lines that a version would take out (-) and put in (+). Exit code 1 if there are any."""

    async def run(runtime: "Runtime") -> list[dict[str, str | None]]:
        from app.authz.versions import text_of
        from app.permissions.editing import differences

        before = (await runtime.policies.now()).text if since is None else text_of(await _version(runtime, since))
        after = text_of(await _version(runtime, number))
        found = differences(before, after)
        return [{"part": one.part.value, "before": one.before, "after": one.after} for one in found]

    changes = _run(run)
    lines = [
        f"{sign} {line}"
        for one in changes
        for sign, line in (("-", one["before"]), ("+", one["after"]))
        if line is not None
    ]
    answer(as_json, "\n".join(lines) or "no difference", changes=changes)
    if changes:
        raise typer.Exit(Exit.NO)


@commands.command()
def export(
    number: Number,
    folder: Annotated[Path, typer.Argument(file_okay=False, help="A new or empty folder.")],
    as_json: AsJson = False,
) -> None:
    """Write a version as files, to be edited and handed in again by `draft`."""

    async def run(runtime: "Runtime") -> int:
        from app.authz.loader import write_folder
        from app.authz.versions import text_of

        if folder.exists() and any(folder.iterdir()):
            raise Failure(Exit.NO, [f"{folder} is not empty"])
        text = text_of(await _version(runtime, number))
        write_folder(folder, text)
        return len(text.rules)

    rules = _run(run)
    answer(as_json, f"version {number}: {rules} rules written to {folder}", number=number, rules=rules)


@commands.command()
def draft(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Files as `export` writes them.")],
    login: Login,
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Hand in a folder as a new draft. Every line that says nothing is named; then nothing is handed in."""
    from app.authz.loader import read_lines
    from app.permissions.checking import problems_of
    from app.permissions.service.versions import hand_in
    from app.work.opening import load_policy

    load_policy()  # declares what rules may speak of
    text, problems = read_lines(folder)
    _refuse(problems)
    told = _act(login, lambda work: hand_in(work, text, reason))
    faults = problems_of(text)
    said = [f"version {told['number']} is a draft", *(f"to mend before it is proposed: {fault}" for fault in faults)]
    answer(as_json, "\n".join(said), **told, problems=faults)


@commands.command()
def discard(number: Number, login: Login, as_json: AsJson = False) -> None:
    """End a draft."""
    from app.permissions.service.versions import discard_draft

    _done(as_json, _act_on(number, login, discard_draft), "discarded")


@commands.command()
def propose(number: Number, login: Login, as_json: AsJson = False) -> None:
    """Lay a draft before a second person."""
    from app.permissions.service.versions import propose_policy

    _done(as_json, _act_on(number, login, propose_policy), "proposed")


@commands.command()
def approve(number: Number, login: Login, as_json: AsJson = False) -> None:
    """Put a version in force that others drafted and proposed."""
    from app.permissions.service.versions import approve_policy

    _done(as_json, _act_on(number, login, approve_policy), "in force")


@commands.command()
def refuse(number: Number, login: Login, reason: Reason, as_json: AsJson = False) -> None:
    """Say no to a proposed version."""
    from app.permissions.service.versions import RefusePolicy, refuse_policy

    told = _act_on(number, login, lambda work, key: refuse_policy(work, RefusePolicy(key, reason)))
    _done(as_json, told, "refused")


@commands.command(name="roll-back")
def roll_back(number: Number, login: Login, reason: Reason, as_json: AsJson = False) -> None:
    """Propose that the rules of an earlier version be in force again."""
    from app.permissions.service.versions import RollBackPolicy
    from app.permissions.service.versions import roll_back as use_case

    told = _act_on(number, login, lambda work, key: use_case(work, RollBackPolicy(key, reason)))
    _done(as_json, told, f"proposed with the rules of version {number}")


@commands.command(name="dry-run")
def dry_run(number: Number, login: Login, as_json: AsJson = False) -> None:
    """Count who would gain and who would lose what by a version, in what LOGIN may know of."""

    async def run(runtime: "Runtime") -> list[dict[str, Any]]:
        from app.permissions.dry_runs import dry_run as count
        from app.permissions.models import DryRunState, PolicyDryRun
        from app.permissions.service.dry_runs import ask_for_dry_run

        version = await _version(runtime, number)
        async with _signed_in(runtime, login) as do:
            asked = await do(lambda work: ask_for_dry_run(work, version.id))
        while True:
            await count(runtime.workplace, runtime.policies)
            async with runtime.database.read() as session:
                found = await session.get_one(PolicyDryRun, asked.id)
            if found.state is DryRunState.FAILED:
                raise Failure(Exit.NO, ["the dry run failed; the log says why"])
            if found.state is DryRunState.DONE:
                return [one for one in found.results if one["gained"] or one["lost"]]
            await asyncio.sleep(_LOOK_AGAIN)  # a worker of the server counts it

    effects = _run(run)
    lines = [
        f"{one['action']:<24} +{one['gained']} -{one['lost']}  {one['people']} x {', '.join(one['roles']) or 'anyone'}"
        for one in sorted(effects, key=lambda one: -(one["gained"] + one["lost"]) * one["people"])
    ]
    answer(as_json, "\n".join(lines) or "nobody gains or loses anything", effects=effects)


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        raise Failure(Exit.NO, problems)


def _done(as_json: bool, told: dict[str, Any], what: str) -> None:
    answer(as_json, f"version {told['number']} is {what}", **told)


def _told(version: "PolicyVersion") -> dict[str, Any]:
    return {
        "number": version.number,
        "status": version.status.value,
        "digest": version.digest,
        "base": version.base_number,
    }


def _run(what: "Callable[[Runtime], Awaitable[Any]]") -> Any:
    async def run() -> Any:
        from app.main import open_runtime, take_up

        async with open_runtime(prepare()) as runtime:
            await require_current_schema(runtime.database)
            await take_up(runtime)
            return await what(runtime)

    return run_async(run())


def _act(login: str, use_case: "Callable[[Work], Awaitable[PolicyVersion]]") -> dict[str, Any]:
    async def run(runtime: "Runtime") -> dict[str, Any]:
        async with _signed_in(runtime, login) as do:
            return _told(await do(use_case))

    found: dict[str, Any] = _run(run)
    return found


def _act_on(number: int, login: str, use_case: "Callable[[Work, Any], Awaitable[PolicyVersion]]") -> dict[str, Any]:
    async def run(runtime: "Runtime") -> dict[str, Any]:
        version = await _version(runtime, number)
        async with _signed_in(runtime, login) as do:
            return _told(await do(lambda work: use_case(work, version.id)))

    found: dict[str, Any] = _run(run)
    return found


async def _version(runtime: "Runtime", number: int) -> "PolicyVersion":
    from sqlalchemy import select

    from app.authz.models import PolicyVersion

    async with runtime.database.read() as session:
        found = await session.scalar(select(PolicyVersion).where(PolicyVersion.number == number))
    if found is None:
        raise Failure(Exit.NO, [f"there is no policy version {number}"])
    return found


@asynccontextmanager
async def _signed_in(runtime: "Runtime", login: str) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """Do use cases as a person: with his password, for the length of the block, with the rights that he has now."""
    from datetime import timedelta

    from app.identity.passwords import Passwords
    from app.identity.queries import principal
    from app.identity.service import Entrance, sign_in, sign_out
    from app.identity.tokens import Tokens

    settings, clock = runtime.settings, runtime.clock
    lifetime = timedelta(hours=settings.session_hours)
    entrance = Entrance(runtime.database, clock, Tokens.from_settings(settings), Passwords(), lifetime)
    opened = await sign_in(entrance, login, _password(login))
    found = await principal(runtime.database, opened.session_id, opened.account_id, clock.now(), clock.real_now())
    assert found is not None

    async def do(use_case: "Callable[[Work], Awaitable[Any]]") -> Any:
        policy = await runtime.policies.of(found.actor.policy_version)
        async with runtime.workplace.open(found.actor, policy) as work:
            return await use_case(work)

    try:
        yield do
    finally:
        await do(sign_out)


def _password(login: str) -> str:
    if sys.stdin.isatty():
        asked: str = typer.prompt(f"Password of {login}", hide_input=True, err=True)
        return asked
    return sys.stdin.readline().rstrip("\n")
