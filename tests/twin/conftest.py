"""The worlds, told once a session for each database."""

import gc
from collections.abc import Iterator

import pytest

from app.core.memory import keep_what_is_loaded
from tests.bed.opening import Ground, Postgres, Sqlite
from tests.bed.stages import Prepared
from tests.twin.haunting import Haunted, haunted_by_secrets
from tests.twin.worlds import Twins, settled_twins


@pytest.fixture(scope="session")
def sqlite_twins(sqlite_server: Sqlite, sqlite_template: str, ground: Ground) -> Iterator[Twins]:
    with settled_twins(sqlite_server, sqlite_template, ground) as twins:
        yield twins


@pytest.fixture(scope="session")
def postgresql_twins(postgresql_server: Postgres, postgresql_template: str, ground: Ground) -> Iterator[Twins]:
    with settled_twins(postgresql_server, postgresql_template, ground) as twins:
        yield twins


@pytest.fixture(scope="session")
def sqlite_haunted(sqlite_server: Sqlite, sqlite_stages: Prepared, ground: Ground) -> Iterator[Haunted]:
    with haunted_by_secrets(sqlite_server, sqlite_stages, ground) as haunted:
        yield haunted


@pytest.fixture(scope="session")
def postgresql_haunted(postgresql_server: Postgres, postgresql_stages: Prepared, ground: Ground) -> Iterator[Haunted]:
    with haunted_by_secrets(postgresql_server, postgresql_stages, ground) as haunted:
        yield haunted


@pytest.fixture
def haunted(request: pytest.FixtureRequest, kind: str) -> Haunted:
    haunted: Haunted = request.getfixturevalue(f"{kind}_haunted")
    return haunted


@pytest.fixture
def twins(request: pytest.FixtureRequest, kind: str) -> Twins:
    twins: Twins = request.getfixturevalue(f"{kind}_twins")
    return twins


@pytest.fixture(autouse=True)
def still_heap() -> Iterator[None]:
    """What was built for all questions is not searched for garbage at each of them: that takes half of the time."""
    gc.freeze()
    yield
    gc.unfreeze()
    keep_what_is_loaded()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # when the first root field fails, graphql-core drops what the others have begun
    dropped = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
    for item in items:
        if "/twin/" in item.path.as_posix():
            item.add_marker(dropped)
