"""Runs of migrations: all or nothing, one process at a time, nothing lost when SQLite rebuilds a table."""

import asyncio
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core import migrate, revisions
from app.core.database import Database
from app.core.migrate import downgrade, upgrade
from app.core.paths import shipped
from app.core.revisions import SchemaState, Status, status

FIRST = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "parent", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20), nullable=False)
    )
    op.create_table(
        "child",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("parent_id", sa.Integer(), sa.ForeignKey("parent.id", ondelete="CASCADE"), nullable=False),
    )


def downgrade():
    op.drop_table("child")
    op.drop_table("parent")
"""
SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    with op.batch_alter_table("parent") as parent:
        parent.alter_column("name", type_=sa.String(40), existing_type=sa.String(20), existing_nullable=False)


def downgrade():
    pass
"""
BROKEN = """
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    op.execute("INSERT INTO parent (id, name) VALUES (2, 'half')")
    op.execute("INSERT INTO nowhere VALUES (1)")


def downgrade():
    pass
"""
ORPHANS = """
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    op.execute("DELETE FROM parent")


def downgrade():
    pass
"""
MIGRATES = """
import asyncio, sys
from pathlib import Path
from app.core import migrate, revisions

migrate.shipped = revisions.shipped = lambda _folder: Path(sys.argv[2])
print(asyncio.run(migrate.upgrade(sys.argv[1])).state, flush=True)
"""


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A migrations folder with the project's own environment and two migrations."""
    folder = tmp_path / "100% migrations"
    (folder / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        shutil.copy(shipped("migrations") / name, folder)
    for module in (migrate, revisions):
        monkeypatch.setattr(module, "shipped", lambda _folder: folder)
    (folder / "versions" / "0001.py").write_text(FIRST)
    (folder / "versions" / "0002.py").write_text(SECOND)
    return folder / "versions"


async def _status(url: str) -> Status:
    database = Database(url)
    try:
        return await status(database)
    finally:
        await database.close()


async def _ask(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Run statements in one transaction; the rows of the last."""
    database = Database(url)
    try:
        async with database.writer.begin() as connection:
            for statement in statements[:-1]:
                await connection.execute(text(statement))
            return [tuple(row) for row in await connection.execute(text(statements[-1]))]
    finally:
        await database.close()


async def test_up_down_and_up_again(versions: Path, url: str) -> None:
    assert await _status(url) == Status(SchemaState.BEHIND, None, "0002", ("0001", "0002"))
    assert await upgrade(url, "0001") == Status(SchemaState.BEHIND, "0001", "0002", ("0002",))
    assert await upgrade(url) == Status(SchemaState.CURRENT, "0002", "0002", ())
    assert await upgrade(url) == Status(SchemaState.CURRENT, "0002", "0002", ())
    assert await downgrade(url, "-1") == Status(SchemaState.BEHIND, "0001", "0002", ("0002",))
    assert (await downgrade(url, "base")).applied is None
    assert await upgrade(url) == await _status(url) == Status(SchemaState.CURRENT, "0002", "0002", ())


async def test_a_database_of_newer_code_is_left_alone(versions: Path, url: str) -> None:
    await upgrade(url)
    (versions / "0002.py").unlink()
    assert await _status(url) == Status(SchemaState.UNKNOWN, "0002", "0001", ())


async def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(versions: Path, url: str) -> None:
    await upgrade(url, "0001")
    children = "SELECT id FROM child"
    await _ask(url, "INSERT INTO parent VALUES (1, 'one')", "INSERT INTO child VALUES (7, 1)", children)
    await upgrade(url)
    assert await _ask(url, children) == [(7,)]


async def test_a_run_that_fails_changes_nothing(versions: Path, url: str) -> None:
    await upgrade(url)
    (versions / "0003.py").write_text(BROKEN)
    with pytest.raises(Exception, match="nowhere"):
        await upgrade(url)
    assert await _status(url) == Status(SchemaState.BEHIND, "0002", "0003", ("0003",))
    assert await _ask(url, "SELECT count(*) FROM parent") == [(0,)]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_run_that_breaks_references_changes_nothing(versions: Path, url: str) -> None:
    await upgrade(url)
    await _ask(url, "INSERT INTO parent VALUES (1, 'one')", "INSERT INTO child VALUES (7, 1)", "SELECT 1")
    (versions / "0003.py").write_text(ORPHANS)
    with pytest.raises(RuntimeError, match="child"):
        await upgrade(url)
    assert await _ask(url, "SELECT id FROM parent") == [(1,)]


async def test_four_processes_start_at_once(
    versions: Path, url: str, start: Callable[..., subprocess.Popen[str]]
) -> None:
    processes = [start("-c", MIGRATES, url, str(versions.parent)) for _ in range(4)]
    answers = await asyncio.gather(*(asyncio.to_thread(process.communicate) for process in processes))
    assert [answer for answer, _ in answers] == ["current\n"] * 4, answers
    assert await _ask(url, "SELECT version_num FROM alembic_version") == [("0002",)]


async def test_revisions_that_form_no_chain_are_refused(versions: Path, url: str) -> None:
    (versions / "0003.py").write_text(SECOND.replace('"0002"', '"0003"'))
    with pytest.raises(ValueError, match="one chain"):
        await _status(url)
