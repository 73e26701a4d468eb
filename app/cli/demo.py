"""`duban demo`: an invented district to try the server with. Never in production, never over real data."""

import asyncio
import json
from http.client import HTTPConnection
from typing import Annotated

import typer

from app.cli.answers import AsJson, Exit, Failure, answer
from app.cli.surroundings import prepare, run_async
from app.core.settings import Settings

QUERY = (
    "{ cases(first: 3, filter: {lights: [RED, YELLOW]}, orderBy: [DUE_ON_ASC]) "
    "{ totalCount { value } edges { node { number title light workingDaysLeft } } } }"
)
_WHO = "duban.wu"


def demo(
    reset: Annotated[
        bool, typer.Option("--reset", help="Throw away the demo data that is there, and begin anew.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fill an empty database with a district, its people and sixty matters."""
    settings = prepare()
    if settings.production:
        raise Failure(Exit.NOT_HERE, ["demo data is not for production"])
    run_async(_fill(settings, reset=reset))
    answer(as_json, accounts_text(), accounts=_accounts(), password=_password())


async def _fill(settings: Settings, *, reset: bool) -> None:
    from app.core.clock import SystemClock
    from app.core.database import Database
    from app.core.memory import keep_what_is_loaded
    from app.core.migrate import downgrade, upgrade
    from app.demo.seeding import is_demo, is_empty, seed
    from app.identity.passwords import Passwords
    from app.work.opening import build_workplace, load_policy

    await upgrade(settings.url)
    database = Database(settings.url)
    try:
        if not await is_empty(database):
            mine = await is_demo(database)
            if not (mine and reset):
                hint = "say --reset to begin anew" if mine else "it holds data of its own"
                raise Failure(Exit.NO, [f"the database is not empty: {hint}"])
            await database.close()
            await downgrade(settings.url, "base")
            await upgrade(settings.url)
        keep_what_is_loaded()
        await seed(build_workplace(settings, database, SystemClock()), load_policy(), Passwords())
    finally:
        await database.close()


def accounts_text() -> str:
    """Who may sign in to the demo, and with what."""
    lines = [f"  {login:<18} {who}" for login, who in _accounts().items()]
    return "\n".join([f"demo accounts, password {_password()}:", *lines])


async def show(settings: Settings) -> None:
    """Print a query that can be pasted, and the answer that the running server gives to it."""
    token = await asyncio.to_thread(_sign_in, settings)
    body = json.dumps({"query": QUERY}, ensure_ascii=False)
    url = f"http://{settings.host}:{settings.port}/graphql"
    command = f"curl -s {url} -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' -d '{body}'"
    found = await asyncio.to_thread(_post, settings, {"query": QUERY}, token)
    typer.echo(f"{command}\n{json.dumps(found, ensure_ascii=False, indent=2)}")


def _sign_in(settings: Settings) -> str:
    mutation = "mutation S($i: SignInInput!) { signIn(input: $i) { ... on SessionPayload { accessToken } } }"
    variables = {"i": {"login": _WHO, "password": _password()}}
    found = _post(settings, {"query": mutation, "variables": variables})
    token: str = found["data"]["signIn"]["accessToken"]
    return token


def _post(
    settings: Settings, body: dict[str, object], token: str | None = None
) -> dict[str, dict[str, dict[str, str]]]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    connection = HTTPConnection(settings.host, settings.port, timeout=30)
    try:
        connection.request("POST", "/graphql", json.dumps(body).encode(), headers)
        found: dict[str, dict[str, dict[str, str]]] = json.loads(connection.getresponse().read())
        return found
    finally:
        connection.close()


def _accounts() -> dict[str, str]:
    from app.demo.district import logins

    return dict(logins())


def _password() -> str:
    from app.demo.seeding import PASSWORD

    return PASSWORD
