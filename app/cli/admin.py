"""`duban admin`: what must be possible before anybody can sign in, and when nobody can any more."""

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.answers import AsJson, Exit, Failure, answer
from app.cli.surroundings import prepare, require_current_schema, run_async
from app.core.settings import Settings

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from app.identity.service.bootstrap import FirstAccount
    from app.main import Runtime

commands = typer.Typer(help="The first administrators; the sealed emergency account.", no_args_is_help=True)

_FORM = "NAME:LOGIN"


@commands.command()
def bootstrap(
    permission_admin: Annotated[str, typer.Option(metavar=_FORM, help="督查办权限管理员")],
    system_admin: Annotated[str, typer.Option(metavar=_FORM, help="系统管理员")],
    security_admin: Annotated[str, typer.Option(metavar=_FORM, help="安全保密管理员")],
    security_auditor: Annotated[str, typer.Option(metavar=_FORM, help="安全审计员")],
    as_json: AsJson = False,
) -> None:
    """Create the first four administrators, four different people, and print their one-time passwords once."""
    named = {
        "permission_admin": permission_admin,
        "system_admin": system_admin,
        "security_admin": security_admin,
        "security_auditor": security_auditor,
    }
    accounts = run_async(_bootstrap(prepare(), named))
    lines = [f"{account.role.value:<18} {account.name} {account.login} {account.password}" for account in accounts]
    answer(
        as_json,
        "\n".join([*lines, "Each password is good for one sign-in, which asks for a new one. It is not shown again."]),
        accounts=[
            {"role": account.role, "name": account.name, "login": account.login, "password": account.password}
            for account in accounts
        ],
    )


async def _bootstrap(settings: Settings, named: Mapping[str, str]) -> "Sequence[FirstAccount]":
    from app.authz import Role
    from app.core.clock import SystemClock
    from app.core.database import Database
    from app.identity.passwords import Passwords
    from app.identity.service.bootstrap import Administrator, admin_bootstrap

    administrators = [
        Administrator(Role(role), name.strip(), login.strip())
        for role, (name, _, login) in ((role, person.partition(":")) for role, person in named.items())
    ]
    database = Database(settings.url, pool_size=2)
    try:
        await require_current_schema(database)
        return await admin_bootstrap(database, SystemClock(), Passwords(), administrators)
    finally:
        await database.close()


@commands.command()
def unseal(
    restore: Annotated[list[str], typer.Option(help="The login of an administrator; at most two.")],
    reason: Annotated[str, typer.Option(help="What happened, and who opens it.")],
    as_json: AsJson = False,
) -> None:
    """Open the emergency account, restore administrators, and close it again.

    Both halves of the secret are typed, or the first two lines of the input. It needs the database alone: neither the
    API nor anybody who can sign in. The secret is used up.
    """
    told = run_async(_unseal(restore, reason, _half("First"), _half("Second")))
    lines = [*(f"{login} {password}" for login, password in told.items())]
    answer(
        as_json,
        "\n".join([*lines, "Each password is good for one sign-in. Seal the emergency account anew."]),
        restored=told,
    )


def _half(which: str) -> str:
    if sys.stdin.isatty():
        asked: str = typer.prompt(f"{which} half", hide_input=True, err=True)
        return asked
    return sys.stdin.readline().rstrip("\n")


async def _unseal(logins: Sequence[str], reason: str, first: str, second: str) -> dict[str, str]:
    from app.main import open_runtime, take_up

    async with open_runtime(prepare()) as runtime:
        await require_current_schema(runtime.database)
        await take_up(runtime)
        async with runtime.database.read() as session:
            accounts = await _administrators(session, runtime, logins)
        return await _restore(runtime, accounts, (first, second, reason))


async def _administrators(session: "AsyncSession", runtime: "Runtime", logins: Sequence[str]) -> "dict[str, UUID]":
    """Asked before the secret is used up for somebody whom it does not help."""
    from app.emergency.queries import restorable_accounts
    from app.emergency.rules import MOST_RESTORATIONS

    found = await restorable_accounts(session, runtime.clock.now())
    problems = [f"{login} is not the login of an administrator" for login in logins if login not in found]
    if len(set(logins)) > MOST_RESTORATIONS:
        problems.append(f"one opening restores {MOST_RESTORATIONS} accounts at most")
    if problems:
        raise Failure(Exit.NO, problems)
    return {login: found[login] for login in logins}


async def _restore(runtime: "Runtime", accounts: "Mapping[str, UUID]", opening: tuple[str, str, str]) -> dict[str, str]:
    from datetime import timedelta

    from app.emergency import service
    from app.emergency.queries import opened_last
    from app.identity.passwords import Passwords, one_time_password
    from app.identity.queries import principal
    from app.identity.service import Entrance
    from app.identity.tokens import Tokens

    settings, clock, policy = runtime.settings, runtime.clock, await runtime.policies.now()
    lifetime = timedelta(hours=settings.session_hours)
    entrance = Entrance(runtime.database, clock, Tokens.from_settings(settings), Passwords(), lifetime)
    opened = await service.open_emergency_account(entrance, runtime.workplace, policy, service.OpenEmergency(*opening))
    found = await principal(runtime.database, opened.session_id, opened.account_id, clock.now(), clock.real_now())
    assert found is not None
    told = {login: one_time_password() for login in accounts}
    for login, key in accounts.items():
        password_hash = await entrance.passwords.hash(told[login])
        async with runtime.workplace.open(found.actor, policy) as work:
            await service.restore_account(work, key, password_hash)
    async with runtime.workplace.open(found.actor, policy) as work:
        await service.close_emergency_account(work, await opened_last(work.session))
    return told
