from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reads.bed import BEDS, POSTGRES_URL, Bed


@pytest.fixture(scope="package", params=BEDS)
def bed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    file: Path = tmp_path_factory.mktemp("compiled") / "compiled.sqlite3"
    found = Bed(f"sqlite+aiosqlite:///{file}" if request.param == "sqlite" else POSTGRES_URL)
    yield found
    found.close()


@pytest.fixture(scope="package")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    """For what has nothing to do with the dialect."""
    found = Bed(f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('compiled') / 'one.sqlite3'}")
    yield found
    found.close()
