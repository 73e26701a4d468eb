"""Draft a migration: `python -m migrations.new "what it does"` compares the models with the newest migration."""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command

from app.core.database import Database
from app.core.migrate import configuration, upgrade
from app.core.parts import import_parts


async def draft(message: str, revision: str | None = None) -> None:
    """Write the file. A reader then mends it: what a diff cannot see (CHECKs, indexes on expressions) is theirs."""
    import_parts("models")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'scratch.sqlite3'}"
        await upgrade(url)
        database = Database(url)
        async with database.writer.connect() as connection:
            await connection.run_sync(
                lambda inner: command.revision(configuration(inner), message, autogenerate=True, rev_id=revision)
            )
        await database.close()


if __name__ == "__main__":
    asyncio.run(draft(*sys.argv[1:]))
