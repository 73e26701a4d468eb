"""Several processes test at once: each has a PostgreSQL database and a Redis database of its own.

Imported before anything reads the environment. The databases are dropped by whoever made the first one.
"""

import asyncio
import os

import asyncpg

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # gw0, gw1, …; empty where one process does all


async def _make(url: str, name: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", name):
            await connection.execute(
                f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
            )
    finally:
        await connection.close()


def _divide() -> None:
    postgres, redis = os.environ.get("DUBAN_TEST_POSTGRES_URL", ""), os.environ.get("DUBAN_TEST_REDIS_URL", "")
    if postgres:
        server, _, base = postgres.rpartition("/")
        own = f"{base}_{_WORKER}"
        asyncio.run(_make(postgres.replace("+asyncpg", ""), own))
        os.environ["DUBAN_TEST_POSTGRES_URL"] = f"{server}/{own}"
    if redis:
        server, _, number = redis.rpartition("/")
        os.environ["DUBAN_TEST_REDIS_URL"] = f"{server}/{int(number) + int(_WORKER.removeprefix('gw'))}"


if _WORKER:
    _divide()
