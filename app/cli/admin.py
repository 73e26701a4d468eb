"""`duban admin`: what must be possible before anybody can sign in."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.answers import AsJson, answer
from app.cli.surroundings import prepare, require_current_schema, run_async
from app.core.settings import Settings

if TYPE_CHECKING:
    from app.identity.service.bootstrap import FirstAccount

commands = typer.Typer(help="The first administrators.", no_args_is_help=True)

_FORM = "NAME:LOGIN"


@commands.callback()
def admin() -> None:
    """Keep `bootstrap` a command of its own, though it is the only one."""


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
