"""`duban run`, `serve`, `worker`: the processes that stay. SIGTERM ends each of them in order, with exit code 0."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.answers import AsJson, Exit, Failure, answer
from app.cli.surroundings import prepare, refuse_second_process, require_current_schema, run_async
from app.core.clock import SystemClock
from app.core.memory import keep_what_is_loaded
from app.core.settings import Settings

if TYPE_CHECKING:
    from app.main import Runtime

_BACKLOG = 2048
_ANSWERS_WITHIN = 3.0

Check = Annotated[bool, typer.Option("--check", help="Only ask whether it works; exit code 1 if not.")]


def run(as_json: AsJson = False) -> None:
    """Serve and work in one process: everything that one machine needs. Brings the database up, but in production."""
    settings = prepare()
    if settings.api_processes > 1:
        raise Failure(Exit.SETTINGS, ["DUBAN_API_PROCESSES: `run` is one process; use `serve` and `worker`"])
    run_async(_run(settings, as_json))


def serve(check: Check = False, as_json: AsJson = False) -> None:
    """Answer requests. The timed work is done by `worker`."""
    settings = prepare()
    if check:
        _ask(settings, as_json)
        return
    refuse_second_process(settings, "serve")
    with _listen(settings) as listener:
        if settings.api_processes > 1:
            from app.cli.several import serve_several

            announce(settings, as_json)
            serve_several(settings, listener, serve_one)
        else:
            run_async(serve_one(settings, listener, partial(announce, settings, as_json)))


def worker(check: Check = False, as_json: AsJson = False) -> None:
    """Do the timed work: escalation, delivery, and what else is due."""
    settings = prepare()
    if check:
        run_async(_check_worker(settings, as_json))
        return
    refuse_second_process(settings, "worker")
    run_async(_work(settings))


async def _run(settings: Settings, as_json: bool) -> None:
    if not settings.production:
        await _bring_up(settings)
    from app.demo.seeding import is_demo
    from app.main import open_runtime, take_up
    from app.worker.supervisor import work

    async with open_runtime(settings) as runtime:
        await require_current_schema(runtime.database)
        await take_up(runtime)
        shows_demo = not settings.production and not as_json and await is_demo(runtime.database)
        stop = asyncio.Event()
        with _listen(settings) as listener:
            working = asyncio.create_task(work(runtime.redis, runtime.sweeper, stop))
            announce(settings, as_json)
            showing = asyncio.create_task(_show_demo(settings)) if shows_demo else None
            try:
                await _serve(runtime, listener)
            finally:
                stop.set()
                await working
                if showing is not None:
                    showing.cancel()
                    await asyncio.gather(showing, return_exceptions=True)


async def _bring_up(settings: Settings) -> None:
    """An older database is migrated, an empty one becomes the demo: by other commands, in processes of their own.

    What these load, a server would keep in memory for as long as it runs. Meanwhile this one loads what it serves with.
    """
    from app.core.database import Database
    from app.core.revisions import SchemaState, status

    database = Database(settings.url, pool_size=1)
    try:
        found = await status(database)
        if found.state is SchemaState.UNKNOWN:
            return  # told when it is opened
        if found.state is SchemaState.BEHIND and found.applied is not None:
            await _end(await _begin("migrate", "up"), "migrate up")
        empty = found.applied is None
        if not empty:
            from app.demo.seeding import is_empty  # which loads much: not before a new database is on its way

            empty = await is_empty(database)
        if empty:
            demo = await _begin("demo")
            import_module("app.main")  # in this thread: another one would have a heap of its own, and keep it
            await _end(demo, "demo")
    finally:
        await database.close()


async def _begin(*words: str) -> asyncio.subprocess.Process:
    silence = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.cli", *words, stdin=silence, stdout=silence
    )  # fmt: skip


async def _end(process: asyncio.subprocess.Process, words: str) -> None:
    code = await process.wait()
    if code:
        raise Failure(Exit.NO, [f"`duban {words}` ended with exit code {code}"])


async def _show_demo(settings: Settings) -> None:
    from app.cli.demo import accounts_text, show

    typer.echo(accounts_text())
    await show(settings)


async def serve_one(settings: Settings, listener: socket.socket, ready: Callable[[], None] = lambda: None) -> None:
    """One API process on a socket that it may share with others."""
    from app.main import open_runtime, take_up

    async with open_runtime(settings) as runtime:
        await require_current_schema(runtime.database)
        await take_up(runtime)
        ready()
        await _serve(runtime, listener)


async def _serve(runtime: "Runtime", listener: socket.socket) -> None:
    from app.events.feed import feed_watched
    from app.main import build_app
    from app.web.server import build_server
    from app.worker.gauges import gauges_kept

    server = build_server(build_app(runtime), runtime.settings)
    keep_what_is_loaded()
    async with gauges_kept(runtime.sweeper, runtime.database, runtime.clock), feed_watched(runtime.feed):
        await server.serve([listener])


async def _work(settings: Settings) -> None:
    from app.main import open_runtime, take_up
    from app.worker.supervisor import work

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_runtime(settings) as runtime:
        await require_current_schema(runtime.database)
        await take_up(runtime)
        keep_what_is_loaded()
        await work(runtime.redis, runtime.sweeper, stop)


async def _check_worker(settings: Settings, as_json: bool) -> None:
    from app.authz import Policies
    from app.core.database import Database
    from app.main import build_carriers, build_sweeper
    from app.work.opening import build_workplace, load_policy
    from app.worker.supervisor import late_sweeps

    database = Database(settings.url, pool_size=1)
    try:
        await require_current_schema(database)
        workplace = build_workplace(settings, database, SystemClock())
        policies = Policies(database, load_policy())
        carriers = build_carriers(settings, workplace, policies)
        late = await late_sweeps(build_sweeper(settings, workplace, policies, carriers))
    finally:
        await database.close()
    answer(as_json, f"late: {', '.join(late)}" if late else "nothing is late", late=list(late))
    if late:
        raise typer.Exit(Exit.NO)


def _ask(settings: Settings, as_json: bool) -> None:
    # not urllib: it would go through a proxy that the environment names
    connection = HTTPConnection(settings.host, settings.port, timeout=_ANSWERS_WITHIN)
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise Failure(Exit.NO, [f"no answer: {error}"]) from error
    finally:
        connection.close()
    if status != HTTPStatus.OK:
        raise Failure(Exit.NO, [f"answers {status}"])
    answer(as_json, "it answers", status=status)


def _listen(settings: Settings) -> socket.socket:
    # listening before the application is there: whoever comes early waits instead of being turned away
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family, backlog=_BACKLOG)


def announce(settings: Settings, as_json: bool) -> None:
    paths = {"graphql": "/graphql", "healthz": "/healthz", "readyz": "/readyz"}
    urls = {name: _url(settings.host, settings.port, path) for name, path in paths.items()}
    answer(as_json, "\n".join(f"{name:<8} {url}" for name, url in urls.items()), **urls)


def _url(host: str, port: int, path: str) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"
